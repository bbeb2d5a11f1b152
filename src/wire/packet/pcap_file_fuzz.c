/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <stdint.h>

#include "wire/packet/pcap_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pcap_file f;
    struct pcap_frame frame;
    struct err e = {0};
    if (pcap_file_open(&f, data, size, &e) < 0)
        return 0;
    while (pcap_file_next(&f, &frame, &e) == 1)
        assert(frame.len <= size && frame.data + frame.len <= data + size);
    return 0;
}
