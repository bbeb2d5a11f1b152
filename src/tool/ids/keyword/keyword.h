/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of the rule language.  A family is one file with a table of rows; a row says which
 * dialects have the word and how its value is read.  What it means when packets come is set by what
 * its parser puts into the rule: a test, a list, a step, a deed (rule.h). */
#pragma once

#include "core/base/err.h"
#include "tool/ids/rule/parser.h"

enum keyword_value { KEYWORD_NEEDS_VALUE, KEYWORD_MAY_HAVE_VALUE, KEYWORD_NO_VALUE };

struct ids_keyword {
    const char *name;
    uint8_t dialects; /* enum rule_dialect bits */
    uint8_t value;    /* enum keyword_value */
    /* Read `value` (trimmed, writable; NULL: none) into the rule of `p`.  0 or a negative errno. */
    int (*parse)(struct rule_parser *p, const struct ids_keyword *k, char *value, struct err *e);
    const void *detail; /* what tells rows of one function apart */
    const char *doc;    /* one line for the manual */
};

struct ids_keyword_family {
    const char *name, *doc;
    const struct ids_keyword *keyword;
    size_t count;
};

extern const struct ids_keyword_family *const ids_keyword_families[]; /* ends with NULL */

/* Put all words of a dialect into a map from name to struct ids_keyword. */
void ids_keyword_index(struct map *by_name, unsigned dialect);

/* By name: the dialect's own meaning, else that of another one; NULL: nobody knows it. */
const struct ids_keyword *ids_keyword_find(const struct rule_set *set, const char *name,
                                           enum rule_dialect dialect);
