/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Base64 (RFC 4648), piece by piece.  The reader passes over what is no digit of it, as RFC 2045
 * 6.8 asks of mail readers. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/str.h"

/* Zero is a fresh decoder. */
struct base64_in {
    uint32_t bits;
    uint8_t count; /* digits in `bits` */
    bool ended;    /* '=' was seen */
};

void base64_feed(struct base64_in *b, const char *text, size_t len, struct str *out);
void base64_finish(struct base64_in *b, struct str *out); /* what a cut-off text still holds */

/* The whole in one go; also the alphabet for addresses ('-' and '_', section 5). */
void base64_decode(const char *text, size_t len, struct str *out);
void base64_encode(const void *data, size_t len, struct str *out); /* padded, no line ends */

/* As base64_decode, of the plain alphabet and nothing else: what is not of it makes it -EINVAL, and
 * *out is as it was.  Padding may be missing. */
int base64_decode_strict(const char *text, size_t len, struct str *out) MUST_CHECK;
