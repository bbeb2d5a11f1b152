/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often a rule's alerts are told: threshold and detection_filter in rules, event_filter,
 * rate_filter and suppress in configuration files. */
#pragma once

#include <stdint.h>

#include "core/base/err.h"
#include "tool/ids/rule/rule.h"

enum rule_limit_kind {
    LIMIT_LIMIT,     /* the first COUNT of each span */
    LIMIT_THRESHOLD, /* each COUNTth */
    LIMIT_BOTH,      /* the COUNTth of each span */
    LIMIT_DETECTION, /* detection_filter: those behind the COUNTth of a span; else no match */
    LIMIT_RATE,      /* rate_filter: behind COUNT, another action for a time */
    LIMIT_BACKOFF,   /* the COUNTth, then COUNT * MULTIPLIER ... */
    LIMIT_SUPPRESS,
};

enum rule_limit_track { TRACK_SRC, TRACK_DST, TRACK_BOTH, TRACK_RULE, TRACK_FLOW, TRACK_EITHER };

struct rule_limit {
    uint8_t kind, track;
    uint8_t new_action; /* LIMIT_RATE: enum rule_action */
    bool has_action;
    uint32_t count, seconds, multiplier, timeout_s;
    const struct rule_addresses *addresses; /* suppress, rate_filter: only these; NULL: all */
};

/* Read one of "type limit", "track by_src", "count 5", "seconds 60", "multiplier 2" into *limit and
 * *seen (bits in that order).  0, -ENOENT: another word, or -EINVAL. */
int limit_read_word(struct rule_limit *limit, unsigned *seen, char *word, struct err *e);
enum {
    LIMIT_SEEN_TYPE = 1,
    LIMIT_SEEN_TRACK = 2,
    LIMIT_SEEN_COUNT = 4,
    LIMIT_SEEN_SECONDS = 8,
    LIMIT_SEEN_MULTIPLIER = 16
};

struct rule_tag {
    bool host, by_src;                /* else the session */
    uint32_t packets, seconds, bytes; /* 0: no bound of that kind */
};
