/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nc/telnet.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The answers to a peer are never longer than what he said. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct telnet t = {0};
    struct str reply = str_of(0);
    for (size_t at = 0; at < size;) {
        uint8_t part[8];
        size_t len = data[at] % sizeof part + 1;
        len = len < size - at ? len : size - at;
        for (size_t i = 0; i < len; i++)
            part[i] = data[at + i];
        size_t kept = telnet_receive(&t, part, len, &reply);
        assert(kept <= len);
        at += len;
    }
    assert(reply.len <= size);
    str_done(&reply);
    return 0;
}
