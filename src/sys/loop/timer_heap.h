/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loop's timers: a heap with the next one on top.  Timers of one moment fire in the order in
 * which they were set, so that a run with a fake clock repeats exactly.  The heap keeps pointers to
 * timers that others own, and tells each its slot, so that it can be moved and stopped in O(log n).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "sys/loop/loop.h"

struct timer_node {
    uint64_t due_ns, serial;
    struct loop_timer *timer;
};

/* Zero is an empty heap. */
struct timer_heap {
    struct timer_node *node;
    size_t count, capacity;
    uint64_t serial; /* of the next one set */
};

/* Put `t` in, or move it; it is due at `due_ns` (t->due_ns is not looked at). */
void timer_heap_set(struct timer_heap *h, struct loop_timer *t, uint64_t due_ns);
void timer_heap_remove(struct timer_heap *h, struct loop_timer *t); /* nothing when not in */

/* The next one, or NULL. */
const struct timer_node *timer_heap_top(const struct timer_heap *h);
void timer_heap_done(struct timer_heap *h); /* every timer's slot becomes 0 */
