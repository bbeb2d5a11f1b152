/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shell wildcards: '*', '?', '[set]' and '[!set]' (also '[^set]'); a backslash takes the next byte
 * as it is.  Takes at most pattern times text steps, whatever the stars (no blow-up). */
#pragma once

#include <stdbool.h>

bool glob_match(const char *pattern, const char *text);
bool glob_has_wildcard(const char *pattern);
