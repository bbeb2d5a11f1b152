/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of a filter's rules may a line match?  One search for the literals that they need answers
 * for all of them; a rule that needs none is always tried. */
#pragma once

#include "core/match/multi.h"
#include "tool/ban/filter/literal_scan.h"
#include "tool/ban/filter/rule.h"

enum { PREFILTER_RULES_MAX = 512 };

struct prefilter_mask {
    uint64_t word[PREFILTER_RULES_MAX / 64];
};

struct line_prefilter {
    struct literal_scan *fast; /* where it can be had; else */
    struct multi *multi;       /* NULL, too: no rule needs a literal */
    struct multi_scratch *scratch;
    struct prefilter_mask always, *of_literal;
    size_t words; /* of the masks that are in use */
    bool is_made;
};

void line_prefilter_make(struct line_prefilter *p, const struct rule *rule, size_t count);
void line_prefilter_done(struct line_prefilter *p);

/* false: no rule can match. */
bool line_prefilter_scan(struct line_prefilter *p, const char *line, size_t len,
                         struct prefilter_mask *out);

static inline bool prefilter_has(const struct prefilter_mask *m, size_t rule)
{
    return m->word[rule / 64] >> (rule % 64) & 1;
}
