/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "core/base/rng.h"
#include "sys/loop/timer_heap.h"

static struct loop_timer *take(struct timer_heap *h)
{
    const struct timer_node *top = timer_heap_top(h);
    struct loop_timer *t = top ? top->timer : NULL;
    if (t)
        timer_heap_remove(h, t);
    return t;
}

static int test_order_of_equals(void)
{
    int failed = 0;
    struct timer_heap h = {0};
    struct loop_timer t[5] = {{0}};
    CHECK(take(&h) == NULL);
    for (int i = 0; i < 5; i++)
        timer_heap_set(&h, &t[i], 7);
    timer_heap_set(&h, &t[1], 7); /* set again: now the last of its moment */
    timer_heap_remove(&h, &t[3]);
    timer_heap_remove(&h, &t[3]); /* twice is nothing */
    static const int want[] = {0, 2, 4, 1};
    for (size_t i = 0; i < ARRAY_LEN(want); i++)
        CHECK_ROW(i, take(&h) == &t[want[i]]);
    CHECK(take(&h) == NULL && h.count == 0);
    timer_heap_set(&h, &t[0], 1);
    timer_heap_done(&h);
    CHECK(t[0].slot == 0);
    return failed;
}

/* Thousands of random sets, moves and removals, held against a plain array. */
static int test_against_array(void)
{
    enum { TIMERS = 200, STEPS = 20000 };
    int failed = 0;
    struct timer_heap h = {0};
    struct rng r = rng_of(3);
    static struct loop_timer t[TIMERS];
    uint64_t due[TIMERS] = {0}; /* 0: not running */
    for (int step = 0; step < STEPS; step++) {
        uint32_t i = rng_below(&r, TIMERS);
        due[i] = rng_below(&r, 3) ? 1 + rng_u64(&r) / 2 : 0;
        if (due[i])
            timer_heap_set(&h, &t[i], due[i]);
        else
            timer_heap_remove(&h, &t[i]);
        uint64_t least = UINT64_MAX;
        for (size_t k = 0; k < TIMERS; k++)
            least = due[k] && due[k] < least ? due[k] : least;
        const struct timer_node *top = timer_heap_top(&h);
        if (!CHECK_ROW(step, (top ? top->due_ns : UINT64_MAX) == least))
            break;
    }
    timer_heap_done(&h);
    return failed;
}

int loop_timer_heap_test(void)
{
    return test_order_of_equals() + test_against_array();
}
