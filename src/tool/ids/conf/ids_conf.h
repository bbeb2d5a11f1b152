/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything that files say about a run of ids: suricata.yaml, snort.conf or snort.lua, the rule
 * files and what they need.  Read once, before anything is captured; a reload reads a second one
 * beside it. */
#pragma once

#include "core/base/text_list.h"
#include "tool/ids/conf/filter_conf.h"
#include "tool/ids/conf/snort_conf.h"
#include "tool/ids/conf/yaml_conf.h"
#include "tool/ids/rule/rule_set.h"

struct ids_conf_spec {
    const char *yaml;        /* suricata.yaml; NULL: none */
    const char *snort;       /* snort.conf or snort.lua; NULL: none */
    struct text_list set;    /* NAME=VALUE for suricata.yaml */
    struct text_list define; /* NAME=VALUE: variables that win over files */
    struct text_list rules;  /* rule files; none: those that the configuration names */
    rule_fault_fn *fault;    /* told of each rule that cannot be used */
    void *fault_ctx;
};

struct ids_conf {
    struct yaml_conf yaml;
    struct snort_conf snort;
    struct rule_set rules;
    struct filter_conf filters; /* event_filter, rate_filter, suppress, thresholds */
    bool is_snort;              /* Snort's way of looking at packets, else Suricata's */
    size_t faults;              /* settings that could not be used */
};

/* 0, or a negative errno value when a file itself cannot be read; rules that cannot be used are
 * told to spec->fault and counted in rules.failed. */
int ids_conf_read(struct ids_conf *c, const struct ids_conf_spec *spec, struct err *e) MUST_CHECK;
void ids_conf_done(struct ids_conf *c);
