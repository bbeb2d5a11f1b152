/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an audit tells: for each host the parts that were run, the sockets that wait for others,
 * what should be put right, and what a scan saw from outside.  Plain structs, so that outlets need
 * not know the parts.  All memory belongs to the audit and lives for the one call. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hub/model/exposure.h"
#include "hub/model/finding.h"
#include "hub/model/scan_report.h"

enum audit_part_state {
    AUDIT_PART_DONE,
    AUDIT_PART_SKIPPED, /* could not be done here: `reason` says what is missing */
    AUDIT_PART_FAILED,  /* was begun and did not come to its end */
    AUDIT_PART_STATE_COUNT,
};

const char *audit_part_state_name(enum audit_part_state state); /* "done", "skipped", "failed" */

struct audit_part {
    const char *name; /* "scan" */
    const char *doc;  /* one line: what it looks at */
    enum audit_part_state state;
    const char *reason; /* NULL when done */
    double elapsed_s;
};

struct audit_host {
    const char *name;   /* as typed, or this machine's name; NULL: the address only */
    struct addr addr;   /* ADDR_NONE: this machine as a whole */
    bool is_local;      /* this machine: its sockets were read, `exposure` is complete */
    const char *system; /* "Debian GNU/Linux 12 (bookworm)"; NULL: unknown */
    const struct audit_part *part;
    size_t part_count;
    const struct exposure *exposure; /* in any order */
    size_t exposure_count;
    const struct finding *finding; /* in any order */
    size_t finding_count;
    const struct scan_host *scan; /* what the scan part saw; NULL: not run */
};

struct audit_report {
    const char *program, *version; /* "picket audit", "0.1.0" */
    const char *args;              /* the command line as typed */
    uint64_t start_wall_ns, end_wall_ns;
    const struct audit_host *host;
    size_t host_count;
};

/* A service often waits at two sockets, 0.0.0.0 and ::, which are one to people.  Do both belong to
 * one service (protocol, port, program, user) within one reach? */
bool audit_report_same_service(const struct exposure *a, const struct exposure *b);

/* Is exposure `i` of the host the first of its service?  The others are told along with it. */
bool audit_report_is_first(const struct audit_host *host, size_t i);

/* How many services of the host are within each reach. */
void audit_report_count_reach(const struct audit_host *host, size_t out_count[REACH_COUNT]);

/* How many findings are of each severity. */
void audit_report_count_severity(const struct audit_host *host, size_t out_count[SEVERITY_COUNT]);

/* The worst severity of all findings of all hosts, or -1 when there are none (--fail-on). */
int audit_report_worst(const struct audit_report *r);
