/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/server/native.h"

#include <ctype.h>
#include <string.h>

#include "core/base/str.h"

/* The next word of a command; false: there is none, or it is too long. */
static bool next_word(const char **at, char *to, size_t size)
{
    while (**at == ' ' || **at == '\t')
        (*at)++;
    size_t n = strcspn(*at, " \t");
    if (!n || n >= size)
        return false;
    memcpy(to, *at, n);
    to[n] = '\0';
    *at += n;
    return true;
}

static bool take(const char **at, const char *word)
{
    char text[16];
    const char *before = *at;
    if (next_word(at, text, sizeof text) && strcmp(text, word) == 0)
        return true;
    *at = before;
    return false;
}

static bool is_name(const char *text)
{
    for (; *text; text++)
        if (!isalnum((unsigned char)*text) && !strchr("-_./", *text))
            return false;
    return true;
}

bool native_parse(struct native_call *out, const char *command)
{
    struct native_call c = {.is_add = false};
    char who[CIDR_TEXT_MAX];
    struct err ignored = {0};
    if (strpbrk(command, "\n;&|`$()'\"<>") || !take(&command, "nft"))
        return false;
    c.is_add = take(&command, "add");
    if (!c.is_add && !take(&command, "delete"))
        return false;
    if (!take(&command, "element") || !take(&command, "inet") ||
        !next_word(&command, c.table, sizeof c.table) ||
        !next_word(&command, c.set, sizeof c.set) || !take(&command, "\\{") ||
        !next_word(&command, who, sizeof who) || !take(&command, "\\}"))
        return false;
    if (command[strspn(command, " \t")] || !is_name(c.table) || !is_name(c.set) ||
        cidr_parse(&c.who, who, &ignored) < 0)
        return false;
    *out = c;
    return true;
}

enum { TEMPLATE_MAX = 4096 };

bool native_fits(const char *actionban)
{
    struct native_call ignored;
    const char *tag = strstr(actionban, "<ip>");
    struct str text = str_of(TEMPLATE_MAX);
    if (tag)
        str_addf(&text, "%.*s192.0.2.1%s", (int)(tag - actionban), actionban, tag + strlen("<ip>"));
    bool fits = tag && native_parse(&ignored, str_text(&text));
    str_done(&text);
    return fits;
}
