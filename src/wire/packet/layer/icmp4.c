/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/packet/layer/icmp4.h"

#include "wire/packet/checksum.h"
#include "wire/packet/walk.h"

enum { SUM_AT = 2 };

bool icmp4_decode(struct bytes_in *in, struct icmp4_head *out)
{
    out->type = bytes_u8(in);
    out->code = bytes_u8(in);
    out->sum = bytes_u16be(in);
    out->rest = bytes_u32be(in);
    return !in->bad;
}

void icmp4_encode(struct bytes_out *out, const struct icmp4_head *h, struct bytes_in data)
{
    size_t at = bytes_out_len(out);
    bytes_put_u8(out, h->type);
    bytes_put_u8(out, h->code);
    bytes_put_u16be(out, 0);
    bytes_put_u32be(out, h->rest);
    bytes_put(out, data.pos, bytes_left(&data));
    if (!out->full)
        bytes_patch_u16be(out, at + SUM_AT, checksum_of(out->start + at, bytes_out_len(out) - at));
}

bool icmp4_is_error(uint8_t type)
{
    return type == ICMP4_TYPE_UNREACHABLE || type == ICMP4_TYPE_SOURCE_QUENCH ||
           type == ICMP4_TYPE_REDIRECT || type == ICMP4_TYPE_TIME_EXCEEDED ||
           type == ICMP4_TYPE_PARAMETER;
}

enum packet_verdict icmp4_step(struct packet_walk *w)
{
    struct icmp4_head head;
    if (!walk_enter(w, PACKET_ICMP4))
        return PACKET_DEPTH;
    if (!icmp4_decode(&w->in, &head))
        return PACKET_ICMP4_SHORT;
    w->out->icmp_type = head.type;
    w->out->icmp_code = head.code;
    return PACKET_OK;
}
