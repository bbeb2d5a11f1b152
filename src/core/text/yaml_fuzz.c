/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>

#include "core/text/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct yaml_node *root = NULL;
    struct err e = {0};
    if (yaml_parse(&root, (const char *)data, size, "fuzz", &arena, &e) == 0)
        (void)yaml_member(root, "vars");
    arena_done(&arena);
    return 0;
}
