/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nc/socks_request.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct socks_request r = {0};
    if (data[0] & 1) {
        r.user = "u";
        r.password = "p";
    }
    struct str out = str_of(0);
    size_t used = 0;
    enum socks_state state = socks_request_feed(&r, data + 1, size - 1, &used, &out);
    assert(used <= size - 1);
    if (state == SOCKS_READY)
        socks_reply(&out, &r, 0);
    str_done(&out);
    return 0;
}
