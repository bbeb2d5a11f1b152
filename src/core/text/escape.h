/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loop that the writers of markup share: outside text, code point by code point, goes out as it
 * is or as what the writer's rule puts in its place. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/str.h"

enum { ESCAPE_TEXT_MAX = 20 }; /* four bytes as \xNN and a NUL, with some room */

/* What stands for the code point `code` of `len` bytes at `byte`: a literal or the text put into
 * `room`; NULL: itself.  `len` is 0 for a byte that is no UTF-8; then NULL may not be returned. */
typedef const char *escape_rule_fn(uint32_t code, const uint8_t *byte, size_t len,
                                   char room[ESCAPE_TEXT_MAX]);

/* Letters, digits, blanks and marks that no markup cares for are not asked about. */
void escape_add(struct str *out, const char *text, size_t len, escape_rule_fn *rule);
