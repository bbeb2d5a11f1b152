/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/server/pickle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct err e = {0};
    struct ban_value v;
    struct str out = str_of(1 << 24);
    if (pickle_read(&v, data, size, &arena, &e) == 0)
        pickle_write_answer(&v, NULL, &out);
    str_done(&out);
    arena_done(&arena);
    return 0;
}
