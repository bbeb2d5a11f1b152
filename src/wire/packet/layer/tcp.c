/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/packet/layer/tcp.h"

#include "wire/packet/checksum.h"
#include "wire/packet/layer/number.h"
#include "wire/packet/walk.h"

enum { SUM_AT = 16, STUMP_LEN = 8 };

bool tcp_decode(struct bytes_in *in, struct tcp_head *out)
{
    out->src = bytes_u16be(in);
    out->dst = bytes_u16be(in);
    out->seq = bytes_u32be(in);
    out->ack = bytes_u32be(in);
    uint8_t offset = bytes_u8(in);
    out->head_len = (uint8_t)((offset >> 4) * 4);
    out->reserved = offset & 0xf;
    out->flags = bytes_u8(in);
    out->window = bytes_u16be(in);
    out->sum = bytes_u16be(in);
    out->urgent = bytes_u16be(in);
    out->option_len = 0;
    out->option = NULL;
    if (in->bad || out->head_len < TCP_HEAD_LEN)
        return false;
    out->option_len = (uint8_t)(out->head_len - TCP_HEAD_LEN);
    out->option = bytes_take(in, out->option_len);
    return out->option != NULL;
}

void tcp_encode(struct bytes_out *out, const struct tcp_head *h, const struct addr *src,
                const struct addr *dst, struct bytes_in data)
{
    if (h->option_len > TCP_OPTION_LEN_MAX) {
        out->full = true;
        return;
    }
    size_t at = bytes_out_len(out), filler = (4 - h->option_len % 4) % 4;
    size_t head_len = TCP_HEAD_LEN + h->option_len + filler;
    bytes_put_u16be(out, h->src);
    bytes_put_u16be(out, h->dst);
    bytes_put_u32be(out, h->seq);
    bytes_put_u32be(out, h->ack);
    bytes_put_u8(out, (uint8_t)(head_len / 4 << 4 | (h->reserved & 0xf)));
    bytes_put_u8(out, h->flags);
    bytes_put_u16be(out, h->window);
    bytes_put_u16be(out, 0);
    bytes_put_u16be(out, h->urgent);
    bytes_put(out, h->option, h->option_len);
    bytes_put_zero(out, filler);
    bytes_put(out, data.pos, bytes_left(&data));
    if (out->full)
        return;
    size_t len = head_len + bytes_left(&data);
    uint64_t sum = checksum_add_pseudo(0, src, dst, IP_PROTO_TCP, (uint32_t)len);
    bytes_patch_u16be(out, at + SUM_AT, checksum_end(checksum_add(sum, out->start + at, len)));
}

bool tcp_option_next(struct bytes_in *in, struct tcp_option *out)
{
    if (bytes_left(in) == 0)
        return false;
    *out = (struct tcp_option){.kind = bytes_u8(in)};
    if (out->kind == TCP_OPTION_END) {
        in->pos = in->end;
        return true;
    }
    if (out->kind == TCP_OPTION_NOP)
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

static void options_note(struct tcp_options *all, const struct tcp_option *one)
{
    struct bytes_in data = bytes_in_of(one->data, one->len);
    if (one->kind == TCP_OPTION_MSS && one->len == 2) {
        all->has_mss = true;
        all->mss = bytes_u16be(&data);
    } else if (one->kind == TCP_OPTION_WINDOW_SCALE && one->len == 1) {
        all->has_window_scale = true;
        all->window_scale = bytes_u8(&data);
    } else if (one->kind == TCP_OPTION_SACK_PERMITTED && one->len == 0) {
        all->sack_permitted = true;
    } else if (one->kind == TCP_OPTION_TIMESTAMP && one->len == 8) {
        all->has_timestamp = true;
        all->timestamp = bytes_u32be(&data);
        all->timestamp_echo = bytes_u32be(&data);
    }
}

struct tcp_options tcp_options_of(const struct tcp_head *h)
{
    struct tcp_options all = {0};
    struct bytes_in in = bytes_in_of(h->option, h->option_len);
    struct tcp_option one;
    while (tcp_option_next(&in, &one))
        options_note(&all, &one);
    all.bad = in.bad;
    return all;
}

static void put_option_head(struct bytes_out *out, uint8_t kind, uint8_t data_len)
{
    bytes_put_u8(out, kind);
    bytes_put_u8(out, (uint8_t)(data_len + 2));
}

void tcp_put_mss(struct bytes_out *out, uint16_t mss)
{
    put_option_head(out, TCP_OPTION_MSS, 2);
    bytes_put_u16be(out, mss);
}

void tcp_put_window_scale(struct bytes_out *out, uint8_t shift)
{
    put_option_head(out, TCP_OPTION_WINDOW_SCALE, 1);
    bytes_put_u8(out, shift);
}

void tcp_put_sack_permitted(struct bytes_out *out)
{
    put_option_head(out, TCP_OPTION_SACK_PERMITTED, 0);
}

void tcp_put_timestamp(struct bytes_out *out, uint32_t value, uint32_t echo)
{
    put_option_head(out, TCP_OPTION_TIMESTAMP, 8);
    bytes_put_u32be(out, value);
    bytes_put_u32be(out, echo);
}

void tcp_put_nop(struct bytes_out *out)
{
    bytes_put_u8(out, TCP_OPTION_NOP);
}

/* What an ICMP error quotes of a segment may be as little as its first eight bytes (RFC 792). */
static enum packet_verdict stump_step(struct packet_walk *w)
{
    if (bytes_left(&w->in) < STUMP_LEN)
        return PACKET_TCP_SHORT;
    w->out->src_port = bytes_u16be(&w->in);
    w->out->dst_port = bytes_u16be(&w->in);
    w->in.pos = w->in.end;
    w->out->flag |= PACKET_FLAG_CUT;
    return PACKET_OK;
}

enum packet_verdict tcp_step(struct packet_walk *w)
{
    struct tcp_head head;
    if (!walk_enter(w, PACKET_TCP))
        return PACKET_DEPTH;
    size_t have = bytes_left(&w->in);
    if (have < TCP_HEAD_LEN && w->out->flag & PACKET_FLAG_QUOTED)
        return stump_step(w);
    bool good = tcp_decode(&w->in, &head);
    if (have < TCP_HEAD_LEN)
        return PACKET_TCP_SHORT;
    w->out->src_port = head.src;
    w->out->dst_port = head.dst;
    w->out->tcp_flags = head.flags;
    bool stump = head.head_len >= TCP_HEAD_LEN && w->out->flag & PACKET_FLAG_QUOTED;
    if (!good && !stump)
        return PACKET_TCP_HEAD_LEN;
    w->out->flag |= good ? 0 : PACKET_FLAG_CUT;
    return PACKET_OK;
}
