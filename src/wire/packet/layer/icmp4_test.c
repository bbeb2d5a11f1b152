/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "wire/packet/checksum.h"
#include "wire/packet/layer/icmp4.h"

int layer_icmp4_test(void)
{
    int failed = 0;
    struct icmp4_head h = {.type = ICMP4_TYPE_ECHO, .rest = icmp4_rest(0x1234, 7)}, back;
    uint8_t message[16];
    struct bytes_out out = bytes_out_of(message, sizeof message);
    icmp4_encode(&out, &h, bytes_in_of("odd", 3));
    CHECK(bytes_out_len(&out) == 11 && checksum_of(message, 11) == 0);
    struct bytes_in in = bytes_in_of(message, 11);
    CHECK(icmp4_decode(&in, &back) && bytes_left(&in) == 3);
    CHECK(back.type == ICMP4_TYPE_ECHO && back.code == 0 && back.sum != 0);
    CHECK(icmp4_id(&back) == 0x1234 && icmp4_seq(&back) == 7);
    for (size_t len = 0; len < ICMP4_HEAD_LEN; len++) {
        in = bytes_in_of(message, len);
        CHECK_ROW(len, !icmp4_decode(&in, &back));
        out = bytes_out_of(message, len);
        icmp4_encode(&out, &h, bytes_in_of(NULL, 0));
        CHECK_ROW(len, out.full);
    }
    static const uint8_t error[] = {3, 4, 5, 11, 12};
    for (unsigned type = 0; type < 256; type++)
        CHECK_ROW(type, icmp4_is_error((uint8_t)type) == (memchr(error, (int)type, 5) != NULL));
    return failed;
}
