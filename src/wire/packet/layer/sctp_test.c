/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/packet/layer/sctp.h"

#include "check.h"
#include "wire/packet/layer/ip4.h"
#include "wire/packet/layer/number.h"
#include "wire/packet/packet.h"

/* An INIT, and its sums by programs that are not ours (a table-less CRC, zlib). */
static const uint8_t init[] = {0x9c, 0x40, 0x0b, 0x59, 0, 0, 0, 0, 0, 0,  0, 0, 1, 0, 0, 20,
                               1,    2,    3,    4,    0, 1, 0, 0, 0, 10, 8, 0, 5, 6, 7, 8};
static const struct {
    enum sctp_sum_kind kind;
    uint32_t sum;
} sums[] = {
    {SCTP_SUM_CRC32C, 0x9bac3357},
    {SCTP_SUM_ADLER32, 0x2970018d},
};

static int sums_test(void)
{
    int failed = 0;
    uint8_t room[64];
    for (size_t i = 0; i < ARRAY_COUNT(sums); i++) {
        CHECK_ROW(i, sctp_sum(init, sizeof init, sums[i].kind) == sums[i].sum);
        struct bytes_out out = bytes_out_of(room, sizeof room);
        struct sctp_head h = {.src = 40000, .dst = 2905};
        sctp_encode(&out, &h, sums[i].kind,
                    bytes_in_of(init + SCTP_HEAD_LEN, sizeof init - SCTP_HEAD_LEN));
        struct bytes_in in = bytes_in_of(room, bytes_out_len(&out));
        struct sctp_head got;
        CHECK_ROW(i, sctp_decode(&in, &got) && got.sum == sums[i].sum && got.src == 40000 &&
                         got.dst == 2905 && got.tag == 0);
        CHECK_ROW(i, sctp_sum(room, bytes_out_len(&out), sums[i].kind) == sums[i].sum);
        out = bytes_out_of(room, sizeof init - 1);
        sctp_encode(&out, &h, sums[i].kind,
                    bytes_in_of(init + SCTP_HEAD_LEN, sizeof init - SCTP_HEAD_LEN));
        CHECK_ROW(i, out.full);
    }
    CHECK(sctp_sum(init, SCTP_HEAD_LEN - 1, SCTP_SUM_CRC32C) == 0);
    return failed;
}

static const struct {
    uint8_t byte[12];
    size_t len;
    int chunks;
    bool bad;
} lists[] = {
    {{0}, 0, 0, false},
    {{6, 1, 0, 4}, 4, 1, false},
    {{6, 1, 0, 5, 9, 0, 0, 0, 11, 0, 0, 4}, 12, 2, false}, /* filled up to four */
    {{6, 1, 0, 5, 9}, 5, 1, false},                        /* the last one's filler is missing */
    {{6, 1, 0, 3}, 4, 0, true},                            /* shorter than its own head */
    {{6, 1, 0, 8, 1}, 5, 0, true},                         /* ends inside */
    {{6, 1, 0}, 3, 0, true},
};

static int chunks_test(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_COUNT(lists); i++) {
        struct bytes_in in = bytes_in_of(lists[i].byte, lists[i].len);
        struct sctp_chunk chunk;
        int count = 0;
        while (sctp_chunk_next(&in, &chunk))
            count++;
        CHECK_ROW(i, count == lists[i].chunks && in.bad == lists[i].bad);
    }
    return failed;
}

static int packet_test(void)
{
    int failed = 0;
    uint8_t room[128];
    struct bytes_out out = bytes_out_of(room, sizeof room);
    struct ip4_head ip = {.src = addr_ip4(0x0a000001),
                          .dst = addr_ip4(0x0a000002),
                          .ttl = 64,
                          .proto = IP_PROTO_SCTP};
    struct sctp_head h = {.src = 40000, .dst = 2905};
    ip4_encode(&out, &ip, sizeof init);
    sctp_encode(&out, &h, SCTP_SUM_CRC32C,
                bytes_in_of(init + SCTP_HEAD_LEN, sizeof init - SCTP_HEAD_LEN));
    struct packet p;
    CHECK(packet_decode(&p, room, bytes_out_len(&out), PACKET_LINK_RAW_IP) == PACKET_OK);
    CHECK(p.transport == PACKET_SCTP && p.src_port == 40000 && p.dst_port == 2905);
    CHECK(packet_sum_check(&p) == PACKET_SUM_GOOD);
    room[IP4_HEAD_LEN + SCTP_HEAD_LEN + 5] ^= 1;
    CHECK(packet_sum_check(&p) == PACKET_SUM_BAD_TRANSPORT);
    for (size_t len = IP4_HEAD_LEN; len < IP4_HEAD_LEN + SCTP_HEAD_LEN; len++)
        CHECK_ROW(len, packet_decode(&p, room, len, PACKET_LINK_RAW_IP) == PACKET_SCTP_SHORT);
    return failed;
}

int layer_sctp_test(void)
{
    return sums_test() + chunks_test() + packet_test();
}
