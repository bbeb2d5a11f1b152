/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts.  Sizes are bytes; what is no text has the size 0 here, as in the peer. */
#include <ctype.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/mem.h"
#include "core/text/glob.h"
#include "tool/nasl/builtin.h"
#include "tool/nasl/array.h"
#include "tool/nasl/vm.h"

enum { RAW_STRING_MAX = 32768 };

static int hex_value(char c)
{
    return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

/* Expand the escapes of a pure string; `strict`: string(), which complains of those it drops. */
static void expand(struct nasl_call *c, struct str *out, const char *text, size_t len, bool strict)
{
    static const char from[] = "ntr\\", to[] = "\n\t\r\\";
    for (const char *p = text, *end = text + len; p < end; p++) {
        if (*p != '\\' || p + 1 >= end) {
            str_add_char(out, *p);
            continue;
        }
        const char *known = memchr(from, *++p, sizeof from - 1);
        if (known) {
            str_add_char(out, to[known - from]);
        } else if (*p == 'x' && end - p > 2 && isxdigit((unsigned char)p[1]) &&
                   isxdigit((unsigned char)p[2])) {
            str_add_char(out, (char)(hex_value(p[1]) * 16 + hex_value(p[2])));
            p += 2;
        } else if (strict) {
            nasl_complain(c, "an unknown escape sequence is left out");
        }
    }
}

static void join(struct nasl_call *c, struct str *out)
{
    struct str room = str_of(0);
    size_t len;
    for (uint32_t i = 0; i < c->count; i++) {
        const char *text = nasl_arg_text(&c->arg[i], &room, &len);
        if (!text)
            continue;
        if (c->arg[i].type == NASL_STRING)
            expand(c, out, text, len, true);
        else
            str_add_len(out, text, len);
    }
    str_done(&room);
}

static struct nasl_value do_string(struct nasl_call *c)
{
    struct str out = str_of(NASL_STRING_MAX);
    join(c, &out);
    return nasl_data_str(c, &out);
}

static struct nasl_value do_display(struct nasl_call *c)
{
    struct nasl_host *h = nasl_vm_host(c->vm);
    struct str out = str_of(NASL_STRING_MAX);
    join(c, &out);
    for (size_t i = 0; i < out.len; i++) /* plain ASCII, whatever the locale */
        if ((out.text[i] < ' ' || out.text[i] > '~') && !strchr("\t\n\v\f\r", out.text[i]))
            out.text[i] = '.';
        else if (out.text[i] == '\0')
            out.text[i] = '.';
    if (h->display)
        h->display(h->ctx, str_text(&out), out.len);
    int64_t len = (int64_t)out.len;
    str_done(&out);
    return nasl_int(len);
}

static struct nasl_value do_raw_string(struct nasl_call *c)
{
    struct str out = str_of(RAW_STRING_MAX), room = str_of(0);
    size_t len;
    for (uint32_t i = 0; i < c->count; i++) {
        const struct nasl_value *v = &c->arg[i];
        if (v->type == NASL_INT) {
            str_add_char(&out, (char)v->number);
            continue;
        }
        const char *text = nasl_arg_text(v, &room, &len);
        if (text && v->type == NASL_STRING)
            expand(c, &out, text, len, false);
        else if (text)
            str_add_len(&out, text, len);
    }
    if (out.full)
        nasl_complain(c, "more than %d bytes", RAW_STRING_MAX);
    str_done(&room);
    return nasl_data_str(c, &out);
}

static struct nasl_value do_strcat(struct nasl_call *c)
{
    struct str out = str_of(NASL_STRING_MAX), room = str_of(0);
    size_t len;
    for (uint32_t i = 0; i < c->count; i++) {
        const char *text = nasl_arg_text(&c->arg[i], &room, &len);
        if (text)
            str_add_len(&out, text, len);
    }
    str_done(&room);
    return nasl_data_str(c, &out);
}

static struct nasl_value do_strlen(struct nasl_call *c)
{
    return nasl_int((int64_t)nasl_arg_size(nasl_arg(c, 0)));
}

static struct nasl_value do_ord(struct nasl_call *c)
{
    struct str room = str_of(0);
    const char *text = nasl_arg_text(nasl_arg(c, 0), &room, NULL);
    struct nasl_value v = text ? nasl_int((unsigned char)text[0]) : nasl_undef();
    str_done(&room);
    return v;
}

static struct nasl_value do_hex(struct nasl_call *c)
{
    int32_t number = (int32_t)nasl_arg_int(nasl_arg(c, 0), -1);
    struct str out = str_of(0);
    if (number == -1)
        return nasl_undef();
    str_addf(&out, "0x%02x", (unsigned)(uint8_t)number);
    struct nasl_value v = nasl_text(nasl_call_heap(c), NASL_STRING, str_text(&out), out.len);
    str_done(&out);
    return v;
}

static struct nasl_value do_hexstr(struct nasl_call *c)
{
    static const char digit[] = "0123456789abcdef";
    const struct nasl_value *v = nasl_arg(c, 0);
    size_t len = nasl_arg_size(v);
    if (v->type == NASL_UNDEF)
        return nasl_undef();
    struct nasl_string *s = nasl_string_new(nasl_call_heap(c), len * 2);
    if (!s)
        return nasl_undef();
    for (size_t i = 0; i < len; i++) {
        s->text[2 * i] = digit[(unsigned char)v->string->text[i] >> 4];
        s->text[2 * i + 1] = digit[(unsigned char)v->string->text[i] & 15];
    }
    return (struct nasl_value){.type = NASL_STRING, .string = s};
}

static struct nasl_value change_case(struct nasl_call *c, int (*change)(int))
{
    const struct nasl_value *v = nasl_arg(c, 0);
    if (v->type == NASL_UNDEF)
        return nasl_undef();
    size_t len = nasl_arg_size(v);
    struct nasl_value out = nasl_data(c, len ? v->string->text : "", len);
    for (size_t i = 0; out.type == NASL_DATA && i < len; i++)
        if ((unsigned char)out.string->text[i] < 128)
            out.string->text[i] = (char)change((unsigned char)out.string->text[i]);
    return out;
}

static struct nasl_value do_tolower(struct nasl_call *c)
{
    return change_case(c, tolower);
}

static struct nasl_value do_toupper(struct nasl_call *c)
{
    return change_case(c, toupper);
}

static struct nasl_value do_substr(struct nasl_call *c)
{
    const struct nasl_value *v = nasl_arg(c, 0);
    int64_t size = (int64_t)nasl_arg_size(v);
    int64_t first = nasl_arg_int(nasl_arg(c, 1), -1);
    int64_t last = nasl_arg_int(nasl_arg(c, 2), INT32_MAX);
    if (last >= size)
        last = size - 1;
    if (v->type == NASL_UNDEF || first < 0) {
        nasl_complain(c, "substr(string, first [, last])");
        return nasl_undef();
    }
    bool empty = first > last || last < 0;
    return nasl_data(c, empty ? "" : v->string->text + first,
                     empty ? 0 : (size_t)(last - first + 1));
}

/* insstr(whole, part, first [, last]): the bytes first..last of whole give way to part. */
static struct nasl_value do_insstr(struct nasl_call *c)
{
    const struct nasl_value *whole = nasl_arg(c, 0), *part = nasl_arg(c, 1);
    int64_t size = (int64_t)nasl_arg_size(whole), first = nasl_arg_int(nasl_arg(c, 2), -1);
    int64_t last = nasl_arg_int(nasl_arg(c, 3), -1);
    if (last >= size || last == -1)
        last = size - 1;
    if (!nasl_is_text(whole) || part->type == NASL_UNDEF || first < 0 || last < 0 ||
        first >= size) {
        nasl_complain(c, "insstr(string, part, first [, last])");
        return nasl_undef();
    }
    if (first > last)
        nasl_complain(c, "the first index is greater than the second");
    struct str out = str_of(NASL_STRING_MAX);
    str_add_len(&out, whole->string->text, (size_t)first);
    if (nasl_is_text(part))
        str_add_len(&out, part->string->text, part->string->len);
    str_add_len(&out, whole->string->text + last + 1, (size_t)(size - 1 - last));
    return nasl_data_str(c, &out);
}

enum { MATCH_STRING, MATCH_PATTERN, MATCH_ICASE };

/* Only * and ? are special. */
static bool fits(const char *text, const char *pattern, bool any_case)
{
    const char *star = NULL, *from = NULL;
    while (*text) {
        bool same = any_case ? tolower((unsigned char)*text) == tolower((unsigned char)*pattern)
                             : *text == *pattern;
        if (*pattern == '*') {
            star = pattern++;
            from = text;
        } else if (*pattern && (same || *pattern == '?')) {
            text++;
            pattern++;
        } else if (star) {
            pattern = star + 1;
            text = ++from;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return !*pattern;
}

static struct nasl_value do_match(struct nasl_call *c)
{
    struct str room = str_of(0), room2 = str_of(0);
    const char *text = nasl_arg_text(nasl_named(c, MATCH_STRING), &room, NULL);
    const char *pattern = nasl_arg_text(nasl_named(c, MATCH_PATTERN), &room2, NULL);
    struct nasl_value v = nasl_undef();
    if (text && pattern)
        v = nasl_int(fits(text, pattern, nasl_arg_int(nasl_named(c, MATCH_ICASE), 0) != 0));
    else
        nasl_complain(c, "string and pattern are needed");
    str_done(&room);
    str_done(&room2);
    return v;
}

enum { SPLIT_SEP, SPLIT_KEEP };

static bool add_piece(struct nasl_call *c, struct nasl_value *list, int64_t *count,
                      const char *text, size_t len)
{
    struct nasl_value piece = nasl_data(c, text, len);
    return piece.type == NASL_DATA && nasl_array_put(list, (*count)++, piece);
}

static void split_lines(struct nasl_call *c, struct nasl_value *list, const char *text, size_t len,
                        bool keep)
{
    const char *end = text + len;
    int64_t count = 0;
    while (text < end) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *next = newline ? newline + 1 : end, *stop = newline ? newline : end;
        if (newline && stop > text && stop[-1] == '\r')
            stop--;
        if (!add_piece(c, list, &count, text, (size_t)((keep ? next : stop) - text)))
            return;
        text = next;
    }
}

static void split_at(struct nasl_call *c, struct nasl_value *list, const char *text, size_t len,
                     const struct nasl_string *sep, bool keep)
{
    const char *end = text + len;
    int64_t count = 0;
    while (text < end) {
        const char *at = memmem(text, (size_t)(end - text), sep->text, sep->len);
        const char *stop = at ? at + (keep ? sep->len : 0) : end;
        if (!add_piece(c, list, &count, text, (size_t)(stop - text)))
            return;
        text = at ? at + sep->len : end;
    }
}

static struct nasl_value do_split(struct nasl_call *c)
{
    struct str room = str_of(0);
    size_t len;
    const char *text = nasl_arg_text(nasl_arg(c, 0), &room, &len);
    const struct nasl_value *sep = nasl_named(c, SPLIT_SEP);
    bool keep = nasl_arg_int(nasl_named(c, SPLIT_KEEP), 1) != 0;
    struct nasl_value list = nasl_undef();
    if (sep->type != NASL_UNDEF && nasl_arg_size(sep) == 0)
        nasl_complain(c, "the separator is empty");
    else if (text && len)
        list = nasl_array_new(nasl_call_heap(c));
    if (list.type == NASL_ARRAY && sep->type == NASL_UNDEF)
        split_lines(c, &list, text, len, keep);
    else if (list.type == NASL_ARRAY)
        split_at(c, &list, text, len, sep->string, keep);
    str_done(&room);
    return list;
}

static struct nasl_value do_chomp(struct nasl_call *c)
{
    struct str room = str_of(0);
    const char *text = nasl_arg_text(nasl_arg(c, 0), &room, NULL);
    size_t len = text ? strlen(text) : 0;
    while (len && strchr(" \t\n\v\f\r", text[len - 1]))
        len--;
    struct nasl_value v = text ? nasl_data(c, text, len) : nasl_undef();
    str_done(&room);
    return v;
}

enum { CRAP_LENGTH, CRAP_DATA };

static struct nasl_value do_crap(struct nasl_call *c)
{
    const struct nasl_value *data = nasl_named(c, CRAP_DATA);
    int64_t named = nasl_arg_int(nasl_named(c, CRAP_LENGTH), -1);
    int64_t unnamed = nasl_arg_int(nasl_arg(c, 0), -1);
    int64_t len = named < 0 ? unnamed : named;
    if (len < 0 || (named >= 0 && unnamed >= 0)) {
        nasl_complain(c, "one length is needed");
        return nasl_undef();
    }
    if (len == 0)
        return nasl_undef();
    bool filled = data->type != NASL_UNDEF;
    size_t period = filled ? nasl_arg_size(data) : 1;
    if (!period) {
        nasl_complain(c, "the data is empty");
        return nasl_undef();
    }
    struct nasl_string *s = nasl_string_new(nasl_call_heap(c), (size_t)len);
    if (!s)
        return nasl_undef();
    const char *from = filled ? data->string->text : "X";
    for (size_t at = 0; at < (size_t)len; at += period)
        memcpy(s->text + at, from, period < (size_t)len - at ? period : (size_t)len - at);
    return (struct nasl_value){.type = NASL_DATA, .string = s};
}

static struct nasl_value do_strstr(struct nasl_call *c)
{
    const struct nasl_value *text = nasl_arg(c, 0), *find = nasl_arg(c, 1);
    if (!nasl_is_text(text) || !nasl_is_text(find))
        return nasl_undef();
    const char *at =
        memmem(text->string->text, text->string->len, find->string->text, find->string->len);
    if (!at)
        return nasl_undef();
    return nasl_data(c, at, text->string->len - (size_t)(at - text->string->text));
}

static struct nasl_value do_stridx(struct nasl_call *c)
{
    const struct nasl_value *text = nasl_arg(c, 0), *find = nasl_arg(c, 1);
    int64_t start = nasl_arg_int(nasl_arg(c, 2), 0), size = (int64_t)nasl_arg_size(text);
    if (text->type == NASL_UNDEF || find->type == NASL_UNDEF || start < 0 || start > size) {
        nasl_complain(c, "stridx(string, part [, start])");
        return nasl_int(-1);
    }
    if (start == size)
        return nasl_int(-1);
    const char *whole = text->string->text;
    const char *at = memmem(whole + start, (size_t)(size - start),
                            nasl_is_text(find) ? find->string->text : "", nasl_arg_size(find));
    return nasl_int(at ? at - whole : -1);
}

enum { REPLACE_STRING, REPLACE_FIND, REPLACE_REPLACE, REPLACE_COUNT };

static struct nasl_value do_str_replace(struct nasl_call *c)
{
    const struct nasl_value *text = nasl_named(c, REPLACE_STRING);
    const struct nasl_value *find = nasl_named(c, REPLACE_FIND);
    const struct nasl_value *with = nasl_named(c, REPLACE_REPLACE);
    int64_t left = nasl_arg_int(nasl_named(c, REPLACE_COUNT), 0);
    if (text->type == NASL_UNDEF || !nasl_arg_size(find)) {
        nasl_complain(c, "str_replace(string:, find:, replace: [, count:])");
        return nasl_undef();
    }
    struct str out = str_of(NASL_STRING_MAX);
    const char *p = nasl_is_text(text) ? text->string->text : "", *end = p + nasl_arg_size(text);
    bool all = left <= 0;
    for (const char *at; all || left > 0; p = at + find->string->len, left--) {
        at = memmem(p, (size_t)(end - p), find->string->text, find->string->len);
        if (!at)
            break;
        str_add_len(&out, p, (size_t)(at - p));
        if (nasl_is_text(with))
            str_add_len(&out, with->string->text, with->string->len);
    }
    str_add_len(&out, p, (size_t)(end - p));
    return nasl_data_str(c, &out);
}

static struct nasl_value do_int(struct nasl_call *c)
{
    return nasl_int(nasl_arg_int(nasl_arg(c, 0), 0));
}

static const struct nasl_builtin rows[] = {
    {"chomp", do_chomp, {0}, 0},
    {"crap", do_crap, {"length", "data"}, 0},
    {"display", do_display, {0}, 0},
    {"hex", do_hex, {0}, 0},
    {"hexstr", do_hexstr, {0}, 0},
    {"insstr", do_insstr, {0}, 0},
    {"int", do_int, {0}, 0},
    {"match", do_match, {"string", "pattern", "icase"}, 0},
    {"ord", do_ord, {0}, 0},
    {"raw_string", do_raw_string, {0}, 0},
    {"split", do_split, {"sep", "keep"}, 0},
    {"str_replace", do_str_replace, {"string", "find", "replace", "count"}, 0},
    {"strcat", do_strcat, {0}, 0},
    {"stridx", do_stridx, {0}, 0},
    {"string", do_string, {0}, 0},
    {"strlen", do_strlen, {0}, 0},
    {"strstr", do_strstr, {0}, 0},
    {"substr", do_substr, {0}, 0},
    {"tolower", do_tolower, {0}, 0},
    {"toupper", do_toupper, {0}, 0},
};

const struct nasl_family nasl_family_string = {"string", rows, ARRAY_COUNT(rows)};
