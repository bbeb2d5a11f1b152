/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>

#include "check.h"
#include "core/base/clock.h"
#include "tool/scan/timing.h"

int scan_timing_test(void)
{
    int failed = 0;
    static const struct {
        const char *text;
        int level;
    } row[] = {
        {"0", 0},      {"5", 5},      {"6", -1},     {"9", -1},
        {"", -1},      {"33", -1},    {"p", -1},     /* paranoid or polite? */ {"par", 0},
        {"polite", 2}, {"Sneaky", 1}, {"insane", 5}, {"insaner", -1},
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++)
        CHECK_ROW(i, scan_timing_level(row[i].text) == row[i].level);

    struct scan_timing t = scan_timing_of(3);
    struct rtt r = rtt_of(&t);
    CHECK(r.timeout_ns == NS_PER_S && r.srtt_ns == 0);
    rtt_add(&r, 50 * NS_PER_US, &t); /* a host next door: the floor holds */
    CHECK(r.timeout_ns == t.rtt_timeout_min_ns);
    for (int i = 0; i < 100; i++)
        rtt_add(&r, 400 * NS_PER_MS, &t);
    CHECK(r.srtt_ns > 390 * NS_PER_MS && r.srtt_ns <= 400 * NS_PER_MS);
    CHECK(r.timeout_ns > 400 * NS_PER_MS && r.timeout_ns < 500 * NS_PER_MS);
    for (int i = 0; i < 100; i++)
        rtt_add(&r, 60 * NS_PER_S, &t); /* the roof holds */
    CHECK(r.timeout_ns == t.rtt_timeout_max_ns);
    for (int level = 0; level < SCAN_TIMING_LEVELS; level++) {
        t = scan_timing_of(level);
        CHECK_ROW(level, t.rtt_timeout_min_ns <= t.rtt_timeout_initial_ns);
        CHECK_ROW(level, t.rtt_timeout_initial_ns <= t.rtt_timeout_max_ns);
    }
    return failed;
}
