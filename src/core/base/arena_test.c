/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>
#include <string.h>

#include "check.h"
#include "core/base/arena.h"

int base_arena_test(void)
{
    int failed = 0;
    struct arena a = {0};
    static const size_t size[] = {0, 1, 15, 16, 17, 4095, 4096, 4097, 1 << 20, (1 << 20) + 1};
    for (size_t i = 0; i < ARRAY_LEN(size); i++) {
        uint8_t *p = arena_take(&a, size[i]);
        CHECK_ROW(i, (uintptr_t)p % 16 == 0);
        bool zero = true;
        for (size_t k = 0; k < size[i]; k++)
            zero &= p[k] == 0;
        CHECK_ROW(i, zero);
        memset(p, 0xff, size[i]); /* what is taken next must be zero all the same */
    }
    CHECK(strcmp(arena_print(&a, "%d-%s", 7, "x"), "7-x") == 0);
    CHECK(strcmp(arena_text(&a, ""), "") == 0);
    CHECK(arena_text(&a, NULL) == NULL);
    arena_reset(&a);
    CHECK(a.used == 0);
    uint8_t *again = arena_take(&a, 64);
    CHECK(again[0] == 0 && again[63] == 0);
    arena_done(&a);
    arena_done(&a);
    return failed;
}
