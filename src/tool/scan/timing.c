/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/timing.h"

#include <string.h>
#include <strings.h>

#include "core/base/attr.h"
#include "core/base/clock.h"

static const char *const level_name[SCAN_TIMING_LEVELS] = {
    "paranoid", "sneaky", "polite", "normal", "aggressive", "insane",
};

struct scan_timing scan_timing_of(int level)
{
    struct scan_timing t = {
        .level = level,
        .rtt_timeout_min_ns = 100 * NS_PER_MS,
        .rtt_timeout_max_ns = 10 * NS_PER_S,
        .rtt_timeout_initial_ns = NS_PER_S,
        .retries_max = 10,
    };
    switch (level) {
    case 0:
        t.rtt_timeout_max_ns = 300 * NS_PER_S;
        t.rtt_timeout_initial_ns = 300 * NS_PER_S;
        t.scan_delay_ns = 300 * NS_PER_S;
        t.parallel_max = 1;
        break;
    case 1:
        t.rtt_timeout_max_ns = 15 * NS_PER_S;
        t.rtt_timeout_initial_ns = 15 * NS_PER_S;
        t.scan_delay_ns = 15 * NS_PER_S;
        t.parallel_max = 1;
        break;
    case 2:
        t.scan_delay_ns = 400 * NS_PER_MS;
        t.parallel_max = 1;
        break;
    case 4:
        t.rtt_timeout_max_ns = 1250 * NS_PER_MS;
        t.rtt_timeout_initial_ns = 500 * NS_PER_MS;
        t.retries_max = 6;
        break;
    case 5:
        t.rtt_timeout_min_ns = 50 * NS_PER_MS;
        t.rtt_timeout_max_ns = 300 * NS_PER_MS;
        t.rtt_timeout_initial_ns = 250 * NS_PER_MS;
        t.retries_max = 2;
        t.host_timeout_ns = 900 * NS_PER_S;
        break;
    default:
        break;
    }
    return t;
}

int scan_timing_level(const char *text)
{
    if (text[0] >= '0' && text[0] <= '5' && text[1] == '\0')
        return text[0] - '0';
    size_t len = strlen(text);
    int found = -1;
    for (int i = 0; i < SCAN_TIMING_LEVELS && len; i++)
        if (strncasecmp(level_name[i], text, len) == 0)
            found = found < 0 ? i : SCAN_TIMING_LEVELS; /* two begin so */
    return found == SCAN_TIMING_LEVELS ? -1 : found;
}

static uint64_t boxed(uint64_t value, uint64_t low, uint64_t high)
{
    if (value < low)
        value = low;
    return value > high ? high : value;
}

struct rtt rtt_of(const struct scan_timing *timing)
{
    return (struct rtt){.timeout_ns = timing->rtt_timeout_initial_ns};
}

void rtt_add(struct rtt *rtt, uint64_t sample_ns, const struct scan_timing *timing)
{
    if (rtt->srtt_ns == 0) {
        /* A first answer in no time at all still must not give a variance of nothing. */
        rtt->srtt_ns = sample_ns ? sample_ns : 1;
        rtt->var_ns = boxed(sample_ns, 5 * NS_PER_MS, 2 * NS_PER_S);
    } else {
        int64_t delta = (int64_t)(sample_ns - rtt->srtt_ns);
        uint64_t distance = (uint64_t)(delta < 0 ? -delta : delta);
        rtt->srtt_ns = (uint64_t)((int64_t)rtt->srtt_ns + delta / 8);
        rtt->var_ns =
            (uint64_t)((int64_t)rtt->var_ns + ((int64_t)distance - (int64_t)rtt->var_ns) / 4);
    }
    rtt->timeout_ns = boxed(rtt->srtt_ns + 4 * rtt->var_ns, timing->rtt_timeout_min_ns,
                            timing->rtt_timeout_max_ns);
}
