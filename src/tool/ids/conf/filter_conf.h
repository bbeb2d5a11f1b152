/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filters that stand outside of rules: threshold.config of Suricata, and the same words in
 * snort.conf. */
#pragma once

#include "tool/ids/rule/limit.h"
#include "tool/ids/rule/rule_set.h"

struct filter {
    uint32_t gid, sid; /* 0: any */
    struct rule_limit limit;
    unsigned line;
};

struct filter_conf {
    struct filter *filter;
    size_t count, capacity;
};

void filter_conf_done(struct filter_conf *c);

/* One line, "event_filter gen_id 1, sig_id 2, ..." without what follows a "#".  -ENOENT: it is no
 * filter. */
int filter_conf_line(struct filter_conf *c, struct rule_set *set, char *line, unsigned number,
                     struct err *e);
/* A file of such lines. */
int filter_conf_read(struct filter_conf *c, struct rule_set *set, char *text, const char *name,
                     struct err *e) MUST_CHECK;
