/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a fingerprint and its matches to what a report tells of a system. */
#pragma once

#include "core/base/arena.h"
#include "core/net/mac.h"
#include "hub/model/scan_report.h"
#include "tool/scan/os/os_match.h"
#include "tool/scan/os/os_reply.h"

struct os_report_of {
    const struct os_seen *seen;
    const struct os_ask *ask;
    const struct os_matches *matches;
    const struct os_db *db;
    const struct mac *mac; /* NULL: not known */
    bool on_link, local;
    bool guess;      /* --osscan-guess */
    bool show_print; /* also where the matches are good */
    uint64_t wall_ns;
};

/* All that is told lives in `arena`. */
const struct scan_os *os_report_make(const struct os_report_of *of, struct arena *arena);

/* "Incremental": what an IP ID class is called in words. */
const char *os_report_id_class(const char *class);
/* How hard it is to guess the next sequence number (nmap(1): from "Trivial joke" on). */
const char *os_report_difficulty(int sp);
