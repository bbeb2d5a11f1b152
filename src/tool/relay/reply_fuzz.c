/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/relay/reply.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reply r = {0};
    enum reply_state state = REPLY_MORE;
    reply_begin(&r);
    while (state == REPLY_MORE && size) {
        const uint8_t *lf = memchr(data, '\n', size);
        size_t len = lf ? (size_t)(lf - data) : size;
        state = reply_line(&r, (const char *)data, len);
        len += lf != NULL;
        data += len;
        size -= len;
    }
    assert(state != REPLY_DONE || (r.code >= 200 && r.code <= 599));
    (void)reply_offers(&r, "STARTTLS");
    reply_done(&r);
    return 0;
}
