/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "core/base/counter.h"

int base_counter_test(void)
{
    int failed = 0;
    static const struct counter table[] = {{"a.one", "first"}, {"a.two", "second"}};
    uint64_t thread_a[2] = {0}, thread_b[2] = {0};
    const struct counter_set set[] = {{table, 2, thread_a}, {table, 2, thread_b}};
    counter_add(&thread_a[1], 3);
    counter_add(&thread_b[1], 4);
    CHECK(counter_sum(set, 2, "a.two") == 7);
    CHECK(counter_sum(set, 2, "a.one") == 0);
    CHECK(counter_sum(set, 2, "a.none") == 0);
    return failed;
}
