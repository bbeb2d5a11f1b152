/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The templates of version information: "$1", "$P(1)", "$SUBST(1,"_",".")", "$I(1,">")" stand for
 * what groups of the pattern matched (nmap's book, "match Directive"). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/str.h"

enum { TEMPLATE_GROUP_MAX = 9, TEMPLATE_TEXT_MAX = 512 };

/* What the groups matched; a group that took no part has no `at`. */
struct template_groups {
    struct {
        const uint8_t *at;
        size_t len;
    } group[TEMPLATE_GROUP_MAX + 1];
};

/* Append the expansion to *out.  `cpe`: what is inserted is written as a CPE wants it: lower case,
 * "_" for a blank, the signs with a meaning quoted.  False: the template is wrong, names a group
 * there is not, or the text gets longer than out->max; then *out is not to be used. */
bool template_expand(const char *text, const struct template_groups *groups, bool cpe,
                     struct str *out);
