/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many literals at once: which of N byte strings occur in this buffer, and where do they end?
 * Hyperscan where it is built in, an Aho-Corasick automaton of our own where it is not; both give
 * the same answers (a test holds them so). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"

enum {
    MULTI_LITERAL_MAX = 4096,
    MULTI_COUNT_MAX = 1 << 20,
    MULTI_BYTES_MAX = 1 << 24, /* of all literals of a set together */
};

struct multi_literal {
    const void *bytes;
    size_t len;    /* 1 .. MULTI_LITERAL_MAX */
    bool caseless; /* ASCII letters only */
    uint32_t id;   /* told to the callback; need not be unique */
};

enum multi_engine { MULTI_ANY, MULTI_AUTOMATON, MULTI_HYPERSCAN };

struct multi;         /* compiled set: frozen, shared by threads */
struct multi_scratch; /* one a thread */

/* The literals are copied.  MULTI_ANY takes Hyperscan where it is built in and can do it.  0,
 * -EINVAL (an empty literal), -EFBIG (a limit above) or -ENOTSUP (no Hyperscan). */
int multi_compile(struct multi **out, const struct multi_literal *literal, size_t count,
                  enum multi_engine engine, struct err *e) MUST_CHECK;
void multi_free(struct multi *m);

/* Memory for scans of `m` by one thread; freed before `m`. */
struct multi_scratch *multi_scratch_new(const struct multi *m);
void multi_scratch_free(struct multi_scratch *s);

/* Called for each occurrence, in order of `end` (offset just behind it), at one end the longest
 * literal first, then in the order in which they were given; return false to stop. */
typedef bool multi_hit_fn(void *ctx, uint32_t id, size_t end);

void multi_scan(const struct multi *m, struct multi_scratch *s, const void *data, size_t len,
                multi_hit_fn *hit, void *ctx);
