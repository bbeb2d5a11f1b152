/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "sys/priv/channel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct channel_message m;
    if (channel_parse(&m, data, size) &&
        (m.head.version != CHANNEL_VERSION || m.head.len != size - sizeof m.head ||
         memcmp(m.body, data + sizeof m.head, m.head.len) != 0))
        abort();
    return 0;
}
