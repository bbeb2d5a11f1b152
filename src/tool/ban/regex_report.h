/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The counts of a run and the lines that show them, as fail2ban-regex reports them. */
#pragma once

#include "core/base/text_list.h"
#include "tool/ban/regex_filter.h"
#include "tool/ban/regex_tool.h"

enum { REPORT_LINES_SHOWN = 20 };

struct kept_lines {
    struct text_list list;
    uint64_t count; /* of all, kept or not */
};

struct regex_report {
    const struct regex_options *o;
    struct arena arena; /* of the kept lines */
    uint64_t tested, pref_hits, *fail_hits, *ignore_hits;
    struct kept_lines matched, missed, ignored;
    struct str *detail; /* of each failregex with -v: who and when */
    double seconds;
};

void regex_report_count(struct regex_report *r, struct kept_lines *of, bool keep_all, bool keep,
                        const char *line, size_t len);
/* A line that was counted as missed turns out to belong to a match of several. */
void regex_report_take_back(struct regex_report *r, const char *line, size_t len);
void regex_report_write(const struct regex_report *r, const struct regex_source *source,
                        const struct ban_filter *f, struct str *out);
void regex_report_done(struct regex_report *r, size_t fail_count);
