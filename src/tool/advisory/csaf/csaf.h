/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A CSAF document (2.0 or 2.1) held against the tests of its standard (section 6), and against its
 * schema as far as this program reads it.  The rules are in rule_*.c, their table in rules.c. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/map.h"
#include "core/base/str.h"
#include "core/text/json_tree.h"

enum csaf_level { CSAF_ERROR, CSAF_WARNING, CSAF_INFO };

struct csaf_finding {
    const char *rule; /* "6.1.1", or "schema" */
    enum csaf_level level;
    const char *path; /* JSON pointer */
    const char *message;
};

/* What product status says of a product, in the groups that contradict one another. */
enum csaf_group {
    CSAF_AFFECTED,
    CSAF_NOT_AFFECTED,
    CSAF_FIXED,
    CSAF_INVESTIGATED,
    CSAF_UNKNOWN,
    CSAF_RECOMMENDED,
    CSAF_GROUP_COUNT,
};

struct csaf_nodes {
    const struct json_node **item;
    size_t count, capacity;
};

struct csaf {
    struct arena *arena;
    const struct json_node *root, *document, *tracking, *tree, *vulnerabilities;
    bool v21;
    const char *category, *status, *label; /* "" where they are missing; label: of TLP */
    struct csaf_nodes products;            /* every full_product_name_t */
    struct csaf_nodes refs;                /* every text that names a product */
    struct csaf_nodes branches;            /* every branch */
    struct csaf_nodes hashes;              /* every list of file_hashes */
    struct csaf_nodes langs;               /* every text of a language */
    struct csaf_nodes dates;               /* every text of a moment */
    struct csaf_nodes extensions;
    struct map by_id, groups; /* product_id, group_id -> node */
    const char *rule;         /* of the rule being run */
    enum csaf_level level;
    struct {
        struct csaf_finding *item;
        size_t count, capacity;
    } findings;
};

struct csaf_rule {
    const char *id;
    bool in_20, in_21;
    void (*check)(struct csaf *c);
};

extern const struct csaf_rule csaf_rules[]; /* ends with a NULL id */

/* Validate the document.  Findings live in `arena`.  0; -EBADMSG: no JSON, or no CSAF document at
 * all. */
int csaf_validate(struct arena *arena, const char *text, size_t len, struct csaf *out,
                  struct err *e) MUST_CHECK;
bool csaf_is_valid(const struct csaf *c); /* no finding of level error */
void csaf_done(struct csaf *c);
void csaf_to_json(const struct csaf *c, struct str *out);
const char *csaf_level_name(enum csaf_level level);

/* ---- for the rules ---- */

/* A finding of the rule that runs, at the node; `key` (may be NULL) is a member of it, there or
 * missing. */
void csaf_found(struct csaf *c, const struct json_node *at, const char *key, const char *format,
                ...) PRINTF_LIKE(4, 5);

void csaf_schema_check(struct csaf *c);

/* Is the text one of the words, which end with NULL? */
bool csaf_is_one_of(const char *text, const char *const *words);

/* "product_ids" and "group_ids" of an item of a vulnerability: does it speak of this product? */
bool csaf_covers(const struct csaf *c, const struct json_node *item, const char *product);
bool csaf_has_products(const struct json_node *item);

/* Is the product in that group of the vulnerability's product_status? */
bool csaf_in_group(const struct json_node *vulnerability, enum csaf_group group,
                   const char *product);
enum csaf_group csaf_group_of(const char *status); /* "fixed" -> CSAF_FIXED */

bool csaf_has_text(const struct json_node *array, const char *text);
bool csaf_is_profile(const struct csaf *c, const char *const *names);

/* The scores of a vulnerability, one way for both versions: the object that holds cvss_v3 and the
 * like, and the products it is for. */
struct csaf_score {
    const struct json_node *metric; /* NULL: none is left */
    const struct json_node *content, *products;
    const char *source; /* "" in 2.0 */
};
struct csaf_score csaf_next_score(const struct csaf *c, const struct json_node *vulnerability,
                                  const struct csaf_score *before);
#define CSAF_EACH_SCORE(s, c, vulnerability)                                                       \
    for (struct csaf_score s = csaf_next_score(c, vulnerability, NULL); (s).metric;                \
         (s) = csaf_next_score(c, vulnerability, &(s)))

/* The moment a text tells, in nanoseconds since 1970 plus a fraction: for comparisons. */
bool csaf_moment(const struct json_node *n, int64_t *out_s, uint32_t *out_ns);
int csaf_compare_moments(const struct json_node *a, const struct json_node *b);

/* The newest (oldest) entry of the revision history; NULL: there is none with a date. */
const struct json_node *csaf_newest_revision(const struct csaf *c);
const struct json_node *csaf_oldest_revision(const struct csaf *c);

bool csaf_is_released(const struct csaf *c); /* its status is final or interim */
bool csaf_is_english(const struct csaf *c);  /* or of no language told */
