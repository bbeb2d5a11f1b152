/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/service/gram.h"

#include <string.h>

enum { RUN_MAX = 64 };

static uint8_t fold(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

static uint16_t gram_of(const uint8_t *at)
{
    uint32_t bytes = (uint32_t)fold(at[0]) << 16 | (uint32_t)fold(at[1]) << 8 | fold(at[2]);
    return (uint16_t)(bytes * 2654435761U >> (32 - GRAM_BITS)); /* Knuth's multiplicative hash */
}

void gram_set_clear(struct gram_set *set)
{
    memset(set, 0, sizeof *set);
}

void gram_set_add(struct gram_set *set, const void *data, size_t len)
{
    const uint8_t *at = data;
    for (; len >= GRAM_LEN; at++, len--) {
        uint16_t gram = gram_of(at);
        set->word[gram / 64] |= 1ULL << gram % 64;
    }
}

/* ---- reading a pattern ---- */

struct reader {
    const uint8_t *pos, *end;
    uint8_t run[RUN_MAX]; /* literal bytes that stand side by side in every match */
    size_t run_len;
    struct gram_key key;
    bool hopeless; /* nothing can be promised: an alternative at the top, or unknown syntax */
};

/* The run has ended.  Long runs say most, but all lines of a family begin with the same words: take
 * the grams from both ends. */
static void end_run(struct reader *r)
{
    size_t grams = r->run_len >= GRAM_LEN ? r->run_len - GRAM_LEN + 1 : 0;
    size_t wanted = grams < 3 ? grams : 3;
    for (size_t i = 0; i < wanted && r->key.count < GRAM_KEY_MAX; i++) {
        size_t at = wanted > 1 ? (grams - 1) * i / (wanted - 1) : 0;
        r->key.gram[r->key.count++] = gram_of(r->run + at);
    }
    r->run_len = 0;
}

static void add_byte(struct reader *r, uint8_t c)
{
    if (r->run_len == RUN_MAX)
        end_run(r);
    r->run[r->run_len++] = c;
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = fold(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Behind "\x".  PCRE takes up to two digits; "\x{...}" is left alone. */
static void read_hex(struct reader *r)
{
    int value = 0, digits = 0;
    if (r->pos < r->end && *r->pos == '{') {
        r->hopeless = true;
        return;
    }
    for (; digits < 2 && r->pos < r->end && hex_digit(*r->pos) >= 0; digits++)
        value = value * 16 + hex_digit(*r->pos++);
    add_byte(r, (uint8_t)value);
}

/* Behind "\0": up to two more octal digits. */
static void read_octal(struct reader *r)
{
    int value = 0;
    for (int i = 0; i < 2 && r->pos < r->end && *r->pos >= '0' && *r->pos <= '7'; i++)
        value = value * 8 + (*r->pos++ - '0');
    add_byte(r, (uint8_t)value);
}

static void read_escape(struct reader *r)
{
    static const char simple[] = "n\nr\rt\tf\fa\ae\x1b";
    if (r->pos == r->end)
        return;
    uint8_t c = *r->pos++;
    const char *found = memchr(simple, c, sizeof simple - 1);
    if (found && (found - simple) % 2 == 0)
        add_byte(r, (uint8_t)found[1]);
    else if (c == 'x')
        read_hex(r);
    else if (c == '0')
        read_octal(r);
    else if (strchr("dDwWsSbBAZzGhHvVRXN", c) || (c >= '1' && c <= '9'))
        end_run(r);
    else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
        r->hopeless = true; /* \Q, \p, \K, \g and whatever else */
    else
        add_byte(r, c);
}

/* At "[:alpha:]" inside a class: its length; 0: it is none. */
static size_t named_class(const struct reader *r)
{
    const uint8_t *at = r->pos + 1;
    if (at >= r->end || !strchr(":.=", *at) || !*at)
        return 0;
    uint8_t sign = *at++;
    while (at < r->end && (*at == '^' || (fold(*at) >= 'a' && fold(*at) <= 'z')))
        at++;
    bool ends = r->end - at >= 2 && at[0] == sign && at[1] == ']';
    return ends ? (size_t)(at + 2 - r->pos) : 0;
}

/* Behind "[". */
static void skip_class(struct reader *r)
{
    if (r->pos < r->end && *r->pos == '^')
        r->pos++;
    if (r->pos < r->end && *r->pos == ']')
        r->pos++;
    while (r->pos < r->end && *r->pos != ']') {
        size_t named = *r->pos == '[' ? named_class(r) : 0;
        if (*r->pos == '\\' && r->end - r->pos > 1) {
            r->hopeless |= r->pos[1] == 'Q'; /* up to \E a bracket is no end */
            named = 2;
        }
        r->pos += named ? named : 1;
    }
    if (r->pos < r->end)
        r->pos++;
}

/* Behind "(": all of the group, whatever is in it.  A group that sets options for what follows may
 * turn on free spacing: nothing is promised then. */
static void skip_group(struct reader *r)
{
    unsigned depth = 1;
    if (r->pos + 1 < r->end && *r->pos == '?' && !strchr(":=!<>#P", r->pos[1])) {
        const uint8_t *close = memchr(r->pos, ')', (size_t)(r->end - r->pos));
        r->hopeless |= close && memchr(r->pos, 'x', (size_t)(close - r->pos));
    }
    while (r->pos < r->end && depth) {
        uint8_t c = *r->pos++;
        if (c == '\\' && r->pos < r->end)
            r->pos++;
        else if (c == '[')
            skip_class(r);
        else if (c == '(')
            depth++;
        else if (c == ')')
            depth--;
    }
}

/* "*", "?" or "{...}": the last thing may be missing.  "+": it may stand there again. */
static void read_quantifier(struct reader *r, uint8_t c)
{
    if (c != '+' && r->run_len)
        r->run_len--;
    end_run(r);
    if (c == '{') {
        const uint8_t *close = memchr(r->pos, '}', (size_t)(r->end - r->pos));
        r->pos = close ? close + 1 : r->end;
    }
}

/* "{2}", "{2,}" or "{2,5}" behind its "{"; any other brace is a literal. */
static bool is_bound(const struct reader *r)
{
    const uint8_t *at = r->pos;
    while (at < r->end && *at >= '0' && *at <= '9')
        at++;
    if (at == r->pos)
        return false;
    if (at < r->end && *at == ',')
        at++;
    while (at < r->end && *at >= '0' && *at <= '9')
        at++;
    return at < r->end && *at == '}';
}

static void read_one(struct reader *r)
{
    uint8_t c = *r->pos++;
    if (c == '\\') {
        read_escape(r);
    } else if (c == '[') {
        end_run(r);
        skip_class(r);
    } else if (c == '(') {
        end_run(r);
        skip_group(r);
    } else if (c == '*' || c == '?' || c == '+' || (c == '{' && is_bound(r))) {
        read_quantifier(r, c);
    } else if (c == '.' || c == '^' || c == '$') {
        end_run(r);
    } else if (c == '|') {
        r->hopeless = true;
    } else {
        add_byte(r, c);
    }
}

struct gram_key gram_key_of(const char *pattern, size_t len)
{
    struct reader r = {.pos = (const uint8_t *)pattern};
    r.end = r.pos + len;
    while (r.pos < r.end && !r.hopeless)
        read_one(&r);
    end_run(&r);
    return r.hopeless ? (struct gram_key){0} : r.key;
}
