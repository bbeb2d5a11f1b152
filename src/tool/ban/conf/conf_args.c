/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/conf/conf_args.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "core/base/str.h"

static const char *skip_blanks(const char *at)
{
    while (isspace((unsigned char)*at))
        at++;
    return at;
}

static size_t name_len(const char *at)
{
    size_t n = 0;
    while (isalnum((unsigned char)at[n]) || (at[n] && strchr("-_.", at[n])))
        n++;
    return n;
}

/* "name" or "name?family=inet6", as far as the '=' before the value; 0: no name. */
static size_t option_name_len(const char *at)
{
    size_t n = name_len(at), m;
    if (n && at[n] == '?') {
        m = name_len(at + n + 1);
        size_t v = m && at[n + 1 + m] == '=' ? name_len(at + n + 2 + m) : 0;
        n = v ? n + 2 + m + v : n;
    }
    return n && at[n] == '=' ? n : 0;
}

/* A value at `at`, quoted or up to a comma or ']'; *out_end is behind it. */
static void take_value(const char *at, const char **out_from, size_t *out_len, const char **out_end)
{
    const char *close = *at == '"' || *at == '\'' ? strchr(at + 1, *at) : NULL;
    if (close) {
        *out_from = at + 1;
        *out_len = (size_t)(close - at - 1);
        *out_end = close + 1;
    } else {
        *out_from = at;
        *out_len = strcspn(at, ",]");
        *out_end = at + *out_len;
    }
}

static const char *copy_stripped(struct arena *arena, const char *from, size_t len)
{
    while (len && isspace((unsigned char)from[0]))
        from++, len--;
    while (len && isspace((unsigned char)from[len - 1]))
        len--;
    return arena_copy(arena, from, len);
}

/* What may stand between two options: "," or "][".  NULL: neither. */
static const char *skip_separator(const char *at)
{
    if (*at == ',')
        return at + 1;
    if (*at == ']') {
        const char *next = skip_blanks(at + 1);
        return *next == '[' ? next + 1 : NULL;
    }
    return NULL;
}

/* The options in `text`, which is what stands between the outermost brackets. */
static int parse_options(const char *text, struct arena *arena, struct conf_opts *out,
                         struct err *e)
{
    const char *at = text;
    for (;;) {
        at = skip_blanks(at);
        const char *last = *at == ',' ? skip_blanks(at + 1) : at;
        if (!*last)
            return 0;
        size_t n = option_name_len(at);
        if (!n)
            return err_set(e, -EINVAL, "expected option=value at byte %zu: %.25s", at - text, at);
        const char *from, *end;
        size_t len;
        take_value(at + n + 1, &from, &len, &end);
        const char *next = *end ? skip_separator(end) : end;
        if (!next)
            return err_set(e, -EINVAL, "unexpected text at byte %zu, behind option %.*s: %.25s",
                           end - text, (int)n, at, end);
        conf_opts_set_text(out, arena, arena_copy(arena, at, n), copy_stripped(arena, from, len));
        at = next;
    }
}

int conf_args_parse(const char *text, struct arena *arena, const char **out_name,
                    struct conf_opts *out_opts, struct err *e)
{
    size_t len = strlen(text), name = strcspn(text, "[");
    while (len && isspace((unsigned char)text[len - 1]))
        len--;
    if (name == 0 || (name < len && text[len - 1] != ']') || !len)
        return err_set(e, -EINVAL, "not of the form name[option=value]: %.60s", text);
    *out_name = arena_copy(arena, text, name < len ? name : len);
    if (name >= len)
        return 0;
    const char *inner = arena_copy(arena, text + name + 1, len - name - 2);
    return parse_options(inner, arena, out_opts, e);
}

/* Behind the ']' that ends the options begun at `at` (their '['); NULL: they are not well formed.
 */
static const char *skip_options(const char *at)
{
    at = skip_blanks(at + 1);
    while (*at != ']') {
        size_t n = option_name_len(at), len;
        const char *from;
        if (!n)
            return NULL;
        take_value(at + n + 1, &from, &len, &at);
        at = skip_blanks(at);
        if (*at == ',')
            at = skip_blanks(at + 1);
        else if (*at == ']' && skip_separator(at))
            at = skip_blanks(skip_separator(at));
        else if (*at != ']')
            return NULL;
    }
    return at + 1;
}

void conf_args_split(const char *text, struct arena *arena, struct ban_list *out)
{
    for (const char *at = skip_blanks(text); *at; at = skip_blanks(at)) {
        const char *end = at;
        while (*end && *end != '[' && !isspace((unsigned char)*end))
            end++;
        const char *bracket = skip_blanks(end);
        const char *behind = end > at && *bracket == '[' ? skip_options(bracket) : NULL;
        if (behind && *behind && !isspace((unsigned char)*behind))
            behind = NULL;
        if (!behind && *end == '[')
            while (*end && !isspace((unsigned char)*end))
                end++;
        if (behind)
            end = behind;
        ban_list_add_text(out, arena, arena_copy(arena, at, (size_t)(end - at)));
        at = end;
    }
}

void conf_words(const char *text, struct arena *arena, struct ban_list *out)
{
    static const char between[] = ", \t\n\r\f\v";
    while (*(text += strspn(text, between))) {
        size_t n = strcspn(text, between);
        ban_list_add_text(out, arena, arena_copy(arena, text, n));
        text += n;
    }
}

/* One word of a shell line; *in_out is behind it. */
static int shell_word(const char **in_out, struct str *word, struct err *e)
{
    char quote = 0;
    const char *at = *in_out;
    for (; *at && (quote || !isspace((unsigned char)*at)); at++) {
        if (quote && *at == quote)
            quote = 0;
        else if (!quote && (*at == '"' || *at == '\''))
            quote = *at;
        else if (*at == '\\' && quote != '\'' && at[1] && (!quote || at[1] == '"' || at[1] == '\\'))
            str_add_char(word, *++at);
        else
            str_add_char(word, *at);
    }
    *in_out = at;
    return quote ? err_set(e, -EINVAL, "a %c is not closed", quote) : 0;
}

int conf_shell_words(const char *text, struct arena *arena, struct ban_list *out, struct err *e)
{
    struct str word = str_of(0);
    int rc = 0;
    while (*(text = skip_blanks(text)) && rc == 0) {
        str_reset(&word);
        rc = shell_word(&text, &word, e);
        if (rc == 0)
            ban_list_add_text(out, arena, arena_copy(arena, str_text(&word), word.len));
    }
    str_done(&word);
    return rc;
}
