/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In which character set is a feed?  HTTP, the byte order mark, the XML declaration and the bytes
 * themselves may say different things (RFC 7303). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/str.h"

/* The text as UTF-8 without its XML declaration.  *out_sure: what was said fits what was found. */
void feed_charset_read(const char *text, size_t len, const char *content_type, struct str *out,
                       bool *out_sure);
