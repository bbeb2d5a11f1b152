/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/clock.h"

#include <time.h>

static uint64_t read_clock(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

static uint64_t system_mono_ns(const struct clock *c)
{
    (void)c;
    return read_clock(CLOCK_MONOTONIC);
}

static uint64_t system_wall_ns(const struct clock *c)
{
    (void)c;
    return read_clock(CLOCK_REALTIME);
}

const struct clock clock_system = {.mono_ns = system_mono_ns, .wall_ns = system_wall_ns};

static uint64_t fake_mono(const struct clock *c)
{
    return c->fake_mono_ns;
}

static uint64_t fake_wall(const struct clock *c)
{
    return c->fake_wall_ns;
}

struct clock clock_fake(uint64_t mono_ns, uint64_t wall_ns)
{
    return (struct clock){fake_mono, fake_wall, mono_ns, wall_ns};
}

void clock_advance(struct clock *fake, uint64_t ns)
{
    fake->fake_mono_ns += ns;
    fake->fake_wall_ns += ns;
}

/* The calendar repeats every 400 years (146,097 days).  Years are counted from March, so that the
 * leap day is the last of its year and a month's first day is a linear function of its number. */
enum { DAYS_PER_400_YEARS = 146097, DAYS_0000_03_01_TO_1970 = 719468 };

int64_t clock_days_from_civil(int year, unsigned month, unsigned day)
{
    int64_t y = month <= 2 ? (int64_t)year - 1 : year;
    int64_t cycle = (y >= 0 ? y : y - 399) / 400;
    int64_t in_cycle = y - cycle * 400;
    int64_t month_from_march = month > 2 ? month - 3 : month + 9;
    int64_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    int64_t day_of_cycle = in_cycle * 365 + in_cycle / 4 - in_cycle / 100 + day_of_year;
    return cycle * DAYS_PER_400_YEARS + day_of_cycle - DAYS_0000_03_01_TO_1970;
}

struct civil clock_civil(uint64_t wall_ns)
{
    uint64_t seconds = wall_ns / NS_PER_S;
    uint64_t days = seconds / 86400, of_day = seconds % 86400;
    uint64_t shifted = days + DAYS_0000_03_01_TO_1970;
    uint64_t cycle = shifted / DAYS_PER_400_YEARS, doc = shifted % DAYS_PER_400_YEARS;
    uint64_t yoc = (doc - doc / 1460 + doc / 36524 - doc / 146096) / 365;
    uint64_t doy = doc - (365 * yoc + yoc / 4 - yoc / 100);
    uint64_t march_month = (5 * doy + 2) / 153;
    unsigned month = (unsigned)(march_month < 10 ? march_month + 3 : march_month - 9);
    return (struct civil){
        .year = (int)(cycle * 400 + yoc + (month <= 2)),
        .month = (uint8_t)month,
        .day = (uint8_t)(doy - (153 * march_month + 2) / 5 + 1),
        .hour = (uint8_t)(of_day / 3600),
        .minute = (uint8_t)(of_day / 60 % 60),
        .second = (uint8_t)(of_day % 60),
        .weekday = (uint8_t)((days + 4) % 7), /* 1970-01-01 was a Thursday */
        .ns = (uint32_t)(wall_ns % NS_PER_S),
    };
}
