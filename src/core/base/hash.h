/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keyed hashing.  SipHash-2-4 (Aumasson, Bernstein 2012): strangers choose the keys of our tables,
 * so the hash needs a secret; it is also the cookie of stateless probes. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct hash_key {
    uint64_t word[2];
};

struct hash_key hash_key_secret(void); /* from the kernel's randomness */

uint64_t hash_bytes(const struct hash_key *key, const void *data, size_t len);
