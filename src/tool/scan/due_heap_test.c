/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdbool.h>

#include "check.h"
#include "core/base/rng.h"
#include "tool/scan/due_heap.h"

enum { COUNT = 500 };

/* The first of a plain array: what the heap has to agree with. */
static uint32_t first_of(const uint64_t *due, const bool *in)
{
    uint32_t best = UINT32_MAX;
    for (uint32_t i = 0; i < COUNT; i++)
        if (in[i] && (best == UINT32_MAX || due[i] < due[best]))
            best = i;
    return best;
}

int scan_due_heap_test(void)
{
    int failed = 0;
    struct due_heap h = due_heap_of(COUNT);
    struct rng r = rng_of(9);
    uint64_t due[COUNT] = {0};
    bool in[COUNT] = {false};
    CHECK(due_heap_next(&h) == UINT64_MAX && due_heap_take(&h, UINT64_MAX) == UINT32_MAX);
    for (int step = 0; step < 20000; step++) {
        uint32_t number = rng_below(&r, COUNT);
        uint32_t action = rng_below(&r, 4);
        if (action < 2) {
            due[number] = rng_u64(&r) >> 1;
            in[number] = true;
            due_heap_set(&h, number, due[number]);
        } else if (action == 2) {
            in[number] = false;
            due_heap_remove(&h, number);
        } else {
            uint32_t expect = first_of(due, in);
            if (expect != UINT32_MAX && due[expect])
                CHECK_ROW(step, due_heap_take(&h, due[expect] - 1) == UINT32_MAX);
            if (!CHECK_ROW(step, due_heap_take(&h, UINT64_MAX) == expect))
                break;
            if (expect != UINT32_MAX)
                in[expect] = false;
        }
    }
    due_heap_done(&h);
    return failed;
}
