/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "wire/packet/layer/sll.h"

static const uint8_t one[SLL_HEAD_LEN] = {0,    4,    0,    1, 0, 6, 0x02, 0xaa,
                                          0xbb, 0xcc, 0xdd, 1, 0, 0, 0x86, 0xdd};
static const uint8_t two[SLL2_HEAD_LEN] = {8, 0, 0, 0,    0,    1,    0,    2, 3, 4,
                                           3, 6, 2, 0xaa, 0xbb, 0xcc, 0xdd, 1, 0, 0};

int layer_sll_test(void)
{
    int failed = 0;
    struct sll_head h;
    struct bytes_in in = bytes_in_of(one, sizeof one);
    CHECK(sll_decode(&in, &h));
    CHECK(h.packet_type == 4 && h.hardware == 1 && h.addr_len == 6 && h.type == 0x86dd);
    CHECK(h.addr[0] == 2 && h.addr[5] == 1 && h.interface == 0);
    uint8_t copy[SLL2_HEAD_LEN];
    struct bytes_out out = bytes_out_of(copy, sizeof copy);
    sll_encode(&out, &h);
    CHECK(bytes_out_len(&out) == sizeof one && memcmp(copy, one, sizeof one) == 0);

    in = bytes_in_of(two, sizeof two);
    CHECK(sll2_decode(&in, &h));
    CHECK(h.interface == 0x00010002 && h.hardware == 0x0304 && h.packet_type == 3);
    CHECK(h.addr_len == 6 && h.type == 0x0800 && h.addr[5] == 1);
    out = bytes_out_of(copy, sizeof copy);
    sll2_encode(&out, &h);
    CHECK(bytes_out_len(&out) == sizeof two && memcmp(copy, two, sizeof two) == 0);

    for (size_t len = 0; len < sizeof two; len++) {
        in = bytes_in_of(one, len < sizeof one ? len : 0);
        CHECK_ROW(len, !sll_decode(&in, &h));
        in = bytes_in_of(two, len);
        CHECK_ROW(len, !sll2_decode(&in, &h));
    }
    return failed;
}
