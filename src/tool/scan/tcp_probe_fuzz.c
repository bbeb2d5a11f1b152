/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as an answer to any technique: nothing a target sends may do more than give a verdict.
 */
#include "tool/scan/technique/technique.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct packet packet, quoted;
    if (size < 5)
        return 0;
    enum packet_link link = data[0] & 1 ? PACKET_LINK_ETHERNET : PACKET_LINK_RAW_IP;
    uint32_t cookie =
        (uint32_t)data[1] << 24 | (uint32_t)data[2] << 16 | (uint32_t)data[3] << 8 | data[4];
    if (packet_decode(&packet, data + 5, size - 5, link) != PACKET_OK)
        return 0;
    bool is_error = packet_is_icmp_error(&packet);
    if (is_error && packet_decode_quoted(&quoted, &packet) != PACKET_OK)
        return 0;
    for (size_t i = 0; scan_techniques[i]; i++) {
        struct mac mac;
        bool has_mac = false;
        struct scan_verdict v = {0};
        struct frame_answer answer = {.packet = &packet,
                                      .quoted = is_error ? &quoted : NULL,
                                      .cookie = cookie,
                                      .tcp_flags = scan_techniques[i]->tcp_flags,
                                      .on_reset = scan_techniques[i]->on_reset,
                                      .out_mac = &mac,
                                      .out_has_mac = &has_mac};
        if (scan_techniques[i]->judge)
            (void)scan_techniques[i]->judge(&answer, &v);
    }
    return 0;
}
