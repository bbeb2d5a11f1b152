/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run: one execution of a tool, from its arguments to its totals. */
#pragma once

#include <stdint.h>

enum run_state { RUN_RUNNING, RUN_DONE, RUN_FAILED, RUN_STOPPED, RUN_STATE_COUNT };

const char *run_state_name(enum run_state state); /* "running", "done", "failed", "stopped" */

struct run {
    int64_t id;                    /* of the store; 0: not stored yet */
    const char *tool;              /* "scan" */
    const char *args;              /* the command line as typed */
    uint64_t started_ns, ended_ns; /* wall; ended 0 while it runs */
    enum run_state state;
    double progress; /* 0 .. 1 */
    uint64_t hosts_total, hosts_up, ports_open, findings;
    const char *error; /* RUN_FAILED: why; else NULL */
};
