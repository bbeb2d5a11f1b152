/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "wire/packet/checksum.h"
#include "wire/packet/layer/ip4.h"

/* A head with a router alert, "don't fragment", as written down by hand. */
static const uint8_t good[24] = {0x46, 0x10, 0x00, 0x20, 0x12, 0x34, 0x40, 0x00,
                                 0x40, 0x06, 0x7f, 0x8d, 10,   0,    0,    1,
                                 10,   0,    0,    2,    148,  4,    0,    0};

static const struct {
    uint8_t at, value;
    bool good;
} row[] = {
    {0, 0x46, true},  {0, 0x56, false}, /* version 5 */
    {0, 0x44, false},                   /* a head of 16 bytes */
    {0, 0x45, true},  {0, 0x47, false}, /* of 28, in 24 */
    {3, 24, true},                      /* nothing behind the head */
    {3, 23, false},                     /* one less */
};

static int fields(void)
{
    int failed = 0;
    struct bytes_in in = bytes_in_of(good, sizeof good);
    struct ip4_head h;
    CHECK(ip4_decode(&in, &h) && bytes_left(&in) == 0);
    CHECK(h.version == 4 && h.head_len == 24 && h.tos == 0x10 && h.total_len == 32);
    CHECK(h.id == 0x1234 && h.dont_fragment && !h.more_fragments && !h.reserved);
    CHECK(h.fragment_at == 0 && h.ttl == 64 && h.proto == 6 && h.option_len == 4);
    CHECK(h.src.family == ADDR_IP4 && h.src.byte[3] == 1 && h.dst.byte[3] == 2);
    CHECK(checksum_of(good, sizeof good) == 0);

    uint8_t copy[24];
    struct bytes_out out = bytes_out_of(copy, sizeof copy);
    ip4_encode(&out, &h, 8);
    CHECK(!out.full && memcmp(copy, good, sizeof good) == 0);
    for (size_t len = 0; len < sizeof good; len++) {
        in = bytes_in_of(good, len);
        CHECK_ROW(len, !ip4_decode(&in, &h));
        out = bytes_out_of(copy, len);
        ip4_encode(&out, &(struct ip4_head){.option = good + 20, .option_len = 4}, 8);
        CHECK_ROW(len, out.full);
    }
    return failed;
}

static int fragments(void)
{
    int failed = 0;
    struct ip4_head h = {.fragment_at = 65528, .more_fragments = true, .reserved = true};
    uint8_t copy[64];
    struct bytes_out out = bytes_out_of(copy, sizeof copy);
    ip4_encode(&out, &h, 0);
    struct bytes_in in = bytes_in_of(copy, bytes_out_len(&out));
    CHECK(ip4_decode(&in, &h));
    CHECK(h.fragment_at == 65528 && h.more_fragments && h.reserved && !h.dont_fragment);

    static const struct {
        uint8_t option_len;
        size_t payload_len;
        bool full;
    } limit[] = {{0, 65515, false}, {0, 65516, true}, {37, 65475, false}, {40, 65475, false},
                 {40, 65476, true}, {41, 0, true},    {0, SIZE_MAX, true}};
    static const uint8_t list[41] = {0};
    for (size_t i = 0; i < ARRAY_LEN(limit); i++) {
        out = bytes_out_of(copy, sizeof copy);
        h = (struct ip4_head){.option = list, .option_len = limit[i].option_len};
        ip4_encode(&out, &h, limit[i].payload_len);
        CHECK_ROW(i, out.full == limit[i].full);
    }
    return failed;
}

static int options(void)
{
    int failed = 0;
    static const struct {
        uint8_t list[12];
        uint8_t len, count;
        bool bad;
    } lists[] = {
        {{148, 4, 0, 0}, 4, 1, false}, {{1, 7, 7, 4, 0, 0, 0, 0}, 8, 2, false},
        {{0, 148, 4, 0}, 4, 1, false}, {{131, 1, 4, 0}, 4, 0, true},
        {{1, 131}, 2, 1, true},        {{131, 11, 4, 0}, 4, 0, true},
    };
    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        struct bytes_in in = bytes_in_of(lists[i].list, lists[i].len);
        struct ip4_option option;
        uint8_t count = 0;
        while (ip4_option_next(&in, &option))
            count++;
        CHECK_ROW(i, count == lists[i].count && in.bad == lists[i].bad);
    }
    return failed;
}

int layer_ip4_test(void)
{
    int failed = fields() + fragments() + options();
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        uint8_t head[24];
        memcpy(head, good, sizeof head);
        head[row[i].at] = row[i].value;
        struct bytes_in in = bytes_in_of(head, sizeof head);
        struct ip4_head h;
        CHECK_ROW(i, ip4_decode(&in, &h) == row[i].good);
    }
    return failed;
}
