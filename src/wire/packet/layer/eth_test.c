/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "wire/packet/layer/eth.h"
#include "wire/packet/layer/number.h"

#define MACS "\x02\x00\x00\x00\x00\x01\x02\x00\x00\x00\x00\x02"

static const struct {
    const char *frame;
    uint8_t len;
    bool good;
    uint8_t vlan_count;
    uint16_t type, vlan_first, vlan_last;
    uint8_t left; /* bytes behind the head */
} row[] = {
    {MACS "\x08\x00", 14, true, 0, ETH_TYPE_IP4, 0, 0, 0},
    {MACS "\x81\x00\x00\x07\x86\xdd*", 19, true, 1, ETH_TYPE_IP6, 7, 7, 1},
    {MACS "\x88\xa8\x20\x64\x81\x00\x0f\xff\x08\x06", 22, true, 2, ETH_TYPE_ARP, 0x2064, 0xfff, 0},
    {MACS "\x91\x00\0\x01\x81\x00\0\x02\x81\x00\0\x03\x81\x00\0\x04\x08\x00", 30, true, 4,
     ETH_TYPE_IP4, 1, 4, 0}, /* as many as may be */
    {MACS "\x91\x00\0\x01\x81\x00\0\x02\x81\x00\0\x03\x81\x00\0\x04\x81\x00\0\x05\x08\x00", 34,
     false, 4, ETH_TYPE_VLAN, 1, 4, 4}, /* one more */
    {MACS "\x00\x26\xaa\xaa\x03\x00\x00\x00\x08\x00", 22, true, 0, ETH_TYPE_IP4, 0, 0,
     0},                                                                        /* SNAP */
    {MACS "\x00\x26\xaa\xaa\x03\x00\x00\x0c\x20\x00", 22, true, 0, 0, 0, 0, 8}, /* another's OUI */
    {MACS "\x00\x26\x42\x42\x03\x00\x00\x00\x00\x00", 22, true, 0, 0, 0, 0, 8}, /* spanning tree */
    {MACS "\x00\x03\xaa\xaa\x03", 17, true, 0, 0, 0, 0, 3}, /* SNAP cut off is LLC */
};

static int decodes(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct bytes_in in = bytes_in_of(row[i].frame, row[i].len);
        struct eth_head h;
        CHECK_ROW(i, eth_decode(&in, &h) == row[i].good);
        CHECK_ROW(i, h.type == row[i].type && h.vlan_count == row[i].vlan_count && !in.bad);
        CHECK_ROW(i, h.dst.byte[5] == 1 && h.src.byte[5] == 2);
        CHECK_ROW(i, bytes_left(&in) == row[i].left);
        if (h.vlan_count) {
            CHECK_ROW(i, h.vlan[0].tci == row[i].vlan_first);
            CHECK_ROW(i, h.vlan[h.vlan_count - 1].tci == row[i].vlan_last);
        }
    }
    return failed;
}

int layer_eth_test(void)
{
    int failed = decodes();
    for (size_t len = 0; len < 22; len++) { /* two tags, cut at each byte */
        struct bytes_in in = bytes_in_of(row[2].frame, len);
        struct eth_head h;
        CHECK_ROW(len, !eth_decode(&in, &h) && in.bad);
    }
    for (size_t i = 0; i < 4; i++) { /* what was read is written the same */
        struct bytes_in in = bytes_in_of(row[i].frame, row[i].len);
        uint8_t copy[64];
        struct bytes_out out = bytes_out_of(copy, row[i].len - (size_t)row[i].left);
        struct eth_head h;
        CHECK_ROW(i, eth_decode(&in, &h));
        eth_encode(&out, &h);
        CHECK_ROW(i, !out.full && memcmp(copy, row[i].frame, bytes_out_len(&out)) == 0);
        out = bytes_out_of(copy, 13);
        eth_encode(&out, &h);
        CHECK_ROW(i, out.full);
    }
    return failed;
}
