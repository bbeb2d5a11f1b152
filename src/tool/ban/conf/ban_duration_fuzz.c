/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>

#include "core/base/arena.h"
#include "tool/ban/conf/ban_duration.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct err e = {0};
    struct str out = str_of(256);
    double seconds;
    if (ban_duration_parse(arena_copy(&arena, data, size), &seconds, NULL, &e) == 0 &&
        seconds >= 0 && seconds < 1e12)
        ban_duration_print(seconds, &out);
    str_done(&out);
    arena_done(&arena);
    return 0;
}
