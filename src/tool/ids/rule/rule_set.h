/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All rules of one configuration, with what they name: classifications, references, bits,
 * variables. It is filled by rule_set_load (load.h), sealed, and then only read. */
#pragma once

#include "core/base/arena.h"
#include "core/base/map.h"
#include "tool/ids/rule/rule.h"
#include "tool/ids/rule/variable.h"

enum rule_engine { RULE_ENGINE_SURICATA, RULE_ENGINE_SNORT };

/* Names given numbers in the order of their coming: flowbits, variables of flows, data sets ... */
enum rule_names {
    RULE_NAMES_FLOWBIT,
    RULE_NAMES_FLOWINT,
    RULE_NAMES_XBIT,
    RULE_NAMES_HOSTBIT,
    RULE_NAMES_FLOWVAR,
    RULE_NAMES_COUNT,
};

struct rule_names_table {
    struct map number; /* name -> number + 1 */
    const char **name;
    size_t count, capacity;
};

/* A rule that could not be used, in words. */
typedef void rule_fault_fn(void *ctx, const char *file, unsigned line, const char *text);

struct dataset;
struct reputation;

struct rule_set {
    struct arena arena;
    struct rule **rule;
    size_t count, capacity;
    size_t loaded, failed, skipped; /* skipped: `requires` of another version, older revisions */
    struct map by_id;               /* gid and sid -> struct rule * */
    struct variable_table variable;
    struct map keyword[3];    /* by dialect: name -> struct ids_keyword * */
    struct map class;         /* lower-case name -> struct rule_classification * */
    struct map reference_url; /* lower-case system -> URL prefix */
    uint32_t class_count;
    struct map regex; /* flags and pattern -> struct regex * */
    struct rule_names_table names[RULE_NAMES_COUNT];
    struct dataset *datasets;      /* keyword/dataset.h */
    struct reputation *reputation; /* keyword/reputation.h; NULL: none */
    bool never_write;              /* rules may save nothing at all */
    bool ja3_off, ja4_off;         /* the configuration forbids these digests */
    bool may_write;                /* rules may name files anywhere to save sets in */
    enum rule_engine engine;       /* which dialect a file is when it does not show */
    const char *folder;            /* of the rule file being read, for files named in rules */
    struct text_store *text;       /* file contents that rules point into */
    rule_fault_fn *fault;
    void *fault_ctx;
};

void rule_set_init(struct rule_set *set, enum rule_engine engine);
void rule_set_done(struct rule_set *set);

/* Keep a file's text until the set dies; returns it. */
char *rule_set_keep(struct rule_set *set, char *text);

/* The number of a name, from 0. */
uint32_t rule_set_name(struct rule_set *set, enum rule_names kind, const char *name);

/* "config classification: NAME,TEXT,PRIORITY" without its head.  0 or -EINVAL. */
int rule_set_classify(struct rule_set *set, const char *line, struct err *e) MUST_CHECK;
const struct rule_classification *rule_set_class(const struct rule_set *set, const char *name);
/* "config reference: SYSTEM URL" without its head. */
int rule_set_reference(struct rule_set *set, const char *line, struct err *e) MUST_CHECK;
/* The whole file: lines of "config classification:" or "config reference:". */
int rule_set_read_config(struct rule_set *set, const char *text, const char *name,
                         struct err *e) MUST_CHECK;

/* Add a parsed rule.  An older revision of the same gid and sid gives way; 1: the new one is the
 * older; -EEXIST: twice the same. */
int rule_set_add(struct rule_set *set, struct rule *rule, struct err *e) MUST_CHECK;
const struct rule *rule_set_find(const struct rule_set *set, uint32_t gid, uint32_t sid);

/* A file named in a rule: relative to the folder of the rule file. */
const char *rule_set_path(struct rule_set *set, const char *path);

/* Compile a pattern; one that was compiled before is given out again.  It lives as long as the set.
 */
struct regex;
int rule_set_regex(struct rule_set *set, const char *pattern, unsigned flags, struct regex **out,
                   struct err *e) MUST_CHECK;

/* Give numbers, drop what was replaced. */
void rule_set_seal(struct rule_set *set);
