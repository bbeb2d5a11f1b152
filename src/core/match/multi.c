/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A set of literals: checked, copied, put into the order that its engine wants. */
#include "core/match/multi.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/match/automaton.h"
#include "core/match/multi_hyperscan.h"

/* One engine at most is there; none when there is no literal. */
struct multi {
    struct multi_literal *literal;
    uint8_t *bytes; /* of all of them */
    struct automaton *automaton;
    struct hyperscan *hyperscan;
};

struct multi_scratch {
    struct hyperscan_scratch *hyperscan; /* the automaton needs nothing but its state */
};

static int check(const struct multi_literal *literal, size_t count, size_t *out_bytes,
                 struct err *e)
{
    size_t bytes = 0;
    if (count > MULTI_COUNT_MAX)
        return err_set(e, -EFBIG, "over %d literals", MULTI_COUNT_MAX);
    for (size_t i = 0; i < count; i++) {
        if (literal[i].len == 0)
            return err_set(e, -EINVAL, "literal %zu is empty", i);
        if (literal[i].len > MULTI_LITERAL_MAX)
            return err_set(e, -EFBIG, "literal %zu is over %d bytes", i, MULTI_LITERAL_MAX);
        bytes += literal[i].len;
        if (bytes > MULTI_BYTES_MAX)
            return err_set(e, -EFBIG, "the literals are over %d bytes", MULTI_BYTES_MAX);
    }
    *out_bytes = bytes;
    return 0;
}

/* Pointers into the caller's array are sorted, so that of equals the first given stays first. */
static int by_place(const struct multi_literal *a, const struct multi_literal *b)
{
    return (a > b) - (a < b);
}

static int by_text(const void *a, const void *b)
{
    const struct multi_literal *left = *(const struct multi_literal *const *)a;
    const struct multi_literal *right = *(const struct multi_literal *const *)b;
    int order = automaton_compare(left, right);
    return order ? order : by_place(left, right);
}

static int longest_first(const void *a, const void *b)
{
    const struct multi_literal *left = *(const struct multi_literal *const *)a;
    const struct multi_literal *right = *(const struct multi_literal *const *)b;
    int order = (left->len < right->len) - (left->len > right->len);
    return order ? order : by_place(left, right);
}

static struct multi *copy_sorted(const struct multi_literal *literal, size_t count, size_t bytes,
                                 int compare(const void *, const void *))
{
    struct multi *m = mem_zero(sizeof *m);
    const struct multi_literal **sorted = mem_zero(count * sizeof *sorted);
    for (size_t i = 0; i < count; i++)
        sorted[i] = &literal[i];
    qsort(sorted, count, sizeof *sorted, compare);
    m->literal = mem_zero(count * sizeof *m->literal);
    m->bytes = mem_zero(bytes);
    uint8_t *at = m->bytes;
    for (size_t i = 0; i < count; i++) {
        m->literal[i] = *sorted[i];
        m->literal[i].bytes = memcpy(at, sorted[i]->bytes, sorted[i]->len);
        at += sorted[i]->len;
    }
    mem_free(sorted);
    return m;
}

/* NULL: Hyperscan cannot, *e says why. */
static struct multi *with_hyperscan(const struct multi_literal *literal, size_t count, size_t bytes,
                                    struct err *e)
{
    struct multi *m = copy_sorted(literal, count, bytes, longest_first);
    if (hyperscan_new(&m->hyperscan, m->literal, count, e) == 0)
        return m;
    multi_free(m);
    return NULL;
}

static struct multi *with_automaton(const struct multi_literal *literal, size_t count, size_t bytes)
{
    struct multi *m = copy_sorted(literal, count, bytes, by_text);
    m->automaton = count > 0 ? automaton_new(m->literal, count) : NULL;
    return m;
}

int multi_compile(struct multi **out, const struct multi_literal *literal, size_t count,
                  enum multi_engine engine, struct err *e)
{
    size_t bytes = 0;
    if (check(literal, count, &bytes, e) != 0)
        return e->code;
    struct multi *m = NULL;
    if (engine != MULTI_AUTOMATON && count > 0) {
        m = with_hyperscan(literal, count, bytes, e);
        if (!m && engine == MULTI_HYPERSCAN)
            return e->code;
    }
    *out = m ? m : with_automaton(literal, count, bytes);
    return 0;
}

void multi_free(struct multi *m)
{
    if (!m)
        return;
    automaton_free(m->automaton);
    hyperscan_free(m->hyperscan);
    mem_free(m->literal);
    mem_free(m->bytes);
    mem_free(m);
}

struct multi_scratch *multi_scratch_new(const struct multi *m)
{
    struct multi_scratch *s = mem_zero(sizeof *s);
    s->hyperscan = m->hyperscan ? hyperscan_scratch_new(m->hyperscan) : NULL;
    return s;
}

void multi_scratch_free(struct multi_scratch *s)
{
    if (s)
        hyperscan_scratch_free(s->hyperscan);
    mem_free(s);
}

void multi_scan(const struct multi *m, struct multi_scratch *s, const void *data, size_t len,
                multi_hit_fn *hit, void *ctx)
{
    if (m->hyperscan)
        hyperscan_scan(m->hyperscan, s->hyperscan, data, len, hit, ctx);
    else if (m->automaton)
        automaton_scan(m->automaton, data, len, hit, ctx);
}
