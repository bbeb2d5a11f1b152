/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON out, as RFC 8259 has it.  Reading JSON is another module's work. */
#include "core/text/json.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/text/escape.h"
#include "core/text/utf8.h"

struct json_out json_out_of(struct str *out)
{
    return (struct json_out){.out = out};
}

static const char *text_rule(uint32_t code, const uint8_t *byte, size_t len,
                             char room[ESCAPE_TEXT_MAX])
{
    (void)byte;
    if (len == 0)
        return utf8_replacement;
    switch (code) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    default:
        break;
    }
    /* U+2028 and U+2029 are line ends to JavaScript before 2019, and JSON lands in scripts */
    if (code >= 0x20 && code != 0x7f && code != 0x2028 && code != 0x2029)
        return NULL;
    snprintf(room, ESCAPE_TEXT_MAX, "\\u%04x", code);
    return room;
}

static void add_text(struct json_out *j, const char *text, size_t len)
{
    str_add_char(j->out, '"');
    escape_add(j->out, text, len, text_rule);
    str_add_char(j->out, '"');
}

static uint64_t level_bit(const struct json_out *j)
{
    return UINT64_C(1) << j->depth;
}

/* The comma, where one is due; a document is one value. */
static void add_comma(struct json_out *j)
{
    if (j->has_member & level_bit(j)) {
        assert(j->depth > 0);
        str_add_char(j->out, ',');
    }
    j->has_member |= level_bit(j);
}

static void begin_member(struct json_out *j, const char *key)
{
    assert((key != NULL) == ((j->is_object & level_bit(j)) != 0));
    add_comma(j);
    if (key) {
        add_text(j, key, strlen(key));
        str_add_char(j->out, ':');
    }
}

static void begin_level(struct json_out *j, const char *key, bool is_object)
{
    assert(j->depth < JSON_DEPTH_MAX);
    begin_member(j, key);
    str_add_char(j->out, is_object ? '{' : '[');
    j->depth++;
    j->has_member &= ~level_bit(j);
    j->is_object &= ~level_bit(j);
    j->is_object |= is_object ? level_bit(j) : 0;
}

void json_object(struct json_out *j, const char *key)
{
    begin_level(j, key, true);
}

void json_array(struct json_out *j, const char *key)
{
    begin_level(j, key, false);
}

void json_end(struct json_out *j)
{
    assert(j->depth > 0);
    str_add_char(j->out, j->is_object & level_bit(j) ? '}' : ']');
    j->depth--;
}

void json_text(struct json_out *j, const char *key, const char *value)
{
    if (value)
        json_text_len(j, key, value, strlen(value));
    else
        json_null(j, key);
}

void json_text_len(struct json_out *j, const char *key, const char *value, size_t len)
{
    begin_member(j, key);
    add_text(j, value, len);
}

void json_u64(struct json_out *j, const char *key, uint64_t value)
{
    begin_member(j, key);
    str_add_u64(j->out, value);
}

void json_i64(struct json_out *j, const char *key, int64_t value)
{
    begin_member(j, key);
    str_addf(j->out, "%" PRId64, value);
}

/* The program keeps the "C" locale (nobody calls setlocale), so the point is a point. */
void json_double(struct json_out *j, const char *key, double value, int decimals)
{
    if (!isfinite(value)) {
        json_null(j, key);
        return;
    }
    begin_member(j, key);
    str_addf(j->out, "%.*f", decimals, value);
}

void json_bool(struct json_out *j, const char *key, bool value)
{
    json_raw(j, key, value ? "true" : "false");
}

void json_null(struct json_out *j, const char *key)
{
    json_raw(j, key, "null");
}

void json_raw(struct json_out *j, const char *key, const char *json)
{
    begin_member(j, key);
    str_add(j->out, json);
}

void json_members(struct json_out *j, const char *object)
{
    static const char blanks[] = " \t\r\n";
    size_t len = strlen(object);
    assert(j->is_object & level_bit(j));
    assert(len >= 2 && object[0] == '{' && object[len - 1] == '}');
    const char *inner = object + 1;
    size_t inner_len = len - 2;
    if (strspn(inner, blanks) >= inner_len)
        return;
    add_comma(j);
    str_add_len(j->out, inner, inner_len);
}
