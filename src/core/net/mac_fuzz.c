/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/net/mac.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = mem_zero(size + 1), to[MAC_TEXT_MAX];
    struct mac m, again;
    struct err e = {0};
    if (size)
        memcpy(text, data, size);
    if (mac_parse(&m, text, &e) == 0)
        assert(mac_parse(&again, mac_format(&m, to), &e) == 0 && !memcmp(&m, &again, sizeof m));
    mem_free(text);
    return 0;
}
