/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Speed is the point: a vulnerability tracker is one object of 60 MB.  The two inner loops (the end
 * of a text, the next mark behind blanks) go eight bytes a step. */
#include "core/text/json_reader.h"

#include <stdlib.h>
#include <string.h>

#include "core/text/utf8.h"

bool json_span_is(struct json_span s, const char *text)
{
    return strlen(text) == s.len && memcmp(s.text, text, s.len) == 0;
}

struct json_reader json_reader_of(const char *text, size_t len)
{
    struct json_reader j = {.start = text, .pos = text, .end = text + len};
    j.room = j.key_room = str_of(JSON_READ_TEXT_MAX);
    if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        j.pos += 3;
    return j;
}

void json_reader_done(struct json_reader *j)
{
    str_done(&j->room);
    str_done(&j->key_room);
}

/* From here on every call fails: the end is where the fault is. */
static bool fail(struct json_reader *j, const char *why)
{
    if (!j->why) {
        j->why = why;
        j->end = j->pos;
    }
    return false;
}

static inline bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static inline void skip_blanks(struct json_reader *j)
{
    static const uint64_t spaces = 0x2020202020202020;
    const char *p = j->pos, *end = j->end;
    while (p < end && is_blank(*p))
        if ((size_t)(end - p) > sizeof spaces && memcmp(p, &spaces, sizeof spaces) == 0)
            p += sizeof spaces;
        else
            p++;
    j->pos = p;
}

enum json_type json_peek(struct json_reader *j)
{
    skip_blanks(j);
    if (j->pos >= j->end) {
        fail(j, "the text ends before the document does");
        return JSON_BAD;
    }
    switch (*j->pos) {
    case '{':
        return JSON_OBJECT;
    case '[':
        return JSON_ARRAY;
    case '"':
        return JSON_TEXT;
    case 't':
    case 'f':
        return JSON_BOOL;
    case 'n':
        return JSON_NULL;
    default:
        break;
    }
    if (*j->pos == '-' || (*j->pos >= '0' && *j->pos <= '9'))
        return JSON_NUMBER;
    fail(j, "a value should stand here");
    return JSON_BAD;
}

static bool enter(struct json_reader *j)
{
    if (j->depth >= JSON_READ_DEPTH_MAX)
        return fail(j, "nested too deep");
    j->pos++;
    j->filled[j->depth / 64] &= ~(1ULL << j->depth % 64);
    j->depth++;
    return true;
}

bool json_enter_object(struct json_reader *j)
{
    if (json_peek(j) == JSON_OBJECT)
        return enter(j);
    json_skip(j);
    return false;
}

bool json_enter_array(struct json_reader *j)
{
    if (json_peek(j) == JSON_ARRAY)
        return enter(j);
    json_skip(j);
    return false;
}

/* To the next member of the innermost container; false: its end was passed, or a fault. */
static bool next_member(struct json_reader *j, char closing)
{
    skip_blanks(j);
    if (j->pos >= j->end)
        return fail(j, "the text ends before the document does");
    uint16_t level = (uint16_t)(j->depth - 1);
    uint64_t bit = 1ULL << level % 64;
    bool filled = j->filled[level / 64] & bit;
    if (*j->pos == closing) {
        j->pos++;
        j->depth--;
        return false;
    }
    if (filled && *j->pos != ',')
        return fail(j, "a comma or the end should stand here");
    if (filled) {
        j->pos++;
        skip_blanks(j);
        if (j->pos < j->end && *j->pos == closing)
            return fail(j, "a comma before the end");
    }
    j->filled[level / 64] |= bit;
    return true;
}

bool json_next_item(struct json_reader *j)
{
    return next_member(j, ']');
}

/* ---- texts ---- */

/* Is one of the eight bytes a quote, a backslash, a control character or no ASCII?  (The known
 * "has a zero byte" trick; a false alarm costs only the step byte by byte.) */
static inline bool has_special(uint64_t word)
{
    static const uint64_t ones = 0x0101010101010101, high = 0x8080808080808080;
    uint64_t quote = word ^ 0x2222222222222222, slash = word ^ 0x5c5c5c5c5c5c5c5c;
    uint64_t found =
        ((quote - ones) & ~quote) | ((slash - ones) & ~slash) | (word - 0x2020202020202020);
    return ((found | word) & high) != 0;
}

