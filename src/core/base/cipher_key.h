/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arithmetic of public keys on numbers that are plain bytes, the most significant first: what a
 * scanner needs to speak key exchanges by hand.  Not constant in time: no secret of ours goes in.
 */
#pragma once

#include "core/base/cipher.h"
#include "core/base/str.h"

/* base ^ exponent mod modulus, without leading zeros.  0, or -EINVAL (no modulus, too large). */
int cipher_key_power(struct cipher_bytes base, struct cipher_bytes exponent,
                     struct cipher_bytes modulus, struct str *out) MUST_CHECK;

int cipher_key_compare(struct cipher_bytes a, struct cipher_bytes b); /* -1, 0, 1 */

/* DSA (FIPS 186) over a number that is the digest.  -EINVAL: the numbers make no key. */
struct cipher_dsa {
    struct cipher_bytes p, q, g, pub, priv;
};
int cipher_dsa_sign(const struct cipher_dsa *key, struct cipher_bytes digest, struct str *out_r,
                    struct str *out_s) MUST_CHECK;
bool cipher_dsa_verify(const struct cipher_dsa *key, struct cipher_bytes digest,
                       struct cipher_bytes r, struct cipher_bytes s);

/* The private number of a key in PEM: RSA's d, DSA's x.  `phrase` may be NULL.  0 or -EINVAL. */
int cipher_key_private(struct cipher_bytes pem, const char *phrase, bool dsa,
                       struct str *out) MUST_CHECK;

/* An RSA signature (PKCS #1 v1.5) of a SHA-1 digest by a key in PEM.  0 or -EINVAL. */
int cipher_key_sign_sha1(struct cipher_bytes pem, const char *phrase, struct cipher_bytes digest,
                         struct str *out) MUST_CHECK;
