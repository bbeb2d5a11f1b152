/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times as fail2ban's users write them: "600", "1d12h", "2 * 0.5 years - (3*20m 80s)".  Units may
 * be cut short or written out, in any case; what stands side by side is added; + - * / and
 * parentheses do as usual.  A month is a twelfth of a year of 365.25 days, and "m" is a minute. */
#pragma once

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/str.h"

/* Seconds.  *out_is_whole (may be NULL): all of it was whole numbers, without a division.  0 or
 * -EINVAL. */
int ban_duration_parse(const char *text, double *out, bool *out_is_whole, struct err *e) MUST_CHECK;

/* For people, in at most three units: "2d 7h 15m". */
void ban_duration_print(double seconds, struct str *out);
