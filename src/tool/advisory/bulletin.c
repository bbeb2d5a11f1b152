/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/advisory/bulletin.h"

#include <string.h>

#include "core/text/date.h"

static size_t blanks(const char *at)
{
    return strspn(at, " \t");
}

static const char *next_line(const char *at)
{
    at += strcspn(at, "\n");
    return *at ? at + 1 : at;
}

static void add_trimmed(struct str *out, const char *at, size_t len)
{
    while (len && strchr(" \t\r", at[len - 1]))
        len--;
    str_add_len(out, at, len);
}

const char *bulletin_field(struct arena *arena, const char *text, const char *label, bool more)
{
    size_t label_len = strlen(label);
    for (const char *line = text; *line; line = next_line(line)) {
        const char *at = line + blanks(line);
        if (strncmp(at, label, label_len) != 0)
            continue;
        struct str value = str_of(0);
        at += label_len;
        at += blanks(at);
        add_trimmed(&value, at, strcspn(at, "\n"));
        for (line = next_line(line); more && (*line == ' ' || *line == '\t');
             line = next_line(line)) {
            at = line + blanks(line);
            if (*at == '\n' || *at == '\r' || !*at)
                break;
            str_add_char(&value, ' ');
            add_trimmed(&value, at, strcspn(at, "\n"));
        }
        const char *copy = arena_text(arena, str_text(&value));
        str_done(&value);
        return copy;
    }
    return NULL;
}

const char *bulletin_flat(struct arena *arena, const char *text)
{
    char *flat = arena_text(arena, text), *to = flat;
    for (const char *at = text; *at;) {
        size_t run = strspn(at, " \t\r\n");
        if (run && to > flat)
            *to++ = ' ';
        at += run;
        size_t word = strcspn(at, " \t\r\n");
        memcpy(to, at, word);
        to += word;
        at += word;
    }
    to -= to > flat && to[-1] == ' ';
    *to = '\0';
    return flat;
}

const char *bulletin_word(struct arena *arena, const char *at)
{
    size_t len = strcspn(at, " \t\r\n");
    while (len && strchr(".,;", at[len - 1]))
        len--;
    return arena_copy(arena, at, len);
}

const char *bulletin_day(struct arena *arena, const char *text)
{
    struct date date;
    if (!text || !date_parse_loose(&date, text))
        return NULL;
    return arena_copy(arena, date_text(&date).text, 10);
}
