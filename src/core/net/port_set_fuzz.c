/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A set is written and read again to the same set; a fault leaves it as it was. */
#include <assert.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/net/port_set.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = mem_zero(size + 1);
    struct port_set set = {0}, again = {0};
    struct err e = {0};
    struct str out = str_of(0);
    if (size)
        memcpy(text, data, size);
    int rc = port_set_parse(&set, text, &e);
    port_set_format(&set, &out);
    if (rc == 0)
        assert(port_set_parse(&again, str_text(&out), &e) == 0);
    assert(memcmp(&set, &again, sizeof set) == 0);
    str_done(&out);
    mem_free(text);
    return 0;
}
