/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A set of addresses of both families, kept as sorted ranges that neither touch nor overlap.
 * Targets, excludes, HOME_NET, ignoreip, allow lists.  Zero is the empty set; cidr_set_done frees.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/net/addr.h"

struct addr_range {
    struct addr first, last; /* one family, first <= last; the scope is that of first */
};

struct cidr_set {
    struct addr_range *range; /* sorted once cidr_set_seal has run */
    size_t count, capacity;
    bool sealed;
};

/* Add.  The set is unsealed; many adds cost one sort at the next seal. */
void cidr_set_add_range(struct cidr_set *set, const struct addr *first, const struct addr *last);
void cidr_set_add(struct cidr_set *set, const struct cidr *c);

/* Sort and merge.  Look-ups below need a sealed set. */
void cidr_set_seal(struct cidr_set *set);

bool cidr_set_has(const struct cidr_set *set,
                  const struct addr *a); /* O(log n); scopes are not compared */

/* The range that holds `a`, or the first one behind it; NULL when there is none. */
const struct addr_range *cidr_set_find(const struct cidr_set *set, const struct addr *a);

/* Take all of `other` out of `set`; both sealed before and after. */
void cidr_set_subtract(struct cidr_set *set, const struct cidr_set *other);

void cidr_set_done(struct cidr_set *set);
