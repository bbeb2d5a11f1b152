/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text in any character set to UTF-8, by iconv(3).  What cannot be read becomes U+FFFD; nothing is
 * refused but a set that nobody knows. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/str.h"

/* Add the text to *out.  false: no such character set; then nothing is added. */
bool charset_to_utf8(const char *charset, const void *text, size_t len, struct str *out);

/* Is it UTF-8 from end to end? */
bool charset_is_utf8(const void *text, size_t len);
