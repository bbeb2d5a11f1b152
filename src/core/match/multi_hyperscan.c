/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The door to Hyperscan.  It promises no order of its hits and may tell one twice (its manual,
 * "Semantics"), so hits are gathered and sorted.  A large buffer is scanned in parts: then what is
 * gathered stays small, and the caller's wish to stop takes effect early. */
#include "core/match/multi_hyperscan.h"

#include <errno.h>

#ifndef HAVE_HYPERSCAN

int hyperscan_new(struct hyperscan **out, const struct multi_literal *literal, size_t count,
                  struct err *e)
{
    (void)out, (void)literal, (void)count;
    return err_set(e, -ENOTSUP, "Hyperscan is not built in");
}

void hyperscan_free(struct hyperscan *h)
{
    (void)h;
}

struct hyperscan_scratch *hyperscan_scratch_new(const struct hyperscan *h)
{
    (void)h;
    return NULL;
}

void hyperscan_scratch_free(struct hyperscan_scratch *s)
{
    (void)s;
}

void hyperscan_scan(const struct hyperscan *h, struct hyperscan_scratch *s, const uint8_t *data,
                    size_t len, multi_hit_fn *hit, void *ctx)
{
    (void)h, (void)s, (void)data, (void)len, (void)hit, (void)ctx;
}

#else

#include <assert.h>
#include <stdlib.h>

#include <hs/hs.h>

#include "core/base/mem.h"

enum { PART = 32 << 10 };

struct hyperscan {
    const struct multi_literal *literal;
    size_t overlap; /* of two parts: what a literal may need of the part before */
    hs_database_t *database;
};

struct hyperscan_scratch {
    hs_scratch_t *hs;
    uint64_t *found; /* end << 32 | place of the literal: sorts as it shall be told */
    size_t count, capacity;
    bool is_sorted;
    size_t told_end; /* ends up to here, in the part, were told with the part before */
};

/* The arrays that the compiler of Hyperscan wants. */
static int compile(struct hyperscan *h, size_t count, struct err *e)
{
    const char **text = mem_zero(count * sizeof *text);
    size_t *len = mem_zero(count * sizeof *len);
    unsigned *flags = mem_zero(count * sizeof *flags), *id = mem_zero(count * sizeof *id);
    for (size_t i = 0; i < count; i++) {
        text[i] = h->literal[i].bytes;
        len[i] = h->literal[i].len;
        flags[i] = h->literal[i].caseless ? HS_FLAG_CASELESS : 0;
        id[i] = (unsigned)i;
        h->overlap = len[i] - 1 > h->overlap ? len[i] - 1 : h->overlap;
    }
    hs_compile_error_t *fault = NULL;
    hs_error_t rc = hs_compile_lit_multi(text, flags, id, len, (unsigned)count, HS_MODE_BLOCK, NULL,
                                         &h->database, &fault);
    if (rc != HS_SUCCESS)
        err_set(e, -EINVAL, "Hyperscan: %.200s", fault ? fault->message : "no memory");
    hs_free_compile_error(fault);
    mem_free(text);
    mem_free(len);
    mem_free(flags);
    mem_free(id);
    return rc == HS_SUCCESS ? 0 : e->code;
}

int hyperscan_new(struct hyperscan **out, const struct multi_literal *literal, size_t count,
                  struct err *e)
{
    if (hs_valid_platform() != HS_SUCCESS)
        return err_set(e, -ENOTSUP, "Hyperscan cannot run on this processor");
    struct hyperscan *h = mem_zero(sizeof *h);
    h->literal = literal;
    if (compile(h, count, e) != 0) {
        mem_free(h);
        return e->code;
    }
    *out = h;
    return 0;
}

void hyperscan_free(struct hyperscan *h)
{
    if (h)
        hs_free_database(h->database);
    mem_free(h);
}

struct hyperscan_scratch *hyperscan_scratch_new(const struct hyperscan *h)
{
    struct hyperscan_scratch *s = mem_zero(sizeof *s);
    if (hs_alloc_scratch(h->database, &s->hs) != HS_SUCCESS)
        mem_exhausted(sizeof *s);
    return s;
}

void hyperscan_scratch_free(struct hyperscan_scratch *s)
{
    if (!s)
        return;
    hs_free_scratch(s->hs);
    mem_free(s->found);
    mem_free(s);
}

static int gather(unsigned id, unsigned long long from, unsigned long long end, unsigned flags,
                  void *ctx)
{
    (void)from, (void)flags;
    struct hyperscan_scratch *s = ctx;
    if (end <= s->told_end)
        return 0;
    uint64_t hit = (uint64_t)end << 32 | id;
    s->is_sorted &= s->count == 0 || s->found[s->count - 1] < hit;
    MEM_GROW(s->found, s->count, s->capacity);
    s->found[s->count++] = hit;
    return 0;
}

static int compare(const void *a, const void *b)
{
    uint64_t left, right;
    left = *(const uint64_t *)a;
    right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

/* Tell what was gathered of the part that begins at `from`; false: the caller wants no more. */
static bool tell(const struct hyperscan *h, struct hyperscan_scratch *s, size_t from,
                 multi_hit_fn *hit, void *ctx)
{
    if (!s->is_sorted)
        qsort(s->found, s->count, sizeof *s->found, compare);
    for (size_t i = 0; i < s->count; i++) {
        if (i > 0 && s->found[i] == s->found[i - 1])
            continue;
        if (!hit(ctx, h->literal[(uint32_t)s->found[i]].id, from + (size_t)(s->found[i] >> 32)))
            return false;
    }
    return true;
}

void hyperscan_scan(const struct hyperscan *h, struct hyperscan_scratch *s, const uint8_t *data,
                    size_t len, multi_hit_fn *hit, void *ctx)
{
    for (size_t at = 0; at < len; at += PART) {
        size_t from = at > h->overlap ? at - h->overlap : 0;
        size_t to = len - at > PART ? at + PART : len;
        s->count = 0;
        s->is_sorted = true;
        s->told_end = at - from;
        hs_error_t rc = hs_scan(h->database, (const char *)data + from, (unsigned)(to - from), 0,
                                s->hs, gather, s);
        assert(rc == HS_SUCCESS); /* no other thread has this scratch, the database is whole */
        (void)rc;
        if (!tell(h, s, from, hit, ctx))
            return;
    }
}

#endif
