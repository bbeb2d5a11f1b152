/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one line that PortSentry 2.x writes about a probe, for scripts and fail2ban filters that read
 * it:  Scan from: [ADDRESS] (NAME) protocol: [TCP] port: [79] type: [TCP SYN/Normal scan]
 * IP opts: [not set] ignored: [false] triggered: [true] noblock: [false] blocked: [true] */
#pragma once

#include "core/base/str.h"
#include "tool/trap/probe.h"

enum scan_answer { SCAN_UNSET, SCAN_FALSE, SCAN_TRUE };

struct scan_line {
    enum scan_answer ignored;   /* in the ignore file */
    enum scan_answer triggered; /* SCAN_TRIGGER is reached */
    enum scan_answer noblock;   /* the configuration blocks nobody */
    enum scan_answer blocked;   /* now, or before */
};

void scan_line_write(const struct scan_line *line, const struct probe *p, const char *name,
                     struct str *out);

/* The moment in front of it in the history file: "2026-11-24T21:00:00.000+0100 ". */
void scan_line_write_time(uint64_t wall_ns, int32_t utc_offset_s, struct str *out);
