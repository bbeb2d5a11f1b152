/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sets and maps of the ruleset: elements read from the kernel's lists, and the question whether a
 * value is among them. */
#pragma once

#include "core/base/arena.h"
#include "sys/link/firewall_rules.h"
#include "sys/link/firewall_value.h"

/* An element as the kernel lists it; intervals of plain sets come as two: begin and end. */
struct firewall_set_mark {
    const uint8_t *key;
    struct firewall_element element;
    bool is_end;
};

struct firewall_set_builder {
    struct firewall_set *set;
    struct firewall_set_mark *mark;
    size_t count, capacity;
};

/* Add the elements of one message (NFTA_SET_ELEM_LIST_ELEMENTS), whose bytes stay where they are.
 */
void firewall_set_add(struct firewall_set_builder *b, struct bytes_in list);

/* Put them in order, pair the ends of intervals, give the set its array; frees the builder's own.
 */
void firewall_set_seal(struct firewall_set_builder *b, struct arena *arena);

/* Is the value at `at` of *v in the set?  On TRUTH_YES *out is its element. */
enum truth firewall_set_find(const struct firewall_set *s, const struct firewall_value *v,
                             size_t at, const struct firewall_element **out);