static inline const char *plain_end(const char *p, const char *end)
{
    for (uint64_t word; (size_t)(end - p) >= sizeof word; p += sizeof word) {
        memcpy(&word, p, sizeof word);
        if (has_special(word))
            break;
    }
    while (p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= 0x20 &&
           (unsigned char)*p < 0x80)
        p++;
    return p;
}

static int hex_value(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* The four digits behind "\u"; -1: there are none. */
static int32_t take_code(struct json_reader *j)
{
    if (j->end - j->pos < 4)
        return -1;
    int32_t code = 0;
    for (int i = 0; i < 4; i++) {
        int digit = hex_value(j->pos[i]);
        if (digit < 0)
            return -1;
        code = code << 4 | digit;
    }
    j->pos += 4;
    return code;
}

static bool take_unicode(struct json_reader *j, struct str *to)
{
    int32_t code = take_code(j);
    if (code < 0)
        return fail(j, "four hexadecimal digits should follow \\u");
    if (code >= 0xd800 && code < 0xdc00 && j->end - j->pos >= 6 && j->pos[0] == '\\' &&
        j->pos[1] == 'u') {
        const char *back = j->pos;
        j->pos += 2;
        int32_t low = take_code(j);
        if (low >= 0xdc00 && low < 0xe000)
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        else
            j->pos = back;
    }
    if (code >= 0xd800 && code < 0xe000)
        code = 0xfffd;
    char bytes[UTF8_LEN_MAX];
    str_add_len(to, bytes, utf8_encode((uint32_t)code, bytes));
    return true;
}

static bool take_escape(struct json_reader *j, struct str *to)
{
    static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
    if (j->end - j->pos < 2)
        return fail(j, "a text without its end");
    char c = j->pos[1];
    const char *at = c ? strchr(from, c) : NULL;
    if (!at && c != 'u')
        return fail(j, "no such escape");
    j->pos += 2;
    if (c == 'u')
        return take_unicode(j, to);
    str_add_char(to, into[at - from]);
    return true;
}

/* Over code points above ASCII. */
static bool skip_wide(struct json_reader *j)
{
    while (j->pos < j->end && (unsigned char)*j->pos >= 0x80) {
        uint32_t code;
        size_t len = utf8_decode(j->pos, (size_t)(j->end - j->pos), &code);
        if (len == 0)
            return fail(j, "a byte that is no UTF-8");
        j->pos += len;
    }
    return true;
}

/* The text whose opening quote is at pos.  `room` takes it when it holds escapes. */
static bool take_text(struct json_reader *j, struct str *room, struct json_span *out)
{
    const char *start = ++j->pos;
    bool in_room = false;
    str_reset(room);
    for (;;) {
        j->pos = plain_end(j->pos, j->end);
        if (j->pos >= j->end)
            return fail(j, "a text without its end");
        char c = *j->pos;
        if (c == '"')
            break;
        if ((unsigned char)c >= 0x80) {
            if (!skip_wide(j))
                return false;
        } else if (c == '\\') {
            in_room = true;
            str_add_len(room, start, (size_t)(j->pos - start));
            if (!take_escape(j, room))
                return false;
            start = j->pos;
        } else {
            return fail(j, "a control character inside a text");
        }
    }
    size_t len = (size_t)(j->pos - start);
    j->pos++;
    if (in_room)
        str_add_len(room, start, len);
    if (in_room && room->full)
        return fail(j, "a text that is too long");
    *out = in_room ? (struct json_span){str_text(room), room->len} : (struct json_span){start, len};
    return true;
}

bool json_next_key(struct json_reader *j, struct json_span *out)
{
    if (!next_member(j, '}'))
        return false;
    if (j->pos >= j->end || *j->pos != '"')
        return fail(j, "a key should stand here");
    if (!take_text(j, &j->key_room, out))
        return false;
    skip_blanks(j);
    if (j->pos >= j->end || *j->pos != ':')
        return fail(j, "a colon should follow the key");
    j->pos++;
    return true;
}

bool json_take_text(struct json_reader *j, struct json_span *out)
{
    if (json_peek(j) == JSON_TEXT)
        return take_text(j, &j->room, out);
    json_skip(j);
    return false;
}

/* ---- the rest ---- */

static const char *digits_end(const char *p, const char *end)
{
    while (p < end && *p >= '0' && *p <= '9')
        p++;
    return p;
}

static bool take_number(struct json_reader *j, struct json_span *out)
{
    const char *p = j->pos + (*j->pos == '-'), *end = j->end;
    const char *whole = digits_end(p, end);
    if (whole == p || (*p == '0' && whole > p + 1))
        return fail(j, "no number");
    p = whole;
    if (p < end && *p == '.') {
        const char *fraction = digits_end(p + 1, end);
        if (fraction == p + 1)
            return fail(j, "no number");
        p = fraction;
    }
    if (p < end && (*p == 'e' || *p == 'E')) {
        p += 1 + (p + 1 < end && (p[1] == '+' || p[1] == '-'));
        const char *exponent = digits_end(p, end);
        if (exponent == p)
            return fail(j, "no number");
        p = exponent;
    }
    *out = (struct json_span){j->pos, (size_t)(p - j->pos)};
    j->pos = p;
    return true;
}

bool json_take_number_text(struct json_reader *j, struct json_span *out)
{
    if (json_peek(j) == JSON_NUMBER)
        return take_number(j, out);
    json_skip(j);
    return false;
}

bool json_take_number(struct json_reader *j, double *out)
{
    struct json_span s;
    char text[64];
    if (!json_take_number_text(j, &s))
        return false;
    size_t len = s.len < sizeof text - 1 ? s.len : sizeof text - 1; /* more digits say nothing */
    memcpy(text, s.text, len);
    text[len] = '\0';
    *out = strtod(text, NULL);
    return true;
}

static bool take_word(struct json_reader *j, const char *word)
{
    size_t len = strlen(word);
    if ((size_t)(j->end - j->pos) < len || memcmp(j->pos, word, len) != 0)
        return fail(j, "no such word");
    j->pos += len;
    return true;
}

bool json_take_bool(struct json_reader *j, bool *out)
{
    if (json_peek(j) != JSON_BOOL) {
        json_skip(j);
        return false;
    }
    bool value = *j->pos == 't';
    if (!take_word(j, value ? "true" : "false"))
        return false;
    *out = value;
    return true;
}

static void skip_scalar(struct json_reader *j, enum json_type type)
{
    struct json_span s;
    if (type == JSON_TEXT)
        (void)take_text(j, &j->room, &s);
    else if (type == JSON_NUMBER)
        (void)take_number(j, &s);
    else if (type == JSON_BOOL)
        (void)take_word(j, *j->pos == 't' ? "true" : "false");
    else if (type == JSON_NULL)
        (void)take_word(j, "null");
}

void json_skip(struct json_reader *j)
{
    uint8_t is_object[JSON_READ_DEPTH_MAX];
    uint16_t outside = j->depth;
    struct json_span key;
    do {
        enum json_type type = json_peek(j);
        if (type == JSON_OBJECT || type == JSON_ARRAY) {
            if (!enter(j))
                return;
            is_object[j->depth - 1] = type == JSON_OBJECT;
        } else {
            skip_scalar(j, type);
        }
        /* close what ends here */
        while (j->depth > outside && !j->why)
            if (is_object[j->depth - 1] ? json_next_key(j, &key) : json_next_item(j))
                break;
    } while (j->depth > outside && !j->why);
}

bool json_at_end(struct json_reader *j)
{
    if (j->why)
        return false;
    skip_blanks(j);
    return j->depth == 0 && j->pos >= j->end ? true : fail(j, "something stands behind the end");
}

void json_reader_fault(const struct json_reader *j, struct str *out)
{
    size_t line = 1;
    const char *line_start = j->start;
    for (const char *p = j->start; p < j->pos; p++)
        if (*p == '\n') {
            line++;
            line_start = p + 1;
        }
    str_addf(out, "line %zu, column %zu: %s", line, (size_t)(j->pos - line_start) + 1,
             j->why ? j->why : "no fault");
}
