/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/loop/timer_heap.h"

#include <stdbool.h>

#include "core/base/mem.h"

/* node[0] is unused: a timer's slot is its index, and 0 says "not running". */
enum { TOP = 1 };

static bool before(const struct timer_node *a, const struct timer_node *b)
{
    return a->due_ns != b->due_ns ? a->due_ns < b->due_ns : a->serial < b->serial;
}

static void place(struct timer_heap *h, size_t slot, struct timer_node node)
{
    h->node[slot] = node;
    node.timer->slot = slot;
}

static void rise(struct timer_heap *h, size_t slot, struct timer_node node)
{
    for (; slot > TOP && before(&node, &h->node[slot / 2]); slot /= 2)
        place(h, slot, h->node[slot / 2]);
    place(h, slot, node);
}

static void sink(struct timer_heap *h, size_t slot, struct timer_node node)
{
    for (size_t child; (child = 2 * slot) <= h->count; slot = child) {
        if (child < h->count && before(&h->node[child + 1], &h->node[child]))
            child++;
        if (!before(&h->node[child], &node))
            break;
        place(h, slot, h->node[child]);
    }
    place(h, slot, node);
}

static void settle(struct timer_heap *h, size_t slot, struct timer_node node)
{
    if (slot > TOP && before(&node, &h->node[slot / 2]))
        rise(h, slot, node);
    else
        sink(h, slot, node);
}

void timer_heap_set(struct timer_heap *h, struct loop_timer *t, uint64_t due_ns)
{
    struct timer_node node = {due_ns, h->serial++, t};
    if (t->slot) {
        settle(h, t->slot, node);
        return;
    }
    mem_grow(&h->node, h->count + TOP, &h->capacity, sizeof *h->node);
    rise(h, ++h->count, node);
}

void timer_heap_remove(struct timer_heap *h, struct loop_timer *t)
{
    size_t slot = t->slot;
    if (!slot)
        return;
    t->slot = 0;
    struct timer_node last = h->node[h->count--];
    if (last.timer != t)
        settle(h, slot, last);
}

const struct timer_node *timer_heap_top(const struct timer_heap *h)
{
    return h->count ? &h->node[TOP] : NULL;
}

void timer_heap_done(struct timer_heap *h)
{
    for (size_t i = TOP; i <= h->count; i++)
        h->node[i].timer->slot = 0;
    mem_free(h->node);
    *h = (struct timer_heap){0};
}
