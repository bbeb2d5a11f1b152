/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/due_heap.h"

#include "core/base/mem.h"

struct due_heap due_heap_of(uint32_t capacity)
{
    return (struct due_heap){
        .item = mem_zero(capacity * sizeof(uint32_t)),
        .slot = mem_zero(capacity * sizeof(uint32_t)),
        .due = mem_zero(capacity * sizeof(uint64_t)),
    };
}

void due_heap_done(struct due_heap *h)
{
    mem_free(h->item);
    mem_free(h->slot);
    mem_free(h->due);
    *h = (struct due_heap){0};
}

static void place(struct due_heap *h, uint32_t at, uint32_t number)
{
    h->item[at] = number;
    h->slot[number] = at + 1;
}

static void move_up(struct due_heap *h, uint32_t at, uint32_t number)
{
    while (at && h->due[h->item[(at - 1) / 2]] > h->due[number]) {
        place(h, at, h->item[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    place(h, at, number);
}

static void move_down(struct due_heap *h, uint32_t at, uint32_t number)
{
    for (;;) {
        uint32_t child = 2 * at + 1;
        if (child >= h->count)
            break;
        if (child + 1 < h->count && h->due[h->item[child + 1]] < h->due[h->item[child]])
            child++;
        if (h->due[h->item[child]] >= h->due[number])
            break;
        place(h, at, h->item[child]);
        at = child;
    }
    place(h, at, number);
}

void due_heap_set(struct due_heap *h, uint32_t number, uint64_t due)
{
    uint64_t old = h->due[number];
    h->due[number] = due;
    if (!h->slot[number])
        move_up(h, h->count++, number);
    else if (due < old)
        move_up(h, h->slot[number] - 1, number);
    else
        move_down(h, h->slot[number] - 1, number);
}

void due_heap_remove(struct due_heap *h, uint32_t number)
{
    uint32_t at = h->slot[number];
    if (!at--)
        return;
    h->slot[number] = 0;
    uint32_t last = h->item[--h->count];
    if (last == number)
        return;
    if (at && h->due[h->item[(at - 1) / 2]] > h->due[last])
        move_up(h, at, last);
    else
        move_down(h, at, last);
}

uint32_t due_heap_take(struct due_heap *h, uint64_t now)
{
    if (!h->count || h->due[h->item[0]] > now)
        return UINT32_MAX;
    uint32_t first = h->item[0];
    due_heap_remove(h, first);
    return first;
}
