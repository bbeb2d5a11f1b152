/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "core/text/ini.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ini ini = {0};
    struct arena arena = {0};
    struct err e = {0};
    if (ini_parse(&ini, (const char *)data, size, "fuzz", &arena, &e) != 0) {
        assert(ini.count == 0 && strncmp(e.text, "fuzz:", 5) == 0);
        arena_done(&arena);
        return 0;
    }
    for (size_t i = 0; i < ini.count; i++) {
        const struct ini_item *item = &ini.item[i];
        assert(item->key[0] && strlen(item->value) <= INI_VALUE_MAX);
        assert(ini_find(&ini, item->section, item->key) >= item); /* the last one wins */
        if (i > 100) /* each look goes through all items */
            break;
    }
    ini_done(&ini);
    arena_done(&arena);
    return 0;
}
