/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/server/json_value.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    const char *at, *end, *start;
    struct arena *arena;
    unsigned depth;
    struct err *e;
};

static int fault(struct reader *r, const char *why)
{
    return err_set(r->e, -EINVAL, "JSON, byte %zu: %s", (size_t)(r->at - r->start), why);
}

static void skip_blanks(struct reader *r)
{
    while (r->at < r->end && memchr(" \t\r\n", *r->at, 4))
        r->at++;
}

static bool take(struct reader *r, char c)
{
    skip_blanks(r);
    if (r->at == r->end || *r->at != c)
        return false;
    r->at++;
    return true;
}

static int hex4(struct reader *r, uint32_t *out)
{
    uint32_t code = 0;
    for (int i = 0; i < 4; i++, r->at++) {
        if (r->at == r->end)
            return fault(r, "a cut escape");
        char c = *r->at, low = (char)(c | 0x20);
        if (c >= '0' && c <= '9')
            code = code << 4 | (uint32_t)(c - '0');
        else if (low >= 'a' && low <= 'f')
            code = code << 4 | (uint32_t)(low - 'a' + 10);
        else
            return fault(r, "no hexadecimal digit");
    }
    *out = code;
    return 0;
}

static void add_code(struct str *to, uint32_t code)
{
    if (code == 0) /* our texts end at a NUL */
        code = 0xfffd;
    if (code < 0x80) {
        str_add_char(to, (char)code);
    } else if (code < 0x800) {
        str_add_char(to, (char)(0xc0 | code >> 6));
        str_add_char(to, (char)(0x80 | (code & 0x3f)));
    } else {
        if (code < 0x10000) {
            str_add_char(to, (char)(0xe0 | code >> 12));
        } else {
            str_add_char(to, (char)(0xf0 | code >> 18));
            str_add_char(to, (char)(0x80 | (code >> 12 & 0x3f)));
        }
        str_add_char(to, (char)(0x80 | (code >> 6 & 0x3f)));
        str_add_char(to, (char)(0x80 | (code & 0x3f)));
    }
}

static int read_escape(struct reader *r, struct str *to)
{
    static const char letters[] = "\"\\/bfnrt", codes[] = "\"\\/\b\f\n\r\t";
    uint32_t code, low = 0;
    if (r->at == r->end)
        return fault(r, "a cut escape");
    char c = *r->at++;
    const char *known = c ? strchr(letters, c) : NULL;
    if (known) {
        str_add_char(to, codes[known - letters]);
        return 0;
    }
    if (c != 'u')
        return fault(r, "an unknown escape");
    int rc = hex4(r, &code);
    if (rc < 0)
        return rc;
    bool is_high = code >= 0xd800 && code < 0xdc00;
    if (is_high && r->end - r->at >= 6 && r->at[0] == '\\' && r->at[1] == 'u') {
        r->at += 2;
        rc = hex4(r, &low);
        if (rc < 0)
            return rc;
    }
    if (is_high && low >= 0xdc00 && low < 0xe000)
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    else if (code >= 0xd800 && code < 0xe000)
        code = 0xfffd;
    add_code(to, code);
    return 0;
}

static int read_text(struct reader *r, struct ban_value *out)
{
    struct str text = str_of(0);
    int rc = 0;
    while (rc == 0 && r->at < r->end && *r->at != '"') {
        if (*r->at == '\\') {
            r->at++;
            rc = read_escape(r, &text);
        } else if ((unsigned char)*r->at < 0x20) {
            rc = fault(r, "a control byte in a text");
        } else {
            str_add_char(&text, *r->at++);
        }
    }
    if (rc == 0 && r->at == r->end)
        rc = fault(r, "a text is not closed");
    if (rc == 0) {
        r->at++;
        *out = ban_value_text(arena_copy(r->arena, str_text(&text), text.len));
    }
    str_done(&text);
    return rc;
}

static int read_number(struct reader *r, struct ban_value *out)
{
    char text[64] = "", *end;
    size_t n = 0;
    while (r->at + n < r->end && n + 1 < sizeof text && memchr("+-.0123456789eE", r->at[n], 15)) {
        text[n] = r->at[n];
        n++;
    }
    bool whole = n && !strpbrk(text, ".eE");
    errno = 0;
    if (whole)
        *out = ban_value_int(strtoll(text, &end, 10));
    else
        *out = ban_value_real(strtod(text, &end));
    if (!n || *end || errno)
        return fault(r, "no value");
    r->at += n;
    return 0;
}

static bool take_word(struct reader *r, const char *word)
{
    size_t n = strlen(word);
    if ((size_t)(r->end - r->at) < n || memcmp(r->at, word, n) != 0)
        return false;
    r->at += n;
    return true;
}

static int read_value(struct reader *r, struct ban_value *out);

static int read_members(struct reader *r, struct ban_value *out, bool is_map)
{
    char close = is_map ? '}' : ']';
    *out = is_map ? ban_value_map(r->arena) : ban_value_list(r->arena);
    if (take(r, close))
        return 0;
    do {
        struct ban_value v;
        if (is_map) {
            int rc = take(r, '"') ? read_text(r, &v) : fault(r, "a member without a name");
            if (rc < 0)
                return rc;
            ban_list_add(out->list, r->arena, v);
            if (!take(r, ':'))
                return fault(r, "a name without a value");
        }
        int rc = read_value(r, &v);
        if (rc < 0)
            return rc;
        ban_list_add(out->list, r->arena, v);
    } while (take(r, ','));
    return take(r, close) ? 0 : fault(r, "neither ',' nor the end");
}

static int read_value(struct reader *r, struct ban_value *out)
{
    skip_blanks(r);
    if (r->at == r->end)
        return fault(r, "cut");
    char c = *r->at;
    if (c == '[' || c == '{') {
        r->at++;
        if (++r->depth > JSON_VALUE_DEPTH_MAX)
            return fault(r, "too deep");
        int rc = read_members(r, out, c == '{');
        r->depth--;
        return rc;
    }
    if (c == '"') {
        r->at++;
        return read_text(r, out);
    }
    if (take_word(r, "true") || take_word(r, "false")) {
        *out = ban_value_bool(c == 't');
        return 0;
    }
    if (take_word(r, "null")) {
        *out = (struct ban_value){0};
        return 0;
    }
    return read_number(r, out);
}

int json_value_parse(struct ban_value *out, const char *text, size_t len, struct arena *arena,
                     struct err *e)
{
    struct reader r = {.at = text, .start = text, .end = text + len, .arena = arena, .e = e};
    int rc = read_value(&r, out);
    if (rc < 0)
        return rc;
    skip_blanks(&r);
    return r.at == r.end ? 0 : fault(&r, "something behind the value");
}

const struct ban_value *ban_map_find(const struct ban_value *map, const char *name)
{
    for (size_t i = 0; map->kind == BAN_VALUE_MAP && i + 1 < map->list->count; i += 2)
        if (map->list->item[i].kind == BAN_VALUE_TEXT && strcmp(map->list->item[i].text, name) == 0)
            return &map->list->item[i + 1];
    return NULL;
}
