/* SPDX-License-Identifier: GPL-3.0-or-later */
/* snort.conf of Snort 2.9, and the plain assignments of Snort 3's snort.lua: variables, settings,
 * preprocessors, outputs, filters, and the rules in it and in the files it includes. */
#pragma once

#include "tool/ids/conf/filter_conf.h"
#include "tool/ids/rule/rule_set.h"

/* "preprocessor NAME: ARGUMENTS" and its kin, in the order of the file. */
struct snort_line {
    const char *name, *arguments; /* "" when there are none */
    const char *file;
    unsigned line;
};

struct snort_lines {
    struct snort_line *line;
    size_t count, capacity;
};

struct snort_conf {
    struct snort_lines config, preprocessor, output;
    struct arena arena;
    const char *path; /* the file that was read; NULL: none */
};

/* Read `path`; rules go into *set, filters into *filters.  0, or a negative errno value with
 * "file:line: ..." for what is no such file. */
int snort_conf_read(struct snort_conf *c, struct rule_set *set, struct filter_conf *filters,
                    const char *path, struct err *e) MUST_CHECK;
void snort_conf_done(struct snort_conf *c);

const struct snort_line *snort_lines_find(const struct snort_lines *l, const char *name);
