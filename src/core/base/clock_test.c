/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <time.h>

#include "check.h"
#include "core/base/clock.h"

int base_clock_test(void)
{
    int failed = 0;
    static const struct {
        int64_t seconds;
        int year, month, day, hour, minute, second, weekday;
    } row[] = {
        {0, 1970, 1, 1, 0, 0, 0, 4},
        {951782400, 2000, 2, 29, 0, 0, 0, 2}, /* leap day of a century that has one */
        {951868799, 2000, 2, 29, 23, 59, 59, 2},
        {4107542400, 2100, 3, 1, 0, 0, 0, 1}, /* a century without one */
        {1798761599, 2026, 12, 31, 23, 59, 59, 4},
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct civil c = clock_civil((uint64_t)row[i].seconds * NS_PER_S + 5);
        CHECK_ROW(i, c.year == row[i].year && c.month == row[i].month && c.day == row[i].day);
        CHECK_ROW(i,
                  c.hour == row[i].hour && c.minute == row[i].minute && c.second == row[i].second);
        CHECK_ROW(i, c.weekday == row[i].weekday && c.ns == 5);
        CHECK_ROW(i, clock_days_from_civil(c.year, c.month, c.day) == row[i].seconds / 86400);
    }
    /* against the C library, a day and a bit apart, over 160 years */
    for (int64_t s = 0; s < 5000000000; s += 90061) {
        time_t t = (time_t)s;
        struct tm tm;
        gmtime_r(&t, &tm);
        struct civil c = clock_civil((uint64_t)s * NS_PER_S);
        if (!CHECK_ROW(s, c.year == tm.tm_year + 1900 && c.month == tm.tm_mon + 1 &&
                              c.day == tm.tm_mday && c.hour == tm.tm_hour &&
                              c.weekday == tm.tm_wday))
            break;
    }
    struct clock fake = clock_fake(10, 20);
    clock_advance(&fake, NS_PER_MS);
    CHECK(clock_mono_ns(&fake) == 10 + NS_PER_MS && clock_wall_ns(&fake) == 20 + NS_PER_MS);
    CHECK(clock_mono_ns(&clock_system) <= clock_mono_ns(&clock_system));
    return failed;
}
