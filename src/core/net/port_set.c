/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ports as a bit each.  Names of services and the "T:" and "U:" of scan's -p are the scanner's. */
#include "core/net/port_set.h"

#include <errno.h>

#include "core/base/bytes.h"

enum { WORD_BITS = 64, WORD_COUNT = PORT_COUNT / WORD_BITS };

/* The bits of first..last that lie in word `i`; the word must hold some of them. */
static uint64_t mask_of(unsigned i, unsigned first, unsigned last)
{
    uint64_t mask = UINT64_MAX;
    if (i == first / WORD_BITS)
        mask &= UINT64_MAX << (first % WORD_BITS);
    if (i == last / WORD_BITS)
        mask &= UINT64_MAX >> (WORD_BITS - 1 - last % WORD_BITS);
    return mask;
}

void port_set_add_range(struct port_set *set, uint16_t first, uint16_t last)
{
    for (unsigned i = first / WORD_BITS; first <= last && i <= last / WORD_BITS; i++)
        set->word[i] |= mask_of(i, first, last);
}

void port_set_remove_range(struct port_set *set, uint16_t first, uint16_t last)
{
    for (unsigned i = first / WORD_BITS; first <= last && i <= last / WORD_BITS; i++)
        set->word[i] &= ~mask_of(i, first, last);
}

size_t port_set_count(const struct port_set *set)
{
    size_t count = 0;
    for (unsigned i = 0; i < WORD_COUNT; i++)
        count += (size_t)__builtin_popcountll(set->word[i]);
    return count;
}

void port_set_remove(struct port_set *set, const struct port_set *other)
{
    for (unsigned i = 0; i < WORD_COUNT; i++)
        set->word[i] &= ~other->word[i];
}

int port_set_next(const struct port_set *set, int from)
{
    if (from < 0)
        from = 0;
    if (from >= PORT_COUNT)
        return -1;
    unsigned i = (unsigned)from / WORD_BITS;
    uint64_t word = set->word[i] & UINT64_MAX << ((unsigned)from % WORD_BITS);
    while (word == 0 && ++i < WORD_COUNT)
        word = set->word[i];
    return word ? (int)(i * WORD_BITS + (unsigned)__builtin_ctzll(word)) : -1;
}

static uint8_t peek(const struct bytes_in *in)
{
    return bytes_left(in) ? *in->pos : 0;
}

static int fault(const struct bytes_in *in, const char *text, const char *why, struct err *e)
{
    return err_set(e, -EINVAL, "byte %zu of \"%.60s\": %s",
                   (size_t)(in->pos - (const uint8_t *)text), text, why);
}

static int read_port(struct bytes_in *in, const char *text, uint16_t *out, struct err *e)
{
    struct bytes_in start = *in;
    unsigned value = 0, digits = 0;
    for (uint8_t c; (c = peek(in)) >= '0' && c <= '9'; digits++) {
        value = value * 10 + (unsigned)(c - '0');
        if (value >= PORT_COUNT)
            return fault(&start, text, "a port is 0 to 65535", e);
        bytes_skip(in, 1);
    }
    if (digits == 0)
        return fault(in, text, "a port number is missing", e);
    *out = (uint16_t)value;
    return 0;
}

/* "N" or "N-M" */
static int read_range(struct bytes_in *in, const char *text, struct port_set *set, struct err *e)
{
    struct bytes_in start = *in;
    uint16_t first, last;
    if (read_port(in, text, &first, e) != 0)
        return e->code;
    last = first;
    if (peek(in) == '-') {
        bytes_skip(in, 1);
        if (read_port(in, text, &last, e) != 0)
            return e->code;
    }
    if (last < first)
        return fault(&start, text, "the range runs backwards", e);
    port_set_add_range(set, first, last);
    return 0;
}

int port_set_parse(struct port_set *set, const char *text, struct err *e)
{
    struct bytes_in in = bytes_in_of(text, strlen(text));
    struct port_set grown = *set;
    while (true) {
        if (read_range(&in, text, &grown, e) != 0)
            return e->code;
        if (bytes_left(&in) == 0)
            break;
        if (peek(&in) != ',')
            return fault(&in, text, "a comma or the end is due", e);
        bytes_skip(&in, 1);
    }
    *set = grown;
    return 0;
}

/* The end of the run of ports that begins at `first`. */
static int run_end(const struct port_set *set, int first)
{
    int last = first;
    while (last + 1 < PORT_COUNT && port_set_has(set, (uint16_t)(last + 1)))
        last++;
    return last;
}

void port_set_format(const struct port_set *set, struct str *out)
{
    const char *comma = "";
    for (int first = -1; (first = port_set_next(set, first + 1)) >= 0; comma = ",") {
        int last = run_end(set, first);
        str_add(out, comma);
        str_add_u64(out, (uint64_t)first);
        if (last > first) {
            str_add_char(out, '-');
            str_add_u64(out, (uint64_t)last);
        }
        first = last;
    }
}
