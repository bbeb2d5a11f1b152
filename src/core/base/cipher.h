/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ciphers and message authentication codes over whole buffers: the door to OpenSSL's EVP.  Old and
 * broken ones are here as well, because a scanner speaks the protocols that still use them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"

enum { CIPHER_TAG_SIZE = 16, CIPHER_MAC_MAX = 64, CIPHER_BLOCK_MAX = 32 };

struct cipher_bytes {
    const void *data;
    size_t len;
};

/* Encrypt or decrypt `in` by OpenSSL's name of the cipher ("AES-128-CBC"), without padding, into
 * out[in.len].  The key is cut or refused as the cipher asks; a short IV is refused.
 * 0 or -EINVAL. */
int cipher_apply(const char *name, bool encrypt, struct cipher_bytes key, struct cipher_bytes iv,
                 struct cipher_bytes in, uint8_t *out) MUST_CHECK;

/* The same in a mode with authentication ("AES-128-GCM", "AES-256-CCM").  tag[] is that of the
 * plain text; whoever decrypts compares it himself.  0 or -EINVAL. */
int cipher_seal(const char *name, bool encrypt, struct cipher_bytes key, struct cipher_bytes iv,
                struct cipher_bytes extra, struct cipher_bytes in, uint8_t *out,
                uint8_t tag[CIPHER_TAG_SIZE]) MUST_CHECK;

/* One block of single DES by a key of 8 bytes. */
void cipher_des_block(const uint8_t key[8], const uint8_t in[8], uint8_t out[8]);
/* The same by 7 bytes whose bits are spread over 8, as LAN Manager does. */
void cipher_des_block7(const uint8_t key[7], const uint8_t in[8], uint8_t out[8]);

/* RC4 as a stream: the state goes on with each call. */
struct cipher_rc4 {
    uint8_t box[256], i, j;
};
void cipher_rc4_init(struct cipher_rc4 *state, const void *key, size_t len);
void cipher_rc4_apply(struct cipher_rc4 *state, const void *in, size_t len, uint8_t *out);

/* A message authentication code by a digest ("SHA256", "RIPEMD160") or a cipher in its own mode
 * (cipher_cmac: "AES-128-CBC"; cipher_gmac: "AES-128-GCM").  Returns its size, or 0: no such. */
size_t cipher_hmac(const char *digest, struct cipher_bytes key, struct cipher_bytes in,
                   uint8_t out[CIPHER_MAC_MAX]);
size_t cipher_cmac(const char *cipher, struct cipher_bytes key, struct cipher_bytes in,
                   uint8_t out[CIPHER_MAC_MAX]);
size_t cipher_gmac(const char *cipher, struct cipher_bytes key, struct cipher_bytes iv,
                   struct cipher_bytes in, uint8_t out[CIPHER_MAC_MAX]);

/* A digest by OpenSSL's name.  Returns its size, or 0: no such. */
size_t cipher_digest(const char *name, struct cipher_bytes in, uint8_t out[CIPHER_MAC_MAX]);
void cipher_md4(const void *data, size_t len, uint8_t out[16]); /* RFC 1320 */
