/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>

#include "cmd/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct config c;
    struct err e = {0};
    (void)!config_parse(&c, (const char *)data, size, "fuzz", &arena, &e);
    arena_done(&arena);
    return 0;
}
