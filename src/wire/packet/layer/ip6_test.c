/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "wire/packet/layer/ip6.h"
#include "wire/packet/layer/number.h"

static int head(void)
{
    int failed = 0;
    struct ip6_head h = {.src = {.family = ADDR_IP6, .byte = {0x20, [15] = 1}},
                         .dst = {.family = ADDR_IP6, .byte = {0x20, [15] = 2}},
                         .traffic_class = 0xb8,
                         .flow_label = 0x12345,
                         .next = IP_PROTO_UDP,
                         .hop_limit = 255};
    struct ip6_head back;
    uint8_t copy[IP6_HEAD_LEN];
    struct bytes_out out = bytes_out_of(copy, sizeof copy);
    ip6_encode(&out, &h, 4660);
    CHECK(!out.full && copy[0] == 0x6b && copy[1] == 0x81 && copy[4] == 0x12 && copy[5] == 0x34);
    for (size_t len = 0; len <= IP6_HEAD_LEN; len++) {
        struct bytes_in in = bytes_in_of(copy, len);
        CHECK_ROW(len, ip6_decode(&in, &back) == (len == IP6_HEAD_LEN));
    }
    CHECK(back.version == 6 && back.traffic_class == 0xb8 && back.flow_label == 0x12345);
    CHECK(back.payload_len == 4660 && back.next == IP_PROTO_UDP && back.hop_limit == 255);
    CHECK(back.src.family == ADDR_IP6 && back.src.byte[15] == 1 && back.dst.byte[15] == 2);
    copy[0] = 0x45;
    struct bytes_in in = bytes_in_of(copy, sizeof copy);
    CHECK(!ip6_decode(&in, &back) && !in.bad);
    out = bytes_out_of(copy, sizeof copy);
    ip6_encode(&out, &h, 65536);
    CHECK(out.full);
    return failed;
}

/* One extension header each: its kind, its bytes, and what is read of it. */
static const struct {
    uint8_t kind, len, byte[24];
    bool good;
    uint16_t data_len;
} row[] = {
    {IP_PROTO_HOP_BY_HOP, 8, {6, 0, 5, 2, 0, 0, 1, 0}, true, 6},
    {IP_PROTO_DST_OPTIONS, 16, {6, 1, 1, 12}, true, 14},
    {IP_PROTO_ROUTING, 24, {6, 2, 2, 1}, true, 22},
    {IP_PROTO_FRAGMENT, 8, {6, 99, 0x01, 0x01, 0, 0, 0, 7}, true, 6}, /* byte 1 is no length here */
    {IP_PROTO_AH, 24, {6, 4}, true, 22},                              /* (4 + 2) * 4 */
    {IP_PROTO_MOBILITY, 8, {59, 0}, true, 6},
    {IP_PROTO_DST_OPTIONS, 16, {6, 2}, false, 22}, /* says 24, has 16 */
    {IP_PROTO_AH, 8, {6, 0}, true, 6},
};

static int extensions(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct ip6_ext x;
        for (size_t len = 0; len <= row[i].len; len++) {
            struct bytes_in in = bytes_in_of(row[i].byte, len);
            bool good = ip6_ext_decode(&in, row[i].kind, &x);
            CHECK_ROW(i, good == (row[i].good && len == row[i].len));
        }
        CHECK_ROW(i, x.data_len == row[i].data_len && x.next == row[i].byte[0]);
        CHECK_ROW(i, ip6_is_ext(row[i].kind));
        if (x.kind == IP_PROTO_FRAGMENT)
            CHECK_ROW(i, x.fragment_at == 256 && x.more_fragments && x.id == 7);
    }
    CHECK(!ip6_is_ext(IP_PROTO_ESP) && !ip6_is_ext(IP_PROTO_TCP) && !ip6_is_ext(IP_PROTO_NONE));
    return failed;
}

