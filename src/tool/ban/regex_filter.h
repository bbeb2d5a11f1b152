/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which filter is meant by a word on the command line: a jail, a filter's name, a filter's file,
 * each with options in brackets, or an expression as it stands. */
#pragma once

#include "tool/ban/conf/ban_conf.h"
#include "tool/ban/filter/ban_filter.h"

struct regex_source {
    struct arena arena;
    struct conf_store store;
    const char *kind, *name; /* "filter file", "sshd"; kind NULL: an expression */
    struct ban_list commands;
    struct ban_list fail, ignore; /* the expressions, as they were given */
    const char *date_pattern;     /* of the filter; NULL: none */
    struct ban_list journal_match;
};

/* 0 or a negative errno value. */
int regex_source_read(struct regex_source *s, const char *conf, const char *word,
                      struct err *e) MUST_CHECK;

/* Set the filter up; `max_lines` and `date_pattern` (NULL: none) win over what it says. */
int regex_source_apply(struct regex_source *s, struct ban_filter *f, int max_lines,
                       const char *date_pattern, struct err *e) MUST_CHECK;
void regex_source_done(struct regex_source *s);
