/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of many things is due first?  A binary heap of numbers 0 .. capacity-1, each with a moment
 * that can be moved. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct due_heap {
    uint32_t *item; /* heap order */
    uint32_t *slot; /* of each number, plus one; 0: not in */
    uint64_t *due;  /* of each number */
    uint32_t count;
};

struct due_heap due_heap_of(uint32_t capacity); /* owner frees with due_heap_done */
void due_heap_done(struct due_heap *h);

void due_heap_set(struct due_heap *h, uint32_t number, uint64_t due); /* put in or move */
void due_heap_remove(struct due_heap *h, uint32_t number);

static inline uint64_t due_heap_next(const struct due_heap *h) /* UINT64_MAX: empty */
{
    return h->count ? h->due[h->item[0]] : UINT64_MAX;
}

/* Take out the first if it is due by `now`; UINT32_MAX: none is. */
uint32_t due_heap_take(struct due_heap *h, uint64_t now);
