/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One match in the forms of fail2ban-regex --out. */
#pragma once

#include "tool/ban/filter/ban_filter.h"

/* A line for each match, or nothing, in the form `out`; `line` counts from 1. */
void regex_found_write(struct str *to, const char *out, const struct ban_filter *f,
                       const struct ban_found *found, size_t line);
