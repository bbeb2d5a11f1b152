/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HTML of strangers made harmless: elements, attributes and addresses that are known to do nothing
 * but show text stay, all else goes.  What comes out is written anew, not patched: quoted
 * attributes, escaped text, closed elements. */
#pragma once

#include <stdbool.h>

#include "core/base/str.h"

enum { HTML_CLEAN_DEPTH_MAX = 256 };

/* Relative addresses are made whole by `base` (may be NULL). */
void html_clean(const char *html, size_t len, const char *base, struct str *out);

/* Does the text look like HTML rather than like plain text?  It has a closing tag or a reference,
 * and all its tags and references are known. */
bool html_is_likely(const char *text, size_t len);
