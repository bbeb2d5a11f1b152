/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time, handed down so that a test can fake it.  Spans are measured with mono_ns, records are
 * stamped with wall_ns; neither is ever compared with the other. */
#pragma once

#include <stdint.h>

#define NS_PER_US 1000ULL
#define NS_PER_MS 1000000ULL
#define NS_PER_S  1000000000ULL

struct clock {
    uint64_t (*mono_ns)(const struct clock *c); /* since some fixed moment; never goes back */
    uint64_t (*wall_ns)(const struct clock *c); /* since 1970-01-01 UTC; may jump */
    uint64_t fake_mono_ns, fake_wall_ns;        /* what a fake clock says */
};

extern const struct clock clock_system;

/* A clock that stands still; move it with clock_advance. */
struct clock clock_fake(uint64_t mono_ns, uint64_t wall_ns);
void clock_advance(struct clock *fake, uint64_t ns);

static inline uint64_t clock_mono_ns(const struct clock *c)
{
    return c->mono_ns(c);
}

static inline uint64_t clock_wall_ns(const struct clock *c)
{
    return c->wall_ns(c);
}

/* Calendar time of a moment since 1970 (proleptic Gregorian, UTC); no locale, no time zone files.
 */
struct civil {
    int year; /* 1970.. */
    uint8_t month, day, hour, minute, second,
        weekday; /* month and day from 1; weekday 0 = Sunday */
    uint32_t ns;
};

struct civil clock_civil(uint64_t wall_ns);
int64_t clock_days_from_civil(int year, unsigned month, unsigned day); /* since 1970-01-01 */
