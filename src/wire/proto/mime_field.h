/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands in the headers of mail: parameters (RFC 2045, 2231), encoded words (RFC 2047),
 * addresses (RFC 5322 3.4). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/str.h"

enum { MIME_ADDRESSES_MAX = 500 };

/* The first word of a structured header, in lower case: "text/plain" of "Text/Plain; charset=x". */
void mime_token(const char *value, char *to, size_t size);

/* Add the parameter's value as UTF-8: quotes off, continuations (RFC 2231) joined, encoded words
 * read, though they should not stand here.  false: there is no such parameter. */
bool mime_param(const char *value, const char *name, struct str *out);

/* Add the text with its encoded words read.  Bytes that are no UTF-8 are taken as Windows-1252. */
void mime_decode_words(const char *text, struct str *out);

/* Call fn for each address of the list: "a@b" without its name and comments. */
void mime_addresses(const char *value, void (*fn)(void *ctx, const char *address), void *ctx);
