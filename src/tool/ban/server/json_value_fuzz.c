/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/server/json_value.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct err e = {0};
    struct ban_value v;
    struct str out = str_of(0);
    if (json_value_parse(&v, (const char *)data, size, &arena, &e) == 0) {
        struct json_out j = json_out_of(&out);
        ban_value_json(&v, &j, NULL);
        ban_value_repr(&v, &out);
    }
    str_done(&out);
    arena_done(&arena);
    return 0;
}
