/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Named counters: what hot code keeps instead of log lines.  A module has an enum and a table of
 * the same order; each thread owns an array of values, and a reader sums them up. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct counter {
    const char *name; /* dotted, as the statistics print it: "decode.ip4_short" */
    const char *doc;  /* one line for the manual */
};

/* The table of one module and one thread's values for it. */
struct counter_set {
    const struct counter *counter;
    size_t count;
    uint64_t *value; /* `count` of them, written by one thread only */
};

static inline void counter_add(uint64_t *value, uint64_t more)
{
    /* one writer; relaxed, so that a reader on another thread sees whole numbers */
    __atomic_store_n(value, *value + more, __ATOMIC_RELAXED);
}

static inline uint64_t counter_read(const uint64_t *value)
{
    return __atomic_load_n(value, __ATOMIC_RELAXED);
}

/* The value under `name` summed over `sets`; 0 when no set has it. */
uint64_t counter_sum(const struct counter_set *set, size_t set_count, const char *name);
