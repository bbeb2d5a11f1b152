/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Message digests of whole buffers and of streams.  The door to OpenSSL's EVP; MD5 and SHA-1 are
 * here because rules, lock files and advisories still name files by them, not for protection. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/str.h"

enum digest_kind { DIGEST_MD5, DIGEST_SHA1, DIGEST_SHA256, DIGEST_SHA384, DIGEST_SHA512 };

enum { DIGEST_MAX = 64 }; /* bytes of the longest */

size_t digest_size(enum digest_kind kind);      /* bytes: 16, 20, 32, 48, 64 */
const char *digest_name(enum digest_kind kind); /* "md5", "sha256" */
int digest_from_name(const char *name);         /* any case, "sha-256" too; -1: unknown */

/* The digest of `size` bytes into out[digest_size(kind)]. */
void digest_of(enum digest_kind kind, const void *data, size_t size, uint8_t out[DIGEST_MAX]);

/* A digest that is fed piece by piece.  digest_end gives the value and frees it; digest_drop frees
 * it without one.  Both take NULL. */
struct digest;
struct digest *digest_begin(enum digest_kind kind);
void digest_feed(struct digest *d, const void *data, size_t size);
void digest_end(struct digest *d, uint8_t out[DIGEST_MAX]);
void digest_drop(struct digest *d);

void digest_print(struct str *to, const uint8_t *value, size_t size); /* lower-case hex */
