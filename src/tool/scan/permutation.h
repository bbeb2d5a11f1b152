/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A seeded order of the numbers 0 .. count-1 that needs no memory: a four-round Feistel network
 * over the next power of four, walked until it lands inside (Black and Rogaway 2002, "cycle
 * walking"). The same seed gives the same order, so a scan can be repeated, resumed and shared out.
 */
#pragma once

#include <stdint.h>

struct permutation {
    uint64_t count;
    uint64_t key;
    uint8_t half_bits; /* 0: the identity */
};

struct permutation permutation_of(uint64_t count, uint64_t seed);
struct permutation permutation_identity(uint64_t count);

uint64_t permutation_at(const struct permutation *p, uint64_t index); /* index < count */
