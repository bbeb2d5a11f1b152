/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a CSAF document: held against the schema and every rule of both versions. */
#include <stdint.h>

#include "tool/advisory/csaf/csaf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct str out = str_of(4 << 20);
    struct err e = {0};
    struct csaf c;
    if (size > 65536)
        return 0;
    if (csaf_validate(&arena, arena_copy(&arena, data, size), size, &c, &e) == 0)
        csaf_to_json(&c, &out);
    csaf_done(&c);
    str_done(&out);
    arena_done(&arena);
    return 0;
}
