/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "wire/packet/layer/arp.h"

static const uint8_t reply[ARP_LEN] = {0,  1, 8, 0, 6, 4, 0, 2, 2, 0, 0,  0, 0, 1,
                                       10, 0, 0, 1, 2, 0, 0, 0, 0, 2, 10, 0, 0, 2};

int layer_arp_test(void)
{
    int failed = 0;
    struct arp_head h;
    struct bytes_in in = bytes_in_of(reply, sizeof reply);
    CHECK(arp_decode(&in, &h) && arp_is_ip4_ethernet(&h) && bytes_left(&in) == 0);
    CHECK(h.operation == ARP_REPLY && h.sender_mac.byte[5] == 1 && h.target_mac.byte[5] == 2);
    CHECK(h.sender.family == ADDR_IP4 && h.sender.byte[3] == 1 && h.target.byte[3] == 2);

    uint8_t copy[ARP_LEN];
    struct bytes_out out = bytes_out_of(copy, sizeof copy);
    arp_encode(&out, &h);
    CHECK(!out.full && memcmp(copy, reply, sizeof reply) == 0);

    for (size_t len = 0; len < sizeof reply; len++) {
        in = bytes_in_of(reply, len);
        CHECK_ROW(len, !arp_decode(&in, &h) && in.bad);
    }
    /* other forms: known to be other, their addresses skipped by the lengths they state */
    static const struct {
        uint8_t at, value;
        size_t used;
    } row[] = {{1, 6, 28}, {2, 0x86, 28}, {4, 7, 30}, {5, 16, 52}, {4, 0, 16}};
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        uint8_t other[64] = {0};
        memcpy(other, reply, sizeof reply);
        other[row[i].at] = row[i].value;
        in = bytes_in_of(other, sizeof other);
        CHECK_ROW(i, arp_decode(&in, &h) && !arp_is_ip4_ethernet(&h));
        CHECK_ROW(i, sizeof other - bytes_left(&in) == row[i].used);
        CHECK_ROW(i, h.sender.family == ADDR_NONE);
    }
    return failed;
}
