/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chance, handed down so that a run can be repeated from its seed.  xoshiro256** (Blackman and
 * Vigna, 2018): fast and well spread, but no secret: keys and tokens come from rng_secret. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct rng {
    uint64_t word[4];
};

struct rng rng_of(uint64_t seed); /* the same seed, the same sequence */
struct rng rng_system(void);      /* a seed of the kernel's */

uint64_t rng_u64(struct rng *r);
uint32_t rng_below(struct rng *r, uint32_t bound); /* 0 .. bound - 1, without bias; bound > 0 */

void rng_secret(void *to, size_t len); /* from the kernel; ends the process if it gives none */
