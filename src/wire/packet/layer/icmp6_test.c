/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "wire/packet/checksum.h"
#include "wire/packet/layer/icmp6.h"
#include "wire/packet/layer/number.h"

static const struct addr src = {.family = ADDR_IP6, .byte = {0xfe, 0x80, [15] = 1}},
                         dst = {.family = ADDR_IP6, .byte = {0xfe, 0x80, [13] = 0xab, 0xcd, 0xef}};

static bool sum_is_right(const uint8_t *message, size_t len)
{
    uint64_t sum = checksum_add_pseudo(0, &src, &dst, IP_PROTO_ICMP6, (uint32_t)len);
    return checksum_end(checksum_add(sum, message, len)) == 0;
}

static int echo(void)
{
    int failed = 0;
    struct icmp6_head h = {.type = ICMP6_TYPE_ECHO, .code = 3, .rest = 0x12345678}, back;
    uint8_t message[16];
    struct bytes_out out = bytes_out_of(message, sizeof message);
    icmp6_encode(&out, &h, &src, &dst, bytes_in_of("odd", 3));
    CHECK(bytes_out_len(&out) == 11 && sum_is_right(message, 11));
    struct bytes_in in = bytes_in_of(message, 11);
    CHECK(icmp6_decode(&in, &back) && bytes_left(&in) == 3);
    CHECK(back.type == ICMP6_TYPE_ECHO && back.code == 3 && back.rest == 0x12345678);
    for (size_t len = 0; len < ICMP6_HEAD_LEN; len++) {
        in = bytes_in_of(message, len);
        CHECK_ROW(len, !icmp6_decode(&in, &back));
    }
    CHECK(icmp6_is_error(1) && icmp6_is_error(127) && !icmp6_is_error(128));
    return failed;
}

/* Write, read back, and cut at each byte: a cut between target and option leaves a whole message
 * without the option, every other cut is a fault. */
static int advert(void)
{
    int failed = 0;
    struct icmp6_nd nd = {.type = ICMP6_TYPE_NEIGHBOUR_ADVERT,
                          .target = dst,
                          .solicited = true,
                          .override = true,
                          .has_target_mac = true,
                          .target_mac = {{2, 0, 0, 0, 0, 9}}};
    uint8_t message[64];
    struct bytes_out out = bytes_out_of(message, sizeof message);
    icmp6_nd_encode(&out, &nd, &src, &dst);
    size_t whole = bytes_out_len(&out);
    CHECK(whole == 8 + 16 + 8 && sum_is_right(message, whole));
    for (size_t len = ICMP6_HEAD_LEN; len <= whole; len++) {
        struct bytes_in in = bytes_in_of(message, len);
        struct icmp6_head h;
        struct icmp6_nd back;
        CHECK_ROW(len, icmp6_decode(&in, &h));
        CHECK_ROW(len, icmp6_nd_decode(&in, &h, &back) == (len == whole || len == 24));
        if (len < 24)
            continue;
        CHECK_ROW(len, memcmp(back.target.byte, dst.byte, 16) == 0);
        CHECK_ROW(len, back.solicited && back.override && !back.router);
        CHECK_ROW(len, back.has_target_mac == (len == whole) && !back.has_source_mac);
    }
    return failed;
}

static int solicit(void)
{
    int failed = 0;
    uint8_t message[64];
    static const uint8_t types[] = {ICMP6_TYPE_NEIGHBOUR_SOLICIT, ICMP6_TYPE_ROUTER_SOLICIT};
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        struct icmp6_nd nd = {
            .type = types[i], .target = dst, .has_source_mac = true, .source_mac = {{2, 1}}};
        struct bytes_out out = bytes_out_of(message, sizeof message);
        icmp6_nd_encode(&out, &nd, &src, &dst);
        CHECK_ROW(i, sum_is_right(message, bytes_out_len(&out)));
        struct bytes_in in = bytes_in_of(message, bytes_out_len(&out));
        struct icmp6_head h;
        struct icmp6_nd back;
        CHECK_ROW(i, icmp6_decode(&in, &h) && icmp6_nd_decode(&in, &h, &back));
        CHECK_ROW(i, back.type == types[i] && back.has_source_mac && back.source_mac.byte[1] == 1);
        CHECK_ROW(i, (back.target.family == ADDR_IP6) == (i == 0));
    }
    return failed;
}

static int router_advert(void)
{
    int failed = 0;
    static const uint8_t body[] = {
        0,   0, 0x75, 0x30, 0, 0, 0x03, 0xe8, /* reachable 30 s, retransmit 1 s */
        5,   1, 0,    0,    0, 0, 0x05, 0xdc, /* MTU 1500 */
        200, 2, 0,    0,    0, 0, 0,    0,    /* an option nobody knows, of 16 bytes */
        0,   0, 0,    0,    0, 0, 0,    0,    1, 1, 2, 0, 0, 0, 0, 1, /* the router's own address */
    };
    struct icmp6_head h = {.type = ICMP6_TYPE_ROUTER_ADVERT, .rest = 0x40c00708};
    struct icmp6_nd nd;
    struct bytes_in in = bytes_in_of(body, sizeof body);
    CHECK(icmp6_nd_decode(&in, &h, &nd));
    CHECK(nd.hop_limit == 64 && nd.managed && nd.other_config && nd.router_lifetime_s == 1800);
    CHECK(nd.reachable_ms == 30000 && nd.retransmit_ms == 1000);
    CHECK(nd.has_source_mac && nd.source_mac.byte[5] == 1);
    struct icmp6_option option;
    int count = 0;
    while (icmp6_option_next(&nd.option, &option))
        count += option.kind == ICMP6_OPTION_MTU ? 10 : 1;
    CHECK(count == 12 && !nd.option.bad);

    static const uint8_t endless[] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2, 0, 0, 0, 0, 1};
    in = bytes_in_of(endless, sizeof endless);
    CHECK(!icmp6_nd_decode(&in, &h, &nd)); /* a length of zero: RFC 4861 4.6 */
    h.type = ICMP6_TYPE_ECHO;
    in = bytes_in_of(body, sizeof body);
    CHECK(!icmp6_nd_decode(&in, &h, &nd));
    h.type = ICMP6_TYPE_REDIRECT;
    in = bytes_in_of(body, 32);
    CHECK(icmp6_nd_decode(&in, &h, &nd) && nd.target.byte[2] == 0x75 &&
          nd.redirect_dst.byte[0] == 200);
    return failed;
}

int layer_icmp6_test(void)
{
    int failed = echo() + advert() + solicit() + router_advert();
    struct addr group = icmp6_solicited_node(&dst);
    CHECK(group.byte[0] == 0xff && group.byte[1] == 2 && group.byte[11] == 1);
    CHECK(group.byte[12] == 0xff && group.byte[13] == dst.byte[13]);
    CHECK(group.byte[14] == dst.byte[14] && group.byte[15] == dst.byte[15]);
    struct mac mac = icmp6_multicast_mac(&group);
    CHECK(mac.byte[0] == 0x33 && mac.byte[1] == 0x33 && mac.byte[2] == 0xff);
    CHECK(mac.byte[3] == dst.byte[13] && mac.byte[5] == dst.byte[15]);
    return failed;
}
