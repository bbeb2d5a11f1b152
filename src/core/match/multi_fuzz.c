/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Literals (flags and length, bytes) up to a length of 0, then the data: the automaton against a
 * search that is too simple to be wrong. */
#include <assert.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/match/multi.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LITERALS_MAX = 32, LEN_MAX = 31 };

struct check {
    const struct multi_literal *literal;
    size_t count;
    struct bytes_in data;
    size_t end, len, next; /* the hit looked at last: where, how long, its literal's place + 1 */
};

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

static bool ends_at(const struct multi_literal *l, const uint8_t *data, size_t end)
{
    const uint8_t *bytes = l->bytes;
    for (size_t i = 0; i < l->len; i++) {
        uint8_t have = l->len <= end ? data[end - l->len + i] : 0;
        if (l->len > end || (l->caseless ? lower(have) != lower(bytes[i]) : have != bytes[i]))
            return false;
    }
    return true;
}

/* Go on to the next hit there is; false behind the last. */
static bool find_next(struct check *c)
{
    for (; c->end <= bytes_left(&c->data); c->end++, c->len = LEN_MAX)
        for (; c->len > 0; c->len--, c->next = 0)
            while (c->next < c->count) {
                const struct multi_literal *l = &c->literal[c->next++];
                if (l->len == c->len && ends_at(l, c->data.pos, c->end))
                    return true;
            }
    return false;
}

static bool compare(void *ctx, uint32_t id, size_t end)
{
    struct check *c = ctx;
    assert(find_next(c));
    assert(c->end == end && c->literal[c->next - 1].id == id);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct multi_literal literal[LITERALS_MAX];
    struct bytes_in in = bytes_in_of(data, size);
    size_t count = 0;
    for (uint8_t head; count < LITERALS_MAX && (head = bytes_u8(&in)) % 32 > 0; count++) {
        size_t len = head % 32;
        const uint8_t *bytes = bytes_take(&in, len);
        if (!bytes)
            return 0;
        literal[count] = (struct multi_literal){bytes, len, head & 32, head / 64u};
    }
    if (bytes_left(&in) > 1024)
        return 0;
    struct multi *m = NULL;
    struct err e = {0};
    int rc = multi_compile(&m, literal, count, MULTI_AUTOMATON, &e);
    assert(rc == 0 && m);
    struct multi_scratch *s = multi_scratch_new(m);
    struct check c = {literal, count, in, 1, LEN_MAX, 0};
    multi_scan(m, s, in.pos, bytes_left(&in), compare, &c);
    assert(!find_next(&c));
    multi_scratch_free(s);
    multi_free(m);
    return 0;
}
