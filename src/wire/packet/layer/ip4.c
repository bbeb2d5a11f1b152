/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/packet/layer/ip4.h"

#include "wire/packet/checksum.h"
#include "wire/packet/walk.h"

enum {
    SUM_AT = 10,
    FLAG_RESERVED = 0x8000,
    FLAG_DONT_FRAGMENT = 0x4000,
    FLAG_MORE_FRAGMENTS = 0x2000,
    FRAGMENT_MASK = 0x1fff, /* in units of 8 bytes */
};

bool ip4_decode(struct bytes_in *in, struct ip4_head *out)
{
    *out = (struct ip4_head){.src = {.family = ADDR_IP4}, .dst = {.family = ADDR_IP4}};
    uint8_t first = bytes_u8(in);
    out->version = first >> 4;
    out->head_len = (uint8_t)((first & 0xf) * 4);
    out->tos = bytes_u8(in);
    out->total_len = bytes_u16be(in);
    out->id = bytes_u16be(in);
    uint16_t fragment = bytes_u16be(in);
    out->reserved = fragment & FLAG_RESERVED;
    out->dont_fragment = fragment & FLAG_DONT_FRAGMENT;
    out->more_fragments = fragment & FLAG_MORE_FRAGMENTS;
    out->fragment_at = (uint16_t)((fragment & FRAGMENT_MASK) * 8);
    out->ttl = bytes_u8(in);
    out->proto = bytes_u8(in);
    out->sum = bytes_u16be(in);
    bytes_copy(in, out->src.byte, 4);
    bytes_copy(in, out->dst.byte, 4);
    if (in->bad || out->version != 4 || out->head_len < IP4_HEAD_LEN)
        return false;
    out->option_len = (uint8_t)(out->head_len - IP4_HEAD_LEN);
    out->option = bytes_take(in, out->option_len);
    return !in->bad && out->total_len >= out->head_len;
}

static uint16_t fragment_field(const struct ip4_head *h)
{
    return (uint16_t)((h->reserved ? FLAG_RESERVED : 0) |
                      (h->dont_fragment ? FLAG_DONT_FRAGMENT : 0) |
                      (h->more_fragments ? FLAG_MORE_FRAGMENTS : 0) | h->fragment_at / 8);
}

void ip4_encode(struct bytes_out *out, const struct ip4_head *h, size_t payload_len)
{
    size_t at = bytes_out_len(out), filler = (4 - h->option_len % 4) % 4;
    size_t head_len = IP4_HEAD_LEN + h->option_len + filler;
    if (h->option_len > IP4_OPTION_LEN_MAX || payload_len > UINT16_MAX - head_len) {
        out->full = true;
        return;
    }
    bytes_put_u8(out, (uint8_t)(0x40 | head_len / 4));
    bytes_put_u8(out, h->tos);
    bytes_put_u16be(out, (uint16_t)(head_len + payload_len));
    bytes_put_u16be(out, h->id);
    bytes_put_u16be(out, fragment_field(h));
    bytes_put_u8(out, h->ttl);
    bytes_put_u8(out, h->proto);
    bytes_put_u16be(out, 0);
    bytes_put(out, h->src.byte, 4);
    bytes_put(out, h->dst.byte, 4);
    bytes_put(out, h->option, h->option_len);
    bytes_put_zero(out, filler);
    if (!out->full)
        bytes_patch_u16be(out, at + SUM_AT, checksum_of(out->start + at, head_len));
}

bool ip4_option_next(struct bytes_in *in, struct ip4_option *out)
{
    if (bytes_left(in) == 0)
        return false;
    *out = (struct ip4_option){.kind = bytes_u8(in)};
    if (out->kind == IP4_OPTION_END) {
        in->pos = in->end;
        return true;
    }
    if (out->kind == IP4_OPTION_NOP)
        return true;
    uint8_t len = bytes_u8(in); /* counts kind and itself */
    if (len < 2) {
        in->bad = true;
        return false;
    }
    out->len = (uint8_t)(len - 2);
    out->data = bytes_take(in, out->len);
    return !in->bad;
}

static enum packet_verdict fault_of(const struct ip4_head *h, size_t have)
{
    if (have < IP4_HEAD_LEN)
        return PACKET_IP4_SHORT;
    if (h->version != 4)
        return PACKET_IP4_VERSION;
    if (h->head_len < IP4_HEAD_LEN)
        return PACKET_IP4_HEAD_LEN;
    return have < h->head_len ? PACKET_IP4_SHORT : PACKET_IP4_TOTAL_LEN;
}

enum packet_verdict ip4_step(struct packet_walk *w)
{
    struct ip4_head head;
    size_t have = bytes_left(&w->in);
    if (walk_ends_inside(w))
        return PACKET_OK;
    if (!walk_enter(w, PACKET_IP4))
        return PACKET_DEPTH;
    if (!ip4_decode(&w->in, &head)) {
        enum packet_verdict fault = fault_of(&head, have);
        /* some stacks quote a head whose length field they have already changed */
        if (fault != PACKET_IP4_TOTAL_LEN || !(w->out->flag & PACKET_FLAG_QUOTED))
            return fault;
        head.total_len = UINT16_MAX;
    }
    w->out->ip_proto = head.proto;
    if (head.option_len)
        w->out->flag |= PACKET_FLAG_IP_OPTIONS;
    walk_limit(w, (size_t)head.total_len - head.head_len);
    if (w->events && w->out->flag & PACKET_FLAG_CUT)
        return PACKET_IP4_CUT;
    if (head.more_fragments || head.fragment_at)
        w->out->flag |= PACKET_FLAG_FRAGMENT; /* a transport head in it may be cut: no next */
    else
        w->next = layer_by_protocol(head.proto);
    return PACKET_OK;
}