static int writers(void)
{
    int failed = 0;
    static const uint8_t zeros[2048] = {0};
    static uint8_t copy[4096];
    static const uint16_t lens[] = {0, 1, 4, 5, 6, 7, 14, 22, 2046};
    for (size_t i = 0; i < ARRAY_LEN(lens); i++) {
        struct ip6_ext x = {
            .kind = IP_PROTO_DST_OPTIONS, .next = 17, .data = zeros, .data_len = lens[i]};
        struct ip6_ext back;
        struct bytes_out out = bytes_out_of(copy, sizeof copy);
        ip6_ext_encode(&out, &x);
        CHECK_ROW(i, bytes_out_len(&out) % 8 == 0);
        struct bytes_in in = bytes_in_of(copy, bytes_out_len(&out));
        CHECK_ROW(i, ip6_ext_decode(&in, x.kind, &back) && bytes_left(&in) == 0);
        CHECK_ROW(i, back.next == 17 && back.data_len >= lens[i] && back.data_len < lens[i] + 8);
        if (back.data_len - lens[i] > 1) /* the rest is one PadN of the right length */
            CHECK_ROW(i, back.data[lens[i]] == 1 &&
                             back.data[lens[i] + 1] == back.data_len - lens[i] - 2);
    }
    struct bytes_out out = bytes_out_of(copy, sizeof copy);
    ip6_ext_encode(&out, &(struct ip6_ext){.kind = IP_PROTO_DST_OPTIONS, .data_len = 2047});
    CHECK(out.full);
    struct ip6_ext fragment = {.kind = IP_PROTO_FRAGMENT,
                               .next = 6,
                               .fragment_at = 1232,
                               .more_fragments = true,
                               .id = 0xcafef00d};
    struct ip6_ext back;
    out = bytes_out_of(copy, sizeof copy);
    ip6_ext_encode(&out, &fragment);
    struct bytes_in in = bytes_in_of(copy, bytes_out_len(&out));
    CHECK(ip6_ext_decode(&in, IP_PROTO_FRAGMENT, &back));
    CHECK(back.fragment_at == 1232 && back.more_fragments && back.id == 0xcafef00d);
    return failed;
}

static int chains(void)
{
    int failed = 0;
    uint8_t chain[8 * (IP6_EXT_MAX + 1)] = {0};
    for (int count = 1; count <= IP6_EXT_MAX + 1; count++) { /* the last allowed, one above */
        for (int i = 0; i < count; i++)
            chain[8 * i] = i == count - 1 ? IP_PROTO_TCP : IP_PROTO_DST_OPTIONS;
        struct bytes_in in = bytes_in_of(chain, 8 * (size_t)count);
        struct ip6_ext fragment;
        uint8_t next = ip6_skip_ext(&in, IP_PROTO_HOP_BY_HOP, &fragment);
        CHECK_ROW(count, in.bad == (count > IP6_EXT_MAX));
        CHECK_ROW(count, (next == IP_PROTO_TCP && bytes_left(&in) == 0) == !in.bad);
        CHECK_ROW(count, fragment.kind == 0);
    }
    /* a piece ends the chain, a fragment header around a whole datagram does not */
    static const uint8_t piece[] = {60, 0, 0, 9, 0, 0, 0, 1, 6, 0, 0, 0, 0, 0, 0, 0};
    for (uint8_t whole = 0; whole < 2; whole++) {
        uint8_t copy[sizeof piece];
        memcpy(copy, piece, sizeof copy);
        copy[3] = whole ? 0 : 9;
        struct bytes_in in = bytes_in_of(copy, sizeof copy);
        struct ip6_ext fragment;
        uint8_t next = ip6_skip_ext(&in, IP_PROTO_FRAGMENT, &fragment);
        CHECK_ROW(whole, !in.bad && fragment.kind == IP_PROTO_FRAGMENT && fragment.id == 1);
        CHECK_ROW(whole, next == (whole ? IP_PROTO_TCP : IP_PROTO_DST_OPTIONS));
        CHECK_ROW(whole, bytes_left(&in) == (whole ? 0 : 8));
    }
    return failed;
}

int layer_ip6_test(void)
{
    return head() + extensions() + writers() + chains();
}
