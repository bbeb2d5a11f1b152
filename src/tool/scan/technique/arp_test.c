/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "check.h"
#include "tool/scan/technique/technique.h"
#include "wire/packet/layer/arp.h"
#include "wire/packet/layer/eth.h"
#include "wire/packet/layer/number.h"

/* An ARP message from the target, as a frame. */
static size_t make_frame(uint8_t *to, size_t size, uint16_t operation)
{
    struct bytes_out out = bytes_out_of(to, size);
    struct eth_head eth = {.type = ETH_TYPE_ARP};
    struct arp_head arp = {.operation = operation,
                           .sender_mac = {{2, 0, 0, 0, 0, 9}},
                           .sender = addr_ip4(0xc0000202),
                           .target = addr_ip4(0xc0000201)};
    eth_encode(&out, &eth);
    arp_encode(&out, &arp);
    return bytes_out_len(&out);
}

int technique_arp_test(void)
{
    int failed = 0;
    const struct scan_technique *arp = scan_technique_find("arp");
    uint8_t frame[64], built[64];
    static const struct {
        uint16_t operation;
        bool counts;
    } row[] = {{ARP_REPLY, true}, {ARP_REQUEST, false} /* he asks, too: that is no answer */};
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct packet packet;
        struct mac mac = {{0}};
        bool has_mac = false;
        size_t len = make_frame(frame, sizeof frame, row[i].operation);
        CHECK_ROW(i, packet_decode(&packet, frame, len, PACKET_LINK_ETHERNET) == PACKET_OK);
        struct frame_answer answer = {.packet = &packet, .out_mac = &mac, .out_has_mac = &has_mac};
        struct scan_verdict v;
        CHECK_ROW(i, arp->judge(&answer, &v) == row[i].counts && has_mac == row[i].counts);
        CHECK_ROW(i, !row[i].counts ||
                         (mac.byte[5] == 9 && v.because.reason == SCAN_REASON_ARP_RESPONSE));
    }
    struct frame_probe probe = {.src = addr_ip4(0xc0000201), .dst = addr_ip4(0xc0000202)};
    struct bytes_out out = bytes_out_of(built, sizeof built);
    arp->build(&probe, &out);
    struct bytes_in in = bytes_in_of(built, bytes_out_len(&out));
    struct arp_head h;
    CHECK(arp_decode(&in, &h) && h.operation == ARP_REQUEST && addr_equal(&h.target, &probe.dst));
    return failed;
}
