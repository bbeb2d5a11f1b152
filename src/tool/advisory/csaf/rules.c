/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/advisory/csaf/rules.h"

const struct csaf_rule csaf_rules[] = {
#define CSAF_RULE(id, in_20, in_21, name) {id, in_20, in_21, csaf_##name},
#include "tool/advisory/csaf/rules.def"
#undef CSAF_RULE
    {0},
};
