/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One expression of a filter: fail2ban's tags (<HOST>, <F-USER>...</F-USER>, <SKIPLINES>) put in,
 * translated and compiled, and the meaning of its groups. */
#pragma once

#include <stdint.h>

#include "core/match/regex.h"
#include "tool/ban/filter/pattern.h"

/* Names of groups, by number: the words that have a meaning first, others as they come. */
enum rule_key {
    RULE_FID,
    RULE_IP4,
    RULE_IP6,
    RULE_DNS,
    RULE_CIDR,
    RULE_MLFID,
    RULE_MLFFORGET,
    RULE_MLFGAINED,
    RULE_NOFAIL,
    RULE_USER,
    RULE_CONTENT,
    RULE_FIXED_COUNT,
};
enum { RULE_KEYS_MAX = 64 };

struct rule_keys {
    const char *name[RULE_KEYS_MAX];
    unsigned count; /* 0: not begun */
};

int rule_key_find(const struct rule_keys *k, const char *name); /* -1: no such name */

struct rule_group {
    uint8_t key, group;
};

struct rule_merge { /* alt_user_1, tuple_user: `from` fills, or joins, `to` */
    uint8_t from, to;
    bool is_tuple;
};

struct rule {
    const char *python; /* with the tags put in: what `get failregex` shows */
    struct pattern pattern;
    struct regex *ascii; /* for lines without a byte above 0x7f */
    struct regex *utf;   /* for all others; NULL until one comes */
    bool is_multiline;
    bool is_jit;
    struct rule_group *group; /* named ones, in their order */
    size_t group_count;
    struct rule_merge *merge;
    size_t merge_count;
    unsigned skip_count; /* <SKIPLINES> */
    uint8_t skip_group[8];
};

struct rule_how {
    bool no_names;  /* usedns = no: <HOST> is an address */
    bool multiline; /* '^' and '$' at each line */
};

/* Texts live in `arena`, the compiled forms until rule_done.  0, or -EINVAL with the cause. */
int rule_open(struct rule *out, const char *text, const struct rule_how *how,
              struct rule_keys *keys, struct arena *arena, struct err *e) MUST_CHECK;
void rule_done(struct rule *r);

bool rule_has(const struct rule *r, unsigned key);
bool rule_has_id(const struct rule *r); /* a group that says who failed, or whose line it is */

/* Look for it.  `is_ascii`: no byte of the subject is above 0x7f. */
enum regex_verdict rule_find(struct rule *r, struct regex_match *m, const char *subject, size_t len,
                             bool is_ascii);

/* The same as if the subject began with what stands before `from`, and ended at `to`. */
enum regex_verdict rule_find_within(struct rule *r, struct regex_match *m, const char *subject,
                                    size_t to, size_t from, bool is_ascii);
