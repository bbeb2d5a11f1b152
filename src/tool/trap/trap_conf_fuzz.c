/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/trap/trap_conf.h"

static void count(void *ctx, unsigned line, const char *why)
{
    (void)line, (void)why;
    ++*(size_t *)ctx;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct trap_conf conf;
    size_t refused = 0;
    trap_conf_read(&conf, (const char *)data, size, &arena, count, &refused);
    arena_done(&arena);
    return 0;
}
