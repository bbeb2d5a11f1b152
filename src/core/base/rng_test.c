/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "core/base/rng.h"

int base_rng_test(void)
{
    int failed = 0;
    struct rng a = rng_of(7), b = rng_of(7), c = rng_of(8);
    for (int i = 0; i < 100; i++) {
        uint64_t word = rng_u64(&a);
        CHECK_ROW(i, word == rng_u64(&b) && word != rng_u64(&c));
    }
    /* 60,000 throws of a die: each face 10,000 give or take 5 sigma (457) */
    int face[6] = {0};
    for (int i = 0; i < 60000; i++)
        face[rng_below(&a, 6)]++;
    for (int i = 0; i < 6; i++)
        CHECK_ROW(i, face[i] > 9543 && face[i] < 10457);
    CHECK(rng_below(&a, 1) == 0);
    return failed;
}
