/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "wire/packet/checksum.h"
#include "wire/packet/layer/number.h"
#include "wire/packet/layer/tcp.h"

static const struct addr src = {.family = ADDR_IP6, .byte = {0x20, 0x01, 0x0d, 0xb8, [15] = 1}},
                         dst = {.family = ADDR_IP6, .byte = {0x20, 0x01, 0x0d, 0xb8, [15] = 2}};

static size_t syn_with_options(uint8_t *frame, size_t size)
{
    uint8_t list[TCP_OPTION_LEN_MAX];
    struct bytes_out options = bytes_out_of(list, sizeof list);
    tcp_put_mss(&options, 1460);
    tcp_put_sack_permitted(&options);
    tcp_put_timestamp(&options, 0x01020304, 0xfffffffe);
    tcp_put_nop(&options);
    tcp_put_window_scale(&options, 7);
    struct tcp_head h = {.src = 40000,
                         .dst = 443,
                         .seq = 0xdeadbeef,
                         .ack = 1,
                         .flags = TCP_SYN | TCP_CWR,
                         .reserved = 1,
                         .window = 64240,
                         .urgent = 9,
                         .option = list,
                         .option_len = (uint8_t)bytes_out_len(&options)};
    struct bytes_out out = bytes_out_of(frame, size);
    tcp_encode(&out, &h, &src, &dst, bytes_in_of("data", 4));
    return out.full ? 0 : bytes_out_len(&out);
}

static int round_trip(void)
{
    int failed = 0;
    uint8_t frame[80];
    size_t len = syn_with_options(frame, sizeof frame);
    CHECK(len == 20 + 20 + 4);
    struct bytes_in in = bytes_in_of(frame, len);
    struct tcp_head h;
    CHECK(tcp_decode(&in, &h) && bytes_left(&in) == 4);
    CHECK(h.src == 40000 && h.dst == 443 && h.seq == 0xdeadbeef && h.ack == 1);
    CHECK(h.head_len == 40 && h.flags == (TCP_SYN | TCP_CWR) && h.reserved == 1);
    CHECK(h.window == 64240 && h.urgent == 9 && h.option_len == 20);
    struct tcp_options o = tcp_options_of(&h);
    CHECK(o.has_mss && o.mss == 1460 && o.has_window_scale && o.window_scale == 7);
    CHECK(o.sack_permitted && o.has_timestamp && !o.bad);
    CHECK(o.timestamp == 0x01020304 && o.timestamp_echo == 0xfffffffe);
    uint64_t sum = checksum_add_pseudo(0, &src, &dst, IP_PROTO_TCP, (uint32_t)len);
    CHECK(checksum_end(checksum_add(sum, frame, len)) == 0);

    for (size_t cut = 0; cut < 40; cut++) {
        in = bytes_in_of(frame, cut);
        CHECK_ROW(cut, !tcp_decode(&in, &h) && in.bad);
        CHECK_ROW(cut, syn_with_options(frame, cut) == 0);
    }
    return failed;
}

/* Lists of options as strangers write them. */
static const struct {
    uint8_t list[12];
    uint8_t len, count;
    bool bad;
} row[] = {
    {{0}, 0, 0, false},                /* none */
    {{0, 2, 4, 5, 0xb4}, 5, 1, false}, /* behind END nothing counts */
    {{1, 1, 1, 0}, 4, 4, false},
    {{2, 4, 5, 0xb4}, 4, 1, false},
    {{2, 4, 5}, 3, 0, true},       /* cut off */
    {{2}, 1, 0, true},             /* no length */
    {{2, 0, 1, 1}, 4, 0, true},    /* would never end */
    {{2, 1, 1, 1}, 4, 0, true},    /* shorter than itself */
    {{1, 254, 2, 1}, 4, 3, false}, /* unknown, skipped by its length */
    {{5, 10, 0, 0, 0, 1, 0, 0, 0, 2}, 10, 1, false},
    {{1, 3, 255}, 3, 1, true},
};

static int options(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct bytes_in in = bytes_in_of(row[i].list, row[i].len);
        struct tcp_option option;
        uint8_t count = 0;
        while (tcp_option_next(&in, &option))
            count++;
        CHECK_ROW(i, count == row[i].count && in.bad == row[i].bad);
        struct tcp_head h = {.option = row[i].list, .option_len = row[i].len};
        CHECK_ROW(i, tcp_options_of(&h).bad == row[i].bad);
        CHECK_ROW(i, tcp_options_of(&h).has_mss == (i == 3));
    }
    return failed;
}

int layer_tcp_test(void)
{
    int failed = round_trip() + options();
    uint8_t frame[20] = {[12] = 0x40};
    struct bytes_in in = bytes_in_of(frame, sizeof frame);
    struct tcp_head h;
    CHECK(!tcp_decode(&in, &h) && !in.bad); /* a head of 16 bytes */
    frame[12] = 0x60;
    in = bytes_in_of(frame, sizeof frame);
    CHECK(!tcp_decode(&in, &h) && in.bad); /* of 24, in a segment of 20 */

    uint8_t list[TCP_OPTION_LEN_MAX + 1] = {0}, big[128];
    static const struct {
        uint8_t option_len;
        bool full;
        uint8_t head_len;
    } limit[] = {{0, false, 20},  {1, false, 24},  {4, false, 24},
                 {39, false, 60}, {40, false, 60}, {41, true, 0}};
    for (size_t i = 0; i < ARRAY_LEN(limit); i++) {
        struct bytes_out out = bytes_out_of(big, sizeof big);
        h = (struct tcp_head){.option = list, .option_len = limit[i].option_len};
        tcp_encode(&out, &h, &src, &dst, bytes_in_of(NULL, 0));
        CHECK_ROW(i, out.full == limit[i].full && bytes_out_len(&out) == limit[i].head_len);
    }
    return failed;
}
