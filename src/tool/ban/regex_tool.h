/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a filter makes of a log, told as fail2ban-regex does: a report with the counts, or what was
 * found line by line. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"

struct regex_options {
    const char *conf, *log, *regex, *ignore_regex; /* ignore_regex NULL: that of the filter */
    const char *date_pattern, *zone, *encoding, *usedns, *journal_match;
    const char *out; /* NULL: the report; "json", "row", "id", "ip", "msg", a group, "<tags>" */
    bool has_now;
    double now_s; /* the clock stands still there */
    bool raw, no_check_all, invert, verbose_date;
    bool no_missed, no_ignored, all_matched, all_missed, all_ignored, debuggex;
    int verbosity;
    int64_t max_lines; /* 0: as the filter says */
};

/* Gets all output, in pieces.  0 or a negative errno value: the reader has gone. */
typedef int regex_write_fn(void *ctx, const char *text, size_t len);

/* 0, or a negative errno value: the filter or the log cannot be read. */
int regex_tool_run(const struct regex_options *o, regex_write_fn *write, void *ctx,
                   struct err *e) MUST_CHECK;
