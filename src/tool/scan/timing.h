/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How fast a scan may go: the settings behind -T and the options that override them one by one, and
 * the estimate of a host's round trip time from which its time-out follows. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* All times in nanoseconds; 0 where the field says so means "no bound". */
struct scan_timing {
    int level; /* the -T value, 0-5 */
    uint64_t rtt_timeout_min_ns, rtt_timeout_max_ns, rtt_timeout_initial_ns;
    uint64_t scan_delay_ns;                /* at least this between two probes to one host */
    uint64_t host_timeout_ns;              /* 0: none */
    double rate_min, rate_max;             /* probes a second over all hosts; 0: none */
    unsigned retries_max;                  /* probes after the first */
    unsigned parallel_min, parallel_max;   /* probes in flight; 0: adaptive */
    unsigned hostgroup_min, hostgroup_max; /* hosts scanned together; 0: adaptive */
};

enum { SCAN_TIMING_LEVELS = 6, SCAN_TIMING_DEFAULT = 3 };

/* The template of a level (nmap(1), TIMING AND PERFORMANCE). */
struct scan_timing scan_timing_of(int level);

/* "0" .. "5" or "paranoid" .. "insane" (or an unambiguous beginning of those); -1 for others. */
int scan_timing_level(const char *text);

/* Smoothed round trip time (RFC 6298 2, with nmap's gains: 1/8 and 1/4). */
struct rtt {
    uint64_t srtt_ns, var_ns; /* 0: nothing measured */
    uint64_t timeout_ns;
};

struct rtt rtt_of(const struct scan_timing *timing);
void rtt_add(struct rtt *rtt, uint64_t sample_ns, const struct scan_timing *timing);
