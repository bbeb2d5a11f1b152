/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests only: what a target, or a router on the way, would send back to a probe. */
#pragma once

#include <string.h>

#include "tool/scan/technique/technique.h"
#include "wire/packet/layer/icmp4.h"
#include "wire/packet/layer/icmp6.h"
#include "wire/packet/layer/ip4.h"
#include "wire/packet/layer/ip6.h"
#include "wire/packet/layer/number.h"

enum { REPLY_MAX = 512, REPLY_TTL = 57, REPLY_COOKIE = 0x12345678 };

struct reply {
    uint8_t byte[REPLY_MAX];
    struct packet packet, quoted;
    bool has_quoted;
};

static inline struct frame_probe reply_probe(bool ip6)
{
    static const uint8_t us6[16] = {0x20, 1, 0xd, 0xb8, [15] = 1},
                         them6[16] = {0x20, 1, 0xd, 0xb8, [15] = 2};
    return (struct frame_probe){
        .src = ip6 ? addr_ip6(us6) : addr_ip4(0xc0000201),
        .dst = ip6 ? addr_ip6(them6) : addr_ip4(0xc0000202),
        .src_port = 40000,
        .dst_port = 80,
        .cookie = REPLY_COOKIE,
    };
}

static inline void reply_put_ip(struct bytes_out *out, const struct addr *src,
                                const struct addr *dst, uint8_t proto, const void *body, size_t len)
{
    if (src->family == ADDR_IP4) {
        struct ip4_head h = {.src = *src, .dst = *dst, .ttl = REPLY_TTL, .proto = proto};
        ip4_encode(out, &h, len);
    } else {
        struct ip6_head h = {.src = *src, .dst = *dst, .hop_limit = REPLY_TTL, .next = proto};
        ip6_encode(out, &h, len);
    }
    bytes_put(out, body, len);
}

/* Decode what was put together; false when it is no whole packet. */
static inline bool reply_finish(struct reply *r, const struct bytes_out *out)
{
    r->has_quoted = false;
    if (out->full ||
        packet_decode(&r->packet, r->byte, bytes_out_len(out), PACKET_LINK_RAW_IP) != PACKET_OK)
        return false;
    if (packet_is_icmp_error(&r->packet))
        r->has_quoted = packet_decode_quoted(&r->quoted, &r->packet) == PACKET_OK;
    return true;
}

/* The target answers with this transport body. */
static inline bool reply_make(struct reply *r, const struct frame_probe *probe, uint8_t proto,
                              const void *body, size_t len)
{
    struct bytes_out out = bytes_out_of(r->byte, sizeof r->byte);
    reply_put_ip(&out, &probe->dst, &probe->src, proto, body, len);
    return reply_finish(r, &out);
}

/* `from` answers with an ICMP error that quotes the probe the technique would have sent. */
static inline bool reply_make_error(struct reply *r, const struct frame_probe *probe,
                                    const struct scan_technique *technique, const struct addr *from,
                                    uint8_t type, uint8_t code)
{
    bool ip6 = probe->dst.family == ADDR_IP6;
    uint8_t body[128], quoted[256], icmp[300];
    struct bytes_out b = bytes_out_of(body, sizeof body), q = bytes_out_of(quoted, sizeof quoted);
    struct bytes_out i = bytes_out_of(icmp, sizeof icmp),
                     out = bytes_out_of(r->byte, sizeof r->byte);
    technique->build(probe, &b);
    reply_put_ip(&q, &probe->src, &probe->dst,
                 (uint8_t)(ip6 ? technique->ip6_proto : technique->ip4_proto), body,
                 bytes_out_len(&b));
    struct bytes_in data = bytes_in_of(quoted, bytes_out_len(&q));
    if (ip6) {
        struct icmp6_head h = {.type = type, .code = code};
        icmp6_encode(&i, &h, from, &probe->src, data);
    } else {
        struct icmp4_head h = {.type = type, .code = code};
        icmp4_encode(&i, &h, data);
    }
    reply_put_ip(&out, from, &probe->src, ip6 ? IP_PROTO_ICMP6 : IP_PROTO_ICMP, icmp,
                 bytes_out_len(&i));
    return reply_finish(r, &out);
}

/* What the technique makes of it; false: nothing. */
static inline bool reply_judge(const struct reply *r, const struct scan_technique *technique,
                               struct scan_verdict *out)
{
    struct mac mac;
    bool has_mac = false;
    struct frame_answer answer = {.packet = &r->packet,
                                  .quoted = r->has_quoted ? &r->quoted : NULL,
                                  .cookie = REPLY_COOKIE,
                                  .tcp_flags = technique->tcp_flags,
                                  .on_reset = technique->on_reset,
                                  .out_mac = &mac,
                                  .out_has_mac = &has_mac};
    *out = (struct scan_verdict){0};
    return technique->judge(&answer, out);
}
