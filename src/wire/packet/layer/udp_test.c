/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "wire/packet/checksum.h"
#include "wire/packet/layer/udp.h"

static const struct addr src = {.family = ADDR_IP4, .byte = {10, 0, 0, 1}},
                         dst = {.family = ADDR_IP4, .byte = {10, 0, 0, 2}};

int layer_udp_test(void)
{
    int failed = 0;
    /* sum worked out by hand in packet_checksum_test */
    static const uint8_t datagram[] = {0x03, 0xe8, 0x00, 0x35, 0x00, 0x0a, 0x7f, 0x51, 'h', 'i'};
    struct bytes_in in = bytes_in_of(datagram, sizeof datagram);
    struct udp_head h;
    CHECK(udp_decode(&in, &h));
    CHECK(h.src == 1000 && h.dst == 53 && h.len == 10 && h.sum == 0x7f51 && bytes_left(&in) == 2);

    uint8_t copy[64];
    struct bytes_out out = bytes_out_of(copy, sizeof copy);
    struct udp_head fresh = {.src = 1000, .dst = 53};
    udp_encode(&out, &fresh, &src, &dst, bytes_in_of("hi", 2));
    CHECK(bytes_out_len(&out) == sizeof datagram && memcmp(copy, datagram, sizeof datagram) == 0);

    /* A word of data that makes the sum zero: what the one above lacks, less two for the length,
     * which is summed twice. */
    static const uint8_t word[4] = {'h', 'i', 0x7f, 0x4d};
    out = bytes_out_of(copy, sizeof copy);
    udp_encode(&out, &fresh, &src, &dst, bytes_in_of(word, 4));
    CHECK(copy[6] == 0xff && copy[7] == 0xff);

    for (size_t len = 0; len < UDP_HEAD_LEN; len++) {
        in = bytes_in_of(datagram, len);
        CHECK_ROW(len, !udp_decode(&in, &h) && in.bad);
    }
    static const uint8_t too_small[] = {0, 1, 0, 2, 0, 7, 0, 0};
    in = bytes_in_of(too_small, sizeof too_small);
    CHECK(!udp_decode(&in, &h) && !in.bad);

    static uint8_t big[UINT16_MAX + 1];
    static uint8_t room[2 * sizeof big];
    out = bytes_out_of(room, sizeof room);
    udp_encode(&out, &fresh, &src, &dst, bytes_in_of(big, UINT16_MAX - UDP_HEAD_LEN));
    CHECK(!out.full);
    out = bytes_out_of(room, sizeof room);
    udp_encode(&out, &fresh, &src, &dst, bytes_in_of(big, UINT16_MAX - UDP_HEAD_LEN + 1));
    CHECK(out.full);
    return failed;
}
