/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparisons of unsigned numbers as rules write them: 5, !5, >5, <=5, 5-9, 5<>9, 5<=>9,
 * &0xc0=0x80. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "tool/ids/rule/rule.h"

struct number_range {
    uint64_t low, high; /* inclusive */
    uint64_t mask;      /* not 0: value & mask is compared */
    bool negated;
};

struct number_name {
    const char *name;
    uint64_t value;
};

/* Read `text` (it is cut).  `limit` is the highest value, `name` (ends with NULL) words for
 * numbers, or NULL.  Ranges leave out their ends in Suricata and Snort 3's "<>"; "<=>" and Snort
 * 2's "-" hold them. */
int number_range_parse(struct number_range *out, char *text, enum rule_dialect dialect,
                       uint64_t limit, const struct number_name *name, struct err *e) MUST_CHECK;

static inline bool number_range_has(const struct number_range *r, uint64_t value)
{
    if (r->mask)
        value &= r->mask;
    return (value >= r->low && value <= r->high) != r->negated;
}
