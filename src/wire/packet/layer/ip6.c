/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/packet/layer/ip6.h"

#include "wire/packet/layer/number.h"
#include "wire/packet/walk.h"

enum { EXT_UNIT = 8, AH_UNIT = 4, EXT_DATA_MAX = 256 * EXT_UNIT - 2, PAD1 = 0, PAD_N = 1 };

bool ip6_decode(struct bytes_in *in, struct ip6_head *out)
{
    *out = (struct ip6_head){.src = {.family = ADDR_IP6}, .dst = {.family = ADDR_IP6}};
    uint32_t first = bytes_u32be(in);
    out->version = (uint8_t)(first >> 28);
    out->traffic_class = (uint8_t)(first >> 20);
    out->flow_label = first & 0xfffff;
    out->payload_len = bytes_u16be(in);
    out->next = bytes_u8(in);
    out->hop_limit = bytes_u8(in);
    bytes_copy(in, out->src.byte, sizeof out->src.byte);
    bytes_copy(in, out->dst.byte, sizeof out->dst.byte);
    return !in->bad && out->version == 6;
}

void ip6_encode(struct bytes_out *out, const struct ip6_head *h, size_t payload_len)
{
    if (payload_len > UINT16_MAX) {
        out->full = true;
        return;
    }
    bytes_put_u32be(out, 6u << 28 | (uint32_t)h->traffic_class << 20 | (h->flow_label & 0xfffff));
    bytes_put_u16be(out, (uint16_t)payload_len);
    bytes_put_u8(out, h->next);
    bytes_put_u8(out, h->hop_limit);
    bytes_put(out, h->src.byte, sizeof h->src.byte);
    bytes_put(out, h->dst.byte, sizeof h->dst.byte);
}

bool ip6_is_ext(uint8_t next)
{
    switch (next) {
    case IP_PROTO_HOP_BY_HOP:
    case IP_PROTO_ROUTING:
    case IP_PROTO_FRAGMENT:
    case IP_PROTO_AH:
    case IP_PROTO_DST_OPTIONS:
    case IP_PROTO_MOBILITY:
    case IP_PROTO_HIP:
    case IP_PROTO_SHIM6:
        return true;
    default:
        return false;
    }
}

static void read_fragment(struct ip6_ext *x)
{
    struct bytes_in in = bytes_in_of(x->data, x->data_len);
    uint16_t field = bytes_u16be(&in);
    x->fragment_at = field & 0xfff8;
    x->more_fragments = field & 1;
    x->id = bytes_u32be(&in);
}

bool ip6_ext_decode(struct bytes_in *in, uint8_t kind, struct ip6_ext *out)
{
    *out = (struct ip6_ext){.kind = kind};
    out->next = bytes_u8(in);
    uint8_t units = bytes_u8(in); /* of eight bytes, the first not counted; AH: four, first two */
    if (kind == IP_PROTO_FRAGMENT)
        out->data_len = IP6_FRAGMENT_LEN - 2; /* the byte is reserved here */
    else if (kind == IP_PROTO_AH)
        out->data_len = (uint16_t)((units + 2) * AH_UNIT - 2);
    else
        out->data_len = (uint16_t)((units + 1) * EXT_UNIT - 2);
    out->data = bytes_take(in, out->data_len);
    if (in->bad)
        return false;
    if (kind == IP_PROTO_FRAGMENT)
        read_fragment(out);
    return true;
}

static void fragment_encode(struct bytes_out *out, const struct ip6_ext *x)
{
    bytes_put_u8(out, x->next);
    bytes_put_u8(out, 0);
    bytes_put_u16be(out, (uint16_t)((x->fragment_at & 0xfff8) | (x->more_fragments ? 1 : 0)));
    bytes_put_u32be(out, x->id);
}

void ip6_ext_encode(struct bytes_out *out, const struct ip6_ext *x)
{
    if (x->kind == IP_PROTO_FRAGMENT) {
        fragment_encode(out, x);
        return;
    }
    if (x->data_len > EXT_DATA_MAX) {
        out->full = true;
        return;
    }
    size_t filler = (EXT_UNIT - (x->data_len + 2u) % EXT_UNIT) % EXT_UNIT;
    bytes_put_u8(out, x->next);
    bytes_put_u8(out, (uint8_t)((x->data_len + 2u + filler) / EXT_UNIT - 1));
    bytes_put(out, x->data, x->data_len);
    if (filler == 1) {
        bytes_put_u8(out, PAD1);
    } else if (filler) {
        bytes_put_u8(out, PAD_N);
        bytes_put_u8(out, (uint8_t)(filler - 2));
        bytes_put_zero(out, filler - 2);
    }
}

static bool is_piece(const struct ip6_ext *fragment)
{
    /* RFC 6946: offset 0 and none to follow is a whole datagram in a fragment's clothes */
    return fragment->fragment_at || fragment->more_fragments;
}

uint8_t ip6_skip_ext(struct bytes_in *in, uint8_t next, struct ip6_ext *out_fragment)
{
    *out_fragment = (struct ip6_ext){0};
    for (int count = 0; ip6_is_ext(next); count++) {
        struct ip6_ext ext;
        if (count == IP6_EXT_MAX || !ip6_ext_decode(in, next, &ext)) {
            in->bad = true;
            break;
        }
        next = ext.next;
        if (ext.kind == IP_PROTO_FRAGMENT) {
            *out_fragment = ext;
            if (is_piece(&ext)) /* what follows may be cut anywhere: it is data for now */
                break;
        }
    }
    return next;
}

enum packet_verdict ip6_step(struct packet_walk *w)
{
    struct ip6_head head;
    struct ip6_ext fragment;
    if (walk_ends_inside(w))
        return PACKET_OK;
    if (!walk_enter(w, PACKET_IP6))
        return PACKET_DEPTH;
    if (!ip6_decode(&w->in, &head))
        return w->in.bad ? PACKET_IP6_SHORT : PACKET_IP6_VERSION;
    w->out->ip_proto = head.next;
    if (head.payload_len || head.next != IP_PROTO_HOP_BY_HOP)
        walk_limit(w, head.payload_len);
    if (w->events && w->out->flag & PACKET_FLAG_CUT)
        return PACKET_IP6_CUT;
    if (ip6_is_ext(head.next))
        w->out->flag |= PACKET_FLAG_IP_OPTIONS;
    w->out->ip_proto = ip6_skip_ext(&w->in, head.next, &fragment);
    if (w->in.bad)
        return w->in.pos == w->in.end ? PACKET_IP6_EXT_SHORT : PACKET_IP6_EXT_DEPTH;
    if (is_piece(&fragment))
        w->out->flag |= PACKET_FLAG_FRAGMENT;
    else
        w->next = layer_by_protocol(w->out->ip_proto);
    return PACKET_OK;
}
