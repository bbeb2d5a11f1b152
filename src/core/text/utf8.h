/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Code points from bytes (UTF-8, RFC 3629): what the writers of markup need to tell text from bytes
 * that are none.  Strict: overlong forms, surrogates and what lies above U+10FFFF are no text. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { UTF8_LEN_MAX = 4 };

static const char utf8_replacement[] = "\xef\xbf\xbd"; /* U+FFFD */

/* The length (1-4) of the code point that `text` begins with, which goes to *out; 0 when it begins
 * with none: then the first byte is to be replaced or escaped, and the reader goes on behind it. */
size_t utf8_decode(const void *text, size_t len, uint32_t *out);

/* The bytes of `code` (at most U+10FFFF) into `to`; returns their number. */
size_t utf8_encode(uint32_t code, char to[UTF8_LEN_MAX]);
