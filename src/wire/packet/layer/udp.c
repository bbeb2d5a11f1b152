/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/packet/layer/udp.h"

#include "wire/packet/checksum.h"
#include "wire/packet/layer/number.h"
#include "wire/packet/walk.h"

enum { SUM_AT = 6 };

bool udp_decode(struct bytes_in *in, struct udp_head *out)
{
    out->src = bytes_u16be(in);
    out->dst = bytes_u16be(in);
    out->len = bytes_u16be(in);
    out->sum = bytes_u16be(in);
    return !in->bad && out->len >= UDP_HEAD_LEN;
}

void udp_encode(struct bytes_out *out, const struct udp_head *h, const struct addr *src,
                const struct addr *dst, struct bytes_in data)
{
    size_t at = bytes_out_len(out), len = UDP_HEAD_LEN + bytes_left(&data);
    if (len > UINT16_MAX) {
        out->full = true;
        return;
    }
    bytes_put_u16be(out, h->src);
    bytes_put_u16be(out, h->dst);
    bytes_put_u16be(out, (uint16_t)len);
    bytes_put_u16be(out, 0);
    bytes_put(out, data.pos, bytes_left(&data));
    if (out->full)
        return;
    uint64_t sum = checksum_add_pseudo(0, src, dst, IP_PROTO_UDP, (uint32_t)len);
    uint16_t field = checksum_end(checksum_add(sum, out->start + at, len));
    /* RFC 768: a sum that comes out as zero is sent as all ones; zero means "none" */
    bytes_patch_u16be(out, at + SUM_AT, field ? field : UINT16_MAX);
}

enum packet_verdict udp_step(struct packet_walk *w)
{
    struct udp_head head;
    if (!walk_enter(w, PACKET_UDP))
        return PACKET_DEPTH;
    if (!udp_decode(&w->in, &head)) {
        if (!w->in.bad)
            walk_event(w, EVENT_UDP_LEN_INVALID);
        return w->in.bad ? PACKET_UDP_SHORT : PACKET_UDP_LEN;
    }
    w->out->src_port = head.src;
    w->out->dst_port = head.dst;
    size_t data_len = head.len - UDP_HEAD_LEN;
    if (data_len > bytes_left(&w->in) && !(w->out->flag & (PACKET_FLAG_CUT | PACKET_FLAG_QUOTED))) {
        walk_event(w, EVENT_UDP_PKT_TOO_SMALL);
        return PACKET_UDP_LEN;
    }
    walk_limit(w, data_len);
    return PACKET_OK;
}
