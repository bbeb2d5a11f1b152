/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/permutation.h"

enum { ROUNDS = 4 };

struct permutation permutation_identity(uint64_t count)
{
    return (struct permutation){.count = count};
}

struct permutation permutation_of(uint64_t count, uint64_t seed)
{
    struct permutation p = {.count = count, .key = seed, .half_bits = 1};
    while (p.half_bits < 32 && (UINT64_C(1) << (2 * p.half_bits)) < count)
        p.half_bits++;
    return p;
}

/* A round function needs to be quick and uneven, not secret (finaliser of splitmix64). */
static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
    x = (x ^ x >> 27) * 0x94d049bb133111eb;
    return x ^ x >> 31;
}

static uint64_t feistel(const struct permutation *p, uint64_t value)
{
    uint64_t mask = (UINT64_C(1) << p->half_bits) - 1;
    uint64_t left = value >> p->half_bits, right = value & mask;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        uint64_t next = left ^ (mix(right ^ p->key ^ round << 56) & mask);
        left = right;
        right = next;
    }
    return left << p->half_bits | right;
}

uint64_t permutation_at(const struct permutation *p, uint64_t index)
{
    if (!p->half_bits)
        return index;
    do
        index = feistel(p, index);
    while (index >= p->count);
    return index;
}
