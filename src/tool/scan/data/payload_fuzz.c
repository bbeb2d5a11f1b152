/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/data/payload.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct payload_set s = {0};
    struct err e = {0};
    struct bytes_in out[PAYLOAD_PER_PORT_MAX];
    if (payload_set_parse(&s, (const char *)data, size, "fuzz", &e) == 0)
        (void)payload_set_find(&s, 53, out);
    payload_set_done(&s);
    return 0;
}
