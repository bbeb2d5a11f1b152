/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any text as the simulation that apt prints. */
#include <stdint.h>

#include "tool/patch/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct patch_plan plan = {0};
    struct str out = str_of(1 << 20);
    patch_plan_parse(&arena, arena_copy(&arena, data, size), &plan);
    patch_plan_to_json(&plan, &out);
    patch_plan_to_text(&plan, &out);
    patch_plan_done(&plan);
    str_done(&out);
    arena_done(&arena);
    return 0;
}
