/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/conf/ban_value.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text/utf8.h"

struct ban_value ban_value_text(const char *text)
{
    return (struct ban_value){.kind = text ? BAN_VALUE_TEXT : BAN_VALUE_NONE, .text = text};
}

struct ban_value ban_value_int(int64_t number)
{
    return (struct ban_value){.kind = BAN_VALUE_INT, .number = number};
}

struct ban_value ban_value_real(double real)
{
    return (struct ban_value){.kind = BAN_VALUE_REAL, .real = real};
}

struct ban_value ban_value_bool(bool yes)
{
    return (struct ban_value){.kind = BAN_VALUE_BOOL, .number = yes};
}

struct ban_value ban_value_list(struct arena *arena)
{
    return (struct ban_value){.kind = BAN_VALUE_LIST,
                              .list = arena_take(arena, sizeof(struct ban_list))};
}

struct ban_value ban_value_map(struct arena *arena)
{
    return (struct ban_value){.kind = BAN_VALUE_MAP,
                              .list = arena_take(arena, sizeof(struct ban_list))};
}

void ban_list_add(struct ban_list *list, struct arena *arena, struct ban_value value)
{
    if (list->count == list->capacity) {
        size_t more = list->capacity ? 2 * list->capacity : 8;
        struct ban_value *item = arena_array(arena, more, sizeof *item);
        if (list->count)
            memcpy(item, list->item, list->count * sizeof *item);
        list->item = item;
        list->capacity = more;
    }
    list->item[list->count++] = value;
}

void ban_list_add_text(struct ban_list *list, struct arena *arena, const char *text)
{
    ban_list_add(list, arena, ban_value_text(text));
}

struct ban_value ban_value_words(struct arena *arena, const char *first, ...)
{
    struct ban_value v = ban_value_list(arena);
    va_list args;
    va_start(args, first);
    for (const char *word = first; word; word = va_arg(args, const char *))
        ban_list_add_text(v.list, arena, word);
    va_end(args);
    return v;
}

const char *ban_value_str(const struct ban_value *v, struct arena *arena)
{
    if (v->kind == BAN_VALUE_TEXT)
        return v->text;
    struct str s = str_of(0);
    ban_value_repr(v, &s);
    const char *text = arena_text(arena, str_text(&s));
    str_done(&s);
    return text;
}

struct ban_value ban_value_copy(const struct ban_value *v, struct arena *arena)
{
    struct ban_value copy = *v;
    if (v->kind == BAN_VALUE_TEXT)
        copy.text = arena_text(arena, v->text);
    if (v->kind != BAN_VALUE_LIST && v->kind != BAN_VALUE_MAP)
        return copy;
    copy.list = arena_take(arena, sizeof *copy.list);
    for (size_t i = 0; i < v->list->count; i++)
        ban_list_add(copy.list, arena, ban_value_copy(&v->list->item[i], arena));
    return copy;
}

/* ---- as Python prints it ---- */

void ban_real_repr(double real, struct str *out)
{
    char text[40];
    if (isnan(real) || isinf(real)) {
        str_add(out, isnan(real) ? "nan" : real < 0 ? "-inf" : "inf");
        return;
    }
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, real);
        if (strtod(text, NULL) == real)
            break;
    }
    /* %g takes to exponents where Python does not yet (1e16) */
    if (strchr(text, 'e') && fabs(real) >= 1 && fabs(real) < 1e16)
        snprintf(text, sizeof text, "%.0f", real);
    str_add(out, text);
    if (!strpbrk(text, ".e"))
        str_add(out, ".0");
}

/* What Python calls printable goes out as it is; here that is all but controls, separators other
 * than the blank, and the planes' last code points. */
static bool is_plain(uint32_t code)
{
    static const struct {
        uint32_t first, last;
    } hidden[] = {{0, 0x1f},          {0x7f, 0xa0},     {0xad, 0xad},     {0x1680, 0x1680},
                  {0x2000, 0x200f},   {0x2028, 0x202f}, {0x205f, 0x206f}, {0x3000, 0x3000},
                  {0xd800, 0xf8ff},   {0xfeff, 0xfeff}, {0xfff0, 0xfffb}, {0xfffe, 0xffff},
                  {0xe0000, 0x10ffff}};
    for (size_t i = 0; i < ARRAY_COUNT(hidden); i++)
        if (code >= hidden[i].first && code <= hidden[i].last)
            return false;
    return true;
}

