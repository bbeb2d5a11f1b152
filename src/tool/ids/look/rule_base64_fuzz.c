/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first byte is the mode, the second the room for what is decoded. */
#include <assert.h>
#include <stddef.h>

#include "core/base/mem.h"
#include "tool/ids/look/rule_base64.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    uint8_t *out = mem_zero(data[1]); /* exactly: a byte too many is seen */
    enum base64_mode mode = (enum base64_mode)(data[0] % (BASE64_BLANKS + 1));
    assert(rule_base64_decode(data + 2, size - 2, out, data[1], mode) <= data[1]);
    mem_free(out);
    return 0;
}
