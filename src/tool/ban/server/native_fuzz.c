/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes as a command.  What is taken to be nft's must not hold what a shell would act upon. */
#include <assert.h>
#include <string.h>

#include "core/base/str.h"
#include "tool/ban/server/native.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct native_call call;
    struct str command = str_of(1 << 20);
    str_add_len(&command, (const char *)data, size);
    if (native_parse(&call, str_text(&command))) {
        assert(call.table[0] && call.set[0] && call.who.prefix_len <= 128);
        assert(!strpbrk(call.table, "$;&|`{}") && !strpbrk(call.set, "$;&|`{}"));
    }
    str_done(&command);
    return 0;
}
