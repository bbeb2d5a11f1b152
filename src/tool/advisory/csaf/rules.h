/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules by name; what each holds is told where it is written, by its number in the standard. */
#pragma once

#include "tool/advisory/csaf/csaf.h"

/* Titles that the standard gives a meaning. */
enum csaf_term {
    CSAF_TERM_WITHDRAWAL,
    CSAF_TERM_SUPERSESSION,
    CSAF_TERM_SUPERSEDING,
    CSAF_TERM_LICENSE,
    CSAF_TERM_PRODUCT_DESCRIPTION,
    CSAF_TERM_COUNT,
};

/* In the document's language, of which there must be a translation (csaf_has_term). */
bool csaf_has_term(const struct csaf *c, enum csaf_term term);
bool csaf_is_term(const struct csaf *c, const char *text, enum csaf_term term);
bool csaf_begins_with_term(const struct csaf *c, const char *text, enum csaf_term term);

void csaf_fixed_without_affected(struct csaf *c);
void csaf_affected_without_fixed(struct csaf *c);

#define CSAF_RULE(id, in_20, in_21, name) void csaf_##name(struct csaf *c);
#include "tool/advisory/csaf/rules.def"
#undef CSAF_RULE
