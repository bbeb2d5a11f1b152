/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "check.h"
#include "core/base/rng.h"
#include "wire/packet/checksum.h"

/* The sum as RFC 1071 4.1 states it, a word at a time: what the fast one is held against. */
static uint16_t plain(const uint8_t *data, size_t len)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < len; i++)
        sum += i % 2 ? data[i] : (uint32_t)data[i] << 8;
    while (sum >> 16)
        sum = (sum >> 16) + (sum & 0xffff);
    return (uint16_t)~sum;
}

static const struct {
    uint8_t data[20];
    uint8_t len;
    uint16_t sum;
} row[] = {
    {{0}, 0, 0xffff},    /* nothing */
    {{0xab}, 1, 0x54ff}, /* odd: a zero byte behind */
    {{0xff, 0xff}, 2, 0},
    {{0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7}, 8, 0x220d}, /* the example of RFC 1071 3 */
    {{0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11,  /* an IPv4 head */
      0xb8, 0x61, 0xc0, 0xa8, 0x00, 0x01, 0xc0, 0xa8, 0x00, 0xc7},
     20,
     0},
};

static int random_lengths(struct rng *r)
{
    int failed = 0;
    uint8_t data[257];
    for (size_t len = 0; len < sizeof data; len++) {
        for (size_t i = 0; i < len; i++)
            data[i] = (uint8_t)rng_u64(r);
        CHECK_ROW(len, checksum_of(data, len) == plain(data, len));
        size_t cut = len / 4 * 2; /* pieces with an even length add up to the whole */
        uint64_t sum = checksum_add(checksum_add(0, data, cut), data + cut, len - cut);
        CHECK_ROW(len, checksum_end(sum) == plain(data, len));
    }
    return failed;
}

static int updates(struct rng *r)
{
    int failed = 0;
    for (int i = 0; i < 2000; i++) {
        uint8_t data[8];
        for (size_t k = 0; k < sizeof data; k++)
            data[k] = i < 100 ? (rng_u64(r) & 1 ? 0xff : 0) : (uint8_t)rng_u64(r);
        data[0] |= 1; /* data of zeros only has a sum that no update can tell from its negative */
        uint16_t before = checksum_of(data, sizeof data);
        uint32_t old = (uint32_t)data[4] << 24 | (uint32_t)data[5] << 16 | data[6] << 8 | data[7];
        uint32_t fresh = i < 100 ? (uint32_t)(i & 3) * 0x0000ffff : (uint32_t)rng_u64(r);
        for (int k = 0; k < 4; k++)
            data[4 + k] = (uint8_t)(fresh >> (24 - 8 * k));
        CHECK_ROW(i, checksum_update_u32(before, old, fresh) == checksum_of(data, sizeof data));
    }
    /* RFC 1624 section 4: RFC 1141's equation gives 0xffff here, the right one 0x0000 */
    CHECK(checksum_update_u16(0xdd2f, 0x5555, 0x3285) == 0x0000);
    return failed;
}

int packet_checksum_test(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++)
        CHECK_ROW(i, checksum_of(row[i].data, row[i].len) == row[i].sum);
    struct rng r = rng_of(1);
    failed += random_lengths(&r);
    failed += updates(&r);

    /* a UDP datagram "hi" 10.0.0.1:1000 -> 10.0.0.2:53, summed by hand: 0x0a00+0x0001+0x0a00+0x0002
     * +0x0011+0x000a (pseudo) +0x03e8+0x0035+0x000a+0x6869 = 0x80ae */
    static const uint8_t udp[] = {0x03, 0xe8, 0x00, 0x35, 0x00, 0x0a, 0x00, 0x00, 'h', 'i'};
    struct addr src = {.family = ADDR_IP4, .byte = {10, 0, 0, 1}};
    struct addr dst = {.family = ADDR_IP4, .byte = {10, 0, 0, 2}};
    uint64_t sum = checksum_add_pseudo(0, &src, &dst, 17, sizeof udp);
    CHECK(checksum_end(checksum_add(sum, udp, sizeof udp)) == (uint16_t)~0x80ae);

    /* ICMPv6 echo request ::1 -> ::1, id 0x0a2b, no data: 1+1+8+0x3a+0x8000+0x0a2b = 0x8a6f */
    static const uint8_t echo[] = {0x80, 0, 0, 0, 0x0a, 0x2b, 0, 0};
    struct addr one = {.family = ADDR_IP6, .byte = {[15] = 1}};
    sum = checksum_add_pseudo(0, &one, &one, 58, sizeof echo);
    CHECK(checksum_end(checksum_add(sum, echo, sizeof echo)) == (uint16_t)~0x8a6f);
    return failed;
}
