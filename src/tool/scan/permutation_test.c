/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "core/base/mem.h"
#include "tool/scan/permutation.h"

int scan_permutation_test(void)
{
    int failed = 0;
    static const uint64_t count[] = {1, 2, 3, 4, 5, 16, 17, 1000, 65535, 65536, 65537};
    for (size_t i = 0; i < ARRAY_LEN(count); i++) {
        struct permutation p = permutation_of(count[i], 42 + i);
        char *seen = mem_zero(count[i]);
        uint64_t in_place = 0;
        for (uint64_t k = 0; k < count[i]; k++) {
            uint64_t at = permutation_at(&p, k);
            in_place += at == k;
            if (!CHECK_ROW(i, at < count[i] && !seen[at]))
                break;
            seen[at] = 1;
        }
        CHECK_ROW(i, count[i] < 1000 || in_place < count[i] / 100);
        mem_free(seen);
    }
    struct permutation a = permutation_of(1000, 1), b = permutation_of(1000, 1),
                       c = permutation_of(1000, 2);
    int same = 0;
    for (uint64_t k = 0; k < 1000; k++) {
        CHECK_ROW(k, permutation_at(&a, k) == permutation_at(&b, k));
        same += permutation_at(&a, k) == permutation_at(&c, k);
    }
    CHECK(same < 20);
    struct permutation plain = permutation_identity(9);
    CHECK(permutation_at(&plain, 8) == 8);
    return failed;
}
