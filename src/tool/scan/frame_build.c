/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/frame_build.h"

#include <errno.h>

#include "core/base/attr.h"
#include "wire/packet/layer/eth.h"
#include "wire/packet/layer/icmp6.h"
#include "wire/packet/layer/ip4.h"
#include "wire/packet/layer/ip6.h"
#include "wire/packet/layer/number.h"

/* Where the frame goes on the link: to everybody, to a group, or to the next hop. */
static struct mac link_target(const struct frame_build *b)
{
    static const struct mac broadcast = {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};
    if (!b->technique->asks_link)
        return b->path->mac;
    if (b->probe->dst.family == ADDR_IP4)
        return broadcast;
    struct addr group = icmp6_solicited_node(&b->probe->dst);
    return icmp6_multicast_mac(&group);
}

static bool is_arp(const struct frame_build *b)
{
    return b->technique->asks_link && b->probe->dst.family == ADDR_IP4;
}

static void put_ip4(const struct frame_build *b, const struct frame_piece *piece,
                    struct bytes_out *out)
{
    struct ip4_head h = {
        .src = piece->src,
        .dst = b->probe->dst,
        .ttl = b->ttl,
        .proto = b->probe->proto,
        .id = (uint16_t)(b->probe->cookie >> 16),
        .fragment_at = (uint16_t)piece->at,
        .more_fragments = piece->more,
        .option = b->shape->option,
        .option_len = b->shape->option_len,
    };
    ip4_encode(out, &h, piece->len);
}

static void put_ip6(const struct frame_build *b, const struct frame_piece *piece,
                    struct bytes_out *out)
{
    bool is_nd = b->technique->asks_link;
    struct ip6_head h = {.src = piece->src,
                         .dst = is_nd ? icmp6_solicited_node(&b->probe->dst) : b->probe->dst,
                         .next = piece->single ? b->probe->proto : IP_PROTO_FRAGMENT,
                         .hop_limit = is_nd ? ICMP6_ND_HOP_LIMIT : b->ttl};
    ip6_encode(out, &h, piece->len + (piece->single ? 0 : IP6_FRAGMENT_LEN));
    if (piece->single)
        return;
    struct ip6_ext x = {.kind = IP_PROTO_FRAGMENT,
                        .next = b->probe->proto,
                        .fragment_at = (uint16_t)piece->at,
                        .more_fragments = piece->more,
                        .id = b->probe->cookie};
    ip6_ext_encode(out, &x);
}

void frame_build_put(const struct frame_build *b, const struct frame_piece *piece, bool bare,
                     struct bytes_out *out)
{
    bool ip4 = b->probe->dst.family == ADDR_IP4;
    if (b->path->link->ethernet && !bare) {
        struct eth_head eth = {.dst = link_target(b), .src = b->path->link->mac};
        eth.type = is_arp(b) ? ETH_TYPE_ARP : ip4 ? ETH_TYPE_IP4 : ETH_TYPE_IP6;
        eth_encode(out, &eth);
    }
    if (ip4 && !is_arp(b))
        put_ip4(b, piece, out);
    else if (!ip4)
        put_ip6(b, piece, out);
    bytes_put(out, piece->body, piece->len);
}

/* --badsum: where the checksum lies in a body of this protocol. */
static void spoil_sum(const struct frame_build *b, uint8_t *body, size_t len)
{
    static const struct {
        uint8_t proto, at;
    } rows[] = {{IP_PROTO_TCP, 16}, {IP_PROTO_UDP, 6}, {IP_PROTO_SCTP, 8}};
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
        if (rows[i].proto == b->probe->proto && len >= rows[i].at + 2U) {
            body[rows[i].at] ^= 0x5a;
            /* a UDP sum of zero would mean "none" */
            body[rows[i].at + 1] ^= body[rows[i].at] ? 0x5a : 0;
        }
}

static int each_piece(const struct frame_build *b, struct frame_piece *piece, size_t len,
                      frame_piece_fn *fn, void *ctx)
{
    const uint8_t *body = piece->body;
    size_t step = b->shape->piece_len;
    piece->single = !step || len <= step || b->technique->asks_link;
    for (piece->at = 0; piece->at < len || piece->at == 0; piece->at += step) {
        size_t left = len - piece->at;
        piece->body = body + piece->at;
        piece->more = !piece->single && left > step;
        piece->len = piece->more ? step : left;
        int rc = fn(ctx, b, piece);
        if (rc != 0 || !piece->more)
            return rc;
    }
    return 0;
}

static int send_from(const struct frame_build *b, const struct addr *src, frame_piece_fn *fn,
                     void *ctx)
{
    uint8_t room[FRAME_BODY_MAX];
    struct bytes_out body = bytes_out_of(room, sizeof room);
    struct frame_probe probe = *b->probe;
    struct frame_build from = *b;
    probe.src = *src; /* the checksum covers it */
    from.probe = &probe;
    b->technique->build(&probe, &body);
    if (body.full)
        return -EMSGSIZE;
    if (b->shape->bad_sum)
        spoil_sum(&from, room, bytes_out_len(&body));
    struct frame_piece piece = {.src = *src, .body = room};
    return each_piece(&from, &piece, bytes_out_len(&body), fn, ctx);
}

int frame_build_each(const struct frame_build *b, frame_piece_fn *fn, void *ctx)
{
    const struct frame_shape *shape = b->shape;
    size_t decoys = b->technique->asks_link ? 0 : shape->decoy_count;
    for (size_t i = 0; i <= decoys; i++) {
        int rc = 0;
        if (i == shape->decoy_self || decoys == 0)
            rc = send_from(b, &b->probe->src, fn, ctx);
        if (rc == 0 && i < decoys && shape->decoy[i].family == b->probe->dst.family)
            rc = send_from(b, &shape->decoy[i], fn, ctx);
        if (rc != 0)
            return rc;
    }
    return 0;
}
