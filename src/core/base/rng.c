/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/rng.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

/* splitmix64 (Steele, Lea, Flood 2014): fills the state from one word, as the authors of xoshiro
 * advise. */
static uint64_t split_mix(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

struct rng rng_of(uint64_t seed)
{
    struct rng r;
    for (int i = 0; i < 4; i++)
        r.word[i] = split_mix(&seed);
    return r;
}

void rng_secret(void *to, size_t len)
{
    uint8_t *p = to;
    while (len) {
        ssize_t got = getrandom(p, len, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            perror("picket: getrandom");
            abort();
        }
        p += got;
        len -= (size_t)got;
    }
}

struct rng rng_system(void)
{
    uint64_t seed;
    rng_secret(&seed, sizeof seed);
    return rng_of(seed);
}

static uint64_t rotate_left(uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

uint64_t rng_u64(struct rng *r)
{
    uint64_t *w = r->word;
    uint64_t result = rotate_left(w[1] * 5, 7) * 9, shifted = w[1] << 17;
    w[2] ^= w[0];
    w[3] ^= w[1];
    w[1] ^= w[2];
    w[0] ^= w[3];
    w[2] ^= shifted;
    w[3] = rotate_left(w[3], 45);
    return result;
}

/* Lemire 2019: multiply and keep the high half; reject the few values that would favour some. */
uint32_t rng_below(struct rng *r, uint32_t bound)
{
    uint64_t product = (rng_u64(r) >> 32) * bound;
    if ((uint32_t)product < bound) {
        uint32_t floor = -bound % bound;
        while ((uint32_t)product < floor)
            product = (rng_u64(r) >> 32) * bound;
    }
    return (uint32_t)(product >> 32);
}