static void repr_code(uint32_t code, char quote, const char *bytes, size_t len, struct str *out)
{
    if (code == '\\' || code == (uint8_t)quote)
        str_addf(out, "\\%c", (int)code);
    else if (code == '\n' || code == '\r' || code == '\t')
        str_add(out, code == '\n' ? "\\n" : code == '\r' ? "\\r" : "\\t");
    else if (is_plain(code))
        str_add_len(out, bytes, len);
    else
        str_addf(out, code < 0x100 ? "\\x%02x" : code < 0x10000 ? "\\u%04x" : "\\U%08x", code);
}

void ban_text_repr(const char *text, size_t len, struct str *out)
{
    char quote = memchr(text, '\'', len) && !memchr(text, '"', len) ? '"' : '\'';
    str_add_char(out, quote);
    for (size_t at = 0; at < len;) {
        uint32_t code;
        size_t n = utf8_decode(text + at, len - at, &code);
        if (n)
            repr_code(code, quote, text + at, n, out);
        else /* a byte that is no text: as Python shows what it could not decode */
            str_addf(out, "\\udc%02x", (uint8_t)text[at]);
        at += n ? n : 1;
    }
    str_add_char(out, quote);
}

static void repr_list(const struct ban_value *v, struct str *out)
{
    bool is_map = v->kind == BAN_VALUE_MAP;
    str_add_char(out, is_map ? '{' : '[');
    for (size_t i = 0; i < v->list->count; i++) {
        if (i)
            str_add(out, is_map && i % 2 ? ": " : ", ");
        ban_value_repr(&v->list->item[i], out);
    }
    str_add_char(out, is_map ? '}' : ']');
}

void ban_value_repr(const struct ban_value *v, struct str *out)
{
    switch (v->kind) {
    case BAN_VALUE_NONE:
        str_add(out, "None");
        break;
    case BAN_VALUE_TEXT:
        ban_text_repr(v->text, strlen(v->text), out);
        break;
    case BAN_VALUE_INT:
        str_addf(out, "%lld", (long long)v->number);
        break;
    case BAN_VALUE_REAL:
        ban_real_repr(v->real, out);
        break;
    case BAN_VALUE_BOOL:
        str_add(out, v->number ? "True" : "False");
        break;
    case BAN_VALUE_LIST:
    case BAN_VALUE_MAP:
        repr_list(v, out);
        break;
    }
}

static void json_list(const struct ban_value *v, struct json_out *j, const char *key)
{
    const struct ban_list *list = v->list;
    if (v->kind == BAN_VALUE_LIST) {
        json_array(j, key);
        for (size_t i = 0; i < list->count; i++)
            ban_value_json(&list->item[i], j, NULL);
    } else {
        json_object(j, key);
        for (size_t i = 0; i + 1 < list->count; i += 2)
            ban_value_json(&list->item[i + 1], j,
                           list->item[i].kind == BAN_VALUE_TEXT ? list->item[i].text : "");
    }
    json_end(j);
}

void ban_value_json(const struct ban_value *v, struct json_out *j, const char *key)
{
    switch (v->kind) {
    case BAN_VALUE_NONE:
        json_null(j, key);
        break;
    case BAN_VALUE_TEXT:
        json_text(j, key, v->text);
        break;
    case BAN_VALUE_INT:
        json_i64(j, key, v->number);
        break;
    case BAN_VALUE_REAL: {
        struct str s = str_of(0);
        ban_real_repr(v->real, &s);
        json_raw(j, key, isfinite(v->real) ? str_text(&s) : "null");
        str_done(&s);
        break;
    }
    case BAN_VALUE_BOOL:
        json_bool(j, key, v->number);
        break;
    case BAN_VALUE_LIST:
    case BAN_VALUE_MAP:
        json_list(v, j, key);
        break;
    }
}
