/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/base/mem.h"
#include "tool/audit/close.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct close_port p;
    struct err e = {0};
    char *text = mem_zero(size + 1);
    if (size)
        memcpy(text, data, size);
    (void)!close_port_parse(&p, text, &e);
    mem_free(text);
    return 0;
}
