/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The frames of one probe under every shape, decoded again. */
#include "tool/scan/frame_build.h"

#include <errno.h>

#include "check.h"
#include "wire/packet/layer/ip6.h"
#include "wire/packet/layer/number.h"
#include "wire/packet/layer/tcp.h"

enum { FRAMES_MAX = 16, FRAME_MAX = 256 };

struct frames {
    uint8_t byte[FRAMES_MAX][FRAME_MAX];
    struct packet packet[FRAMES_MAX];
    struct ip4_head ip4[FRAMES_MAX];
    struct addr src[FRAMES_MAX];
    size_t count, stop_at;
};

static struct frame_link link_of = {.ethernet = true, .mac = {{2, 0, 0, 0, 0, 1}}};
static struct frame_path path = {.link = &link_of, .mac = {{2, 0, 0, 0, 0, 2}}};

static int keep(void *ctx, const struct frame_build *b, const struct frame_piece *piece)
{
    struct frames *f = ctx;
    if (f->count == f->stop_at)
        return -EAGAIN;
    struct bytes_out out = bytes_out_of(f->byte[f->count], FRAME_MAX);
    frame_build_put(b, piece, false, &out);
    struct packet *p = &f->packet[f->count];
    if (packet_decode(p, f->byte[f->count], bytes_out_len(&out), PACKET_LINK_ETHERNET) != PACKET_OK)
        return -EBADMSG;
    struct bytes_in in = packet_net(p);
    (void)ip4_decode(&in, &f->ip4[f->count]);
    f->src[f->count++] = packet_src(p);
    return 0;
}

static int build(struct frames *f, const struct frame_shape *shape, bool ip6)
{
    static const uint8_t us6[16] = {0x20, 1, [15] = 1}, them6[16] = {0x20, 1, [15] = 2};
    struct frame_probe probe = {.src = ip6 ? addr_ip6(us6) : addr_ip4(0x0a000001),
                                .dst = ip6 ? addr_ip6(them6) : addr_ip4(0x0a000002),
                                .src_port = 40000,
                                .dst_port = 80,
                                .cookie = 0x12345678,
                                .proto = IP_PROTO_TCP,
                                .tcp_flags = TCP_SYN,
                                .data = shape->data,
                                .data_len = shape->data_len};
    struct frame_build b = {.path = &path,
                            .shape = shape,
                            .technique = scan_technique_find("syn"),
                            .probe = &probe,
                            .ttl = 33};
    *f = (struct frames){.stop_at = FRAMES_MAX};
    return frame_build_each(&b, keep, f);
}

static int plain(void)
{
    int failed = 0;
    static struct frames f;
    struct frame_shape shape = {0};
    for (int ip6 = 0; ip6 < 2; ip6++) {
        CHECK(build(&f, &shape, ip6) == 0 && f.count == 1);
        CHECK(f.packet[0].transport == PACKET_TCP && f.packet[0].dst_port == 80);
        CHECK(packet_sum_check(&f.packet[0]) == PACKET_SUM_GOOD);
        CHECK(memcmp(f.byte[0], path.mac.byte, 6) == 0 &&
              memcmp(f.byte[0] + 6, link_of.mac.byte, 6) == 0);
    }
    CHECK(build(&f, &shape, false) == 0 && f.ip4[0].ttl == 33 && f.ip4[0].id == 0x1234);
    shape.bad_sum = true;
    CHECK(build(&f, &shape, false) == 0);
    CHECK(packet_sum_check(&f.packet[0]) == PACKET_SUM_BAD_TRANSPORT);
    shape = (struct frame_shape){.option = {IP4_OPTION_RECORD_ROUTE, 7, 4}, .option_len = 7};
    CHECK(build(&f, &shape, false) == 0 && f.ip4[0].head_len == 28);
    CHECK(packet_sum_check(&f.packet[0]) == PACKET_SUM_GOOD && f.packet[0].dst_port == 80);
    return failed;
}

/* A SYN with its MSS option is 24 bytes. */
static const struct {
    uint16_t piece_len;
    size_t pieces, last_len;
} cuts[] = {{8, 3, 8}, {16, 2, 8}, {24, 1, 24}, {32, 1, 24}};

static int pieces(void)
{
    int failed = 0;
    static struct frames f;
    for (size_t i = 0; i < ARRAY_LEN(cuts); i++) {
        struct frame_shape shape = {.piece_len = cuts[i].piece_len};
        CHECK_ROW(i, build(&f, &shape, false) == 0 && f.count == cuts[i].pieces);
        for (size_t n = 0; n < f.count; n++) {
            CHECK_ROW(i, f.ip4[n].fragment_at == n * cuts[i].piece_len);
            CHECK_ROW(i, f.ip4[n].more_fragments == (n + 1 < f.count) && f.ip4[n].id == 0x1234);
        }
        CHECK_ROW(i, f.ip4[f.count - 1].total_len == IP4_HEAD_LEN + cuts[i].last_len);
    }
    struct frame_shape shape = {.piece_len = 8};
    CHECK(build(&f, &shape, true) == 0 && f.count == 3);
    CHECK(f.packet[0].flag & PACKET_FLAG_FRAGMENT && f.packet[2].flag & PACKET_FLAG_FRAGMENT);
    return failed;
}

static int decoys(void)
{
    int failed = 0;
    static struct frames f;
    struct addr decoy[3] = {addr_ip4(0x0a000009), addr_ip4(0x0a00000a), {.family = ADDR_IP6}};
    struct frame_shape shape = {.decoy = decoy, .decoy_count = 3, .decoy_self = 1};
    const struct addr self = addr_ip4(0x0a000001);
    CHECK(build(&f, &shape, false) == 0 && f.count == 3); /* the one of IPv6 cannot be used */
    CHECK(addr_equal(&f.src[0], &decoy[0]) && addr_equal(&f.src[1], &self) &&
          addr_equal(&f.src[2], &decoy[1]));
    for (size_t i = 0; i < f.count; i++)
        CHECK_ROW(i, packet_sum_check(&f.packet[i]) == PACKET_SUM_GOOD);
    shape.decoy_self = 3;
    CHECK(build(&f, &shape, false) == 0 && addr_equal(&f.src[2], &self));
    return failed;
}

int scan_frame_build_test(void)
{
    int failed = plain() + pieces() + decoys();
    static struct frames f;
    static uint8_t much[FRAME_BODY_MAX];
    struct frame_shape shape = {.data = much, .data_len = sizeof much};
    CHECK(build(&f, &shape, false) == -EMSGSIZE);
    return failed;
}
