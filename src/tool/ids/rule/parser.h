/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One rule being read: what keywords are given to put their parts into. */
#pragma once

#include "core/base/arena.h"
#include "core/base/err.h"
#include "tool/ids/look/step.h"
#include "tool/ids/look/sticky.h"
#include "tool/ids/rule/lexer.h"
#include "tool/ids/rule/rule.h"
#include "tool/ids/rule/rule_set.h"

struct rule_parser {
    struct rule_set *set;
    struct arena *arena; /* the set's */
    struct rule *rule;
    enum rule_dialect dialect;
    struct rule_list *list;      /* where the next step goes; NULL: the payload's */
    struct rule_list *payload;   /* the list of the payload, once there is one */
    struct rule_step *step;      /* the last content or pcre, for its modifiers; NULL: none */
    struct rule_list *step_list; /* the list it is in */
    const char *var[RULE_VAR_MAX];
    size_t test_capacity, deed_capacity, reference_capacity, metadata_capacity;
    struct rule_transform transform[RULE_TRANSFORM_MAX];
    uint64_t dsize_max;                             /* 0: no dsize */
    const struct rule_list *var_list[RULE_VAR_MAX]; /* where each variable was read */
    bool has_sid, has_rev, has_gid, has_fast, skip;
    bool in_sticky;                /* a sticky buffer was chosen (Suricata, Snort 3) */
    struct rule_step *hashed;      /* the last protected_content; NULL: none */
    struct rule_list *base64_list; /* where base64_data goes on; NULL: nothing was decoded */
    uint8_t transform_count;       /* waiting for the next buffer's steps */
};

enum parse_result { PARSE_RULE, PARSE_SKIPPED /* `requires` says: not for this version */ };

/* Read one rule.  PARSE_RULE with *out, PARSE_SKIPPED, or a negative errno value with
 * "line L column C: ..." in *e. */
int rule_parse(struct rule_set *set, const struct rule_text *text, enum rule_dialect dialect,
               const char *file, struct rule **out, struct err *e) MUST_CHECK;

/* For keywords. */
void parser_add_test(struct rule_parser *p, bool (*holds)(const void *, const struct look *),
                     const void *state);
void parser_add_deed(struct rule_parser *p, void (*act)(const void *, struct look *),
                     const void *state);
struct rule_list *parser_new_list(struct rule_parser *p, const struct sticky *sticky,
                                  const char *detail);
/* The list that steps go to now: the chosen buffer's, else the payload's. */
struct rule_list *parser_list(struct rule_parser *p);
/* The list of a step that goes on from the last match: where that was, also when a modifier moved
 * it
 * ("content; http_uri; isdataat:10,relative"). */
struct rule_list *parser_list_for(struct rule_parser *p, bool relative);
void parser_add_step(struct rule_parser *p, struct rule_list *list, struct rule_step *step);
/* Take the last content out of its list and put it into that of `buffer` (Snort 2's modifiers). */
int parser_move_step(struct rule_parser *p, const struct sticky *sticky, struct err *e);
/* The number of a byte_extract variable, or -1; parser_new_var gives it one. */
int parser_var(const struct rule_parser *p, const char *name);
int parser_new_var(struct rule_parser *p, const char *name, struct err *e);
/* This rule is about that application protocol; -EINVAL when it was about another before. */
int parser_proto(struct rule_parser *p, enum inspect_proto_id proto, enum inspect_proto_id also,
                 struct err *e);
/* A condition on a transaction: a list without bytes. */
struct rule_list *parser_add_tx_test(struct rule_parser *p, const struct sticky *sticky,
                                     bool (*holds)(const void *, const struct look *),
                                     const void *state);
/* Copies into the set's arena. */
void *parser_take(struct rule_parser *p, size_t size);
