/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shell wildcards: '*', '?', '[set]' and '[!set]'; a backslash takes the next character as it is.
 * Linear in the text for each star (no blow-up). */
#pragma once

#include <stdbool.h>

bool glob_match(const char *pattern, const char *text);
bool glob_has_wildcard(const char *pattern);
