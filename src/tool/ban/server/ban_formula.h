/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long a repeated ban is: an expression of Python's, of those that make sense for it: numbers,
 * ban.Time, ban.Count, banFactor, + - * / // % **, << >>, comparisons, and or not, "x if c else y",
 * min max abs int float round pow, math.exp log log2 log10 sqrt pow e pi.  All else is refused. */
#pragma once

#include "core/base/attr.h"
#include "core/base/err.h"

struct ban_formula_values {
    double time_s, count, factor;
};

/* 0 or -EINVAL with the offset of the fault. */
int ban_formula_eval(const char *text, const struct ban_formula_values *v, double *out,
                     struct err *e) MUST_CHECK;
