/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>

#include "tool/ban/conf/ini_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct err e = {0};
    struct ini_file file;
    if (ini_file_parse(&file, (const char *)data, size, "fuzz", &arena, &e) == 0)
        (void)ini_file_section(&file, "DEFAULT");
    arena_done(&arena);
    return 0;
}
