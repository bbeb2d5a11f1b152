/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A trie of the literals, built level by level from their sorted array: a state is the run of
 * literals that begin alike, its children are numbered one after the other, and its own literals
 * stand at the front of the run.  So an edge costs one byte, and the next state is found by memchr
 * among the bytes of the children.  Case-sensitive literals are compared again when they are hit.
 */
#include "core/match/automaton.h"

#include <string.h>

#include "core/base/mem.h"

enum { ROOT = 0, BYTE_VALUES = 256 };

struct state {
    uint32_t child;    /* the first of its children */
    uint32_t fail;     /* the longest proper suffix of its text that is a state */
    uint32_t hit_link; /* the first state on the way of `fail` that has literals; ROOT: none */
    uint32_t literal;  /* the first of the literals that end here */
    uint32_t literal_count;
    uint16_t child_count;
};

struct automaton {
    const struct multi_literal *literal;
    size_t state_count;
    struct state *state;
    uint8_t *byte;                   /* of each state: the last of its text, without case */
    uint32_t root_next[BYTE_VALUES]; /* from the root, where most bytes of a packet lead back to */
    uint8_t without_case[BYTE_VALUES];
};

/* The literals of a state while the next level is built. */
struct run {
    uint32_t from, to;
};

struct builder {
    struct automaton *a;
    struct run *run;
    size_t state_capacity, byte_capacity, run_capacity;
};

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

int automaton_compare(const struct multi_literal *a, const struct multi_literal *b)
{
    const uint8_t *left = a->bytes, *right = b->bytes;
    size_t len = a->len < b->len ? a->len : b->len;
    for (size_t i = 0; i < len; i++)
        if (lower(left[i]) != lower(right[i]))
            return lower(left[i]) < lower(right[i]) ? -1 : 1;
    return (a->len > b->len) - (a->len < b->len);
}

static uint8_t byte_at(const struct automaton *a, uint32_t literal, size_t depth)
{
    return lower(((const uint8_t *)a->literal[literal].bytes)[depth]);
}

/* A new state for the literals from..to, whose texts are alike for `depth` bytes. */
static void add_state(struct builder *b, uint8_t byte, struct run run, size_t depth)
{
    struct automaton *a = b->a;
    struct state s = {.literal = run.from};
    while (run.from < run.to && a->literal[run.from].len == depth) {
        run.from++;
        s.literal_count++;
    }
    mem_grow(&a->state, a->state_count, &b->state_capacity, sizeof *a->state);
    mem_grow(&a->byte, a->state_count, &b->byte_capacity, sizeof *a->byte);
    mem_grow(&b->run, a->state_count, &b->run_capacity, sizeof *b->run);
    a->state[a->state_count] = s;
    a->byte[a->state_count] = byte;
    b->run[a->state_count++] = run;
}

/* The children of a state of this depth: one for each byte that its literals go on with. */
static void add_children(struct builder *b, uint32_t parent, size_t depth)
{
    struct automaton *a = b->a;
    struct run all = b->run[parent];
    size_t first = a->state_count;
    for (uint32_t from = all.from, to; from < all.to; from = to) {
        uint8_t byte = byte_at(a, from, depth);
        for (to = from + 1; to < all.to && byte_at(a, to, depth) == byte; to++)
            ;
        add_state(b, byte, (struct run){from, to}, depth + 1);
    }
    a->state[parent].child = (uint32_t)first;
    a->state[parent].child_count = (uint16_t)(a->state_count - first);
}

/* States are numbered level by level, so those of one depth are a range. */
static void add_levels(struct builder *b)
{
    size_t from = 0;
    for (size_t depth = 0; from < b->a->state_count; depth++) {
        size_t to = b->a->state_count;
        for (size_t s = from; s < to; s++)
            add_children(b, (uint32_t)s, depth);
        from = to;
    }
}

/* The child of `s` over `byte`, or ROOT. */
static uint32_t child_of(const struct automaton *a, uint32_t s, uint8_t byte)
{
    const struct state *state = &a->state[s];
    if (state->child_count == 0)
        return ROOT;
    const uint8_t *at = memchr(a->byte + state->child, byte, state->child_count);
    return at ? (uint32_t)(at - a->byte) : ROOT;
}

/* The state after `byte`: the longest suffix of what was read that is one. */
static uint32_t step(const struct automaton *a, uint32_t s, uint8_t byte)
{
    for (; s != ROOT; s = a->state[s].fail) {
        uint32_t next = child_of(a, s, byte);
        if (next != ROOT)
            return next;
    }
    return a->root_next[byte];
}

/* Parents come before children, and what a failure leads to is less deep, so it is done before. */
static void link_states(struct automaton *a)
{
    for (uint32_t i = 0; i < a->state[ROOT].child_count; i++)
        a->root_next[a->byte[a->state[ROOT].child + i]] = a->state[ROOT].child + i;
    for (uint32_t s = 0; s < a->state_count; s++) {
        const struct state *parent = &a->state[s];
        for (uint32_t c = parent->child; c < parent->child + parent->child_count; c++) {
            struct state *child = &a->state[c];
            child->fail = s == ROOT ? ROOT : step(a, parent->fail, a->byte[c]);
            const struct state *fail = &a->state[child->fail];
            child->hit_link = fail->literal_count ? child->fail : fail->hit_link;
        }
    }
}

struct automaton *automaton_new(const struct multi_literal *literal, size_t count)
{
    struct automaton *a = mem_zero(sizeof *a);
    struct builder b = {.a = a};
    a->literal = literal;
    for (unsigned c = 0; c < BYTE_VALUES; c++)
        a->without_case[c] = lower((uint8_t)c);
    add_state(&b, 0, (struct run){0, (uint32_t)count}, 0);
    add_levels(&b);
    link_states(a);
    mem_free(b.run);
    return a;
}

void automaton_free(struct automaton *a)
{
    if (!a)
        return;
    mem_free(a->state);
    mem_free(a->byte);
    mem_free(a);
}

/* Tell the literals that end in state `s` behind data[end - 1], and those that are suffixes of its
 * text: the longest first. */
static bool tell(const struct automaton *a, uint32_t s, const uint8_t *data, size_t end,
                 multi_hit_fn *hit, void *ctx)
{
    for (; s != ROOT; s = a->state[s].hit_link) {
        const struct multi_literal *l = a->literal + a->state[s].literal;
        for (uint32_t i = 0; i < a->state[s].literal_count; i++, l++) {
            bool same = l->caseless || memcmp(data + end - l->len, l->bytes, l->len) == 0;
            if (same && !hit(ctx, l->id, end))
                return false;
        }
    }
    return true;
}

void automaton_scan(const struct automaton *a, const uint8_t *data, size_t len, multi_hit_fn *hit,
                    void *ctx)
{
    uint32_t s = ROOT;
    for (size_t i = 0; i < len; i++) {
        s = step(a, s, a->without_case[data[i]]);
        if ((a->state[s].literal_count || a->state[s].hit_link) &&
            !tell(a, s, data, i + 1, hit, ctx))
            return;
    }
}
