/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>

#include "check.h"
#include "core/base/clock.h"
#include "hub/model/event_id.h"

#define DAY_ONE_NS (UINT64_C(1577836800) * NS_PER_S) /* 2020-01-01 */

static const struct {
    uint64_t wall_ns, want;
} row[] = {
    {DAY_ONE_NS + 5 * NS_PER_MS, UINT64_C(5) << 22 | 3 << 12},
    {DAY_ONE_NS + 5 * NS_PER_MS + 999, UINT64_C(5) << 22 | 3 << 12 | 1}, /* the same millisecond */
    {DAY_ONE_NS + 4 * NS_PER_MS, UINT64_C(5) << 22 | 3 << 12 | 2},       /* the clock went back */
    {DAY_ONE_NS + 6 * NS_PER_MS, UINT64_C(6) << 22 | 3 << 12},
    {0, UINT64_C(6) << 22 | 3 << 12 | 1}, /* far back */
    {DAY_ONE_NS + 9 * NS_PER_MS, UINT64_C(9) << 22 | 3 << 12},
};

int model_event_id_test(void)
{
    int failed = 0;
    struct event_id_source s = {.writer = 3};
    for (size_t i = 0; i < ARRAY_LEN(row); i++)
        CHECK_ROW(i, event_id_next(&s, row[i].wall_ns) == row[i].want);
    CHECK(event_id_wall_ns(s.last) == DAY_ONE_NS + 9 * NS_PER_MS);

    /* ten thousand in one millisecond: each higher than the last, the time borrowed ahead */
    struct event_id_source burst = {.writer = EVENT_ID_WRITERS - 1};
    uint64_t last = 0, first = event_id_next(&burst, DAY_ONE_NS + NS_PER_S);
    for (int i = 0; i < 10000; i++) {
        uint64_t id = event_id_next(&burst, DAY_ONE_NS + NS_PER_S);
        CHECK_ROW(i, id > last && id > first && (id >> 12 & 1023) == EVENT_ID_WRITERS - 1);
        last = id;
    }
    CHECK(event_id_wall_ns(last) == DAY_ONE_NS + NS_PER_S + 2 * NS_PER_MS);

    struct event_id_source unset = {0}; /* a machine without a clock: still no id is 0 */
    CHECK(event_id_next(&unset, 0) != 0);
    struct event_id_source end = {0};
    CHECK(event_id_next(&end, UINT64_MAX) >> 63 == 0); /* fits in a signed column */
    return failed;
}
