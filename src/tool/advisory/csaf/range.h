/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Version ranges as CSAF 2.1 writes them: VERS ("vers:npm/>=2.2.0|<2.3.0"), and vls, which is its
 * constraints alone ("<2.4|>3"). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/text/version.h"

enum { RANGE_CONSTRAINTS_MAX = 64, RANGE_VERSION_MAX = 128, RANGE_TYPE_MAX = 64 };

enum range_op {
    RANGE_EQUAL,
    RANGE_NOT,
    RANGE_LESS,
    RANGE_LESS_EQUAL,
    RANGE_MORE,
    RANGE_MORE_EQUAL
};

struct range {
    bool vers, all; /* all: "*" */
    char type[RANGE_TYPE_MAX];
    const struct version_scheme *order; /* NULL: the type is not known here */
    struct {
        enum range_op op;
        char version[RANGE_VERSION_MAX];
    } constraint[RANGE_CONSTRAINTS_MAX];
    size_t count;
};

/* false: it is neither. */
bool range_parse(struct range *out, const char *text);

/* Is the type one that packages-versions registers? */
bool range_type_is_registered(const char *type);

bool range_is_single(const struct range *r);     /* only one version fits */
bool range_is_open_above(const struct range *r); /* there is no upper end */
bool range_holds(const struct range *r, const char *version);
bool range_overlaps(const struct range *a, const struct range *b);
