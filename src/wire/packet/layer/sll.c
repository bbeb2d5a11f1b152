/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/packet/layer/sll.h"

#include "wire/packet/layer/eth.h"
#include "wire/packet/walk.h"

bool sll_decode(struct bytes_in *in, struct sll_head *out)
{
    out->packet_type = bytes_u16be(in);
    out->hardware = bytes_u16be(in);
    out->addr_len = bytes_u16be(in);
    bytes_copy(in, out->addr, sizeof out->addr);
    out->type = bytes_u16be(in);
    out->interface = 0;
    return !in->bad;
}

bool sll2_decode(struct bytes_in *in, struct sll_head *out)
{
    out->type = bytes_u16be(in);
    bytes_skip(in, 2); /* reserved */
    out->interface = bytes_u32be(in);
    out->hardware = bytes_u16be(in);
    out->packet_type = bytes_u8(in);
    out->addr_len = bytes_u8(in);
    bytes_copy(in, out->addr, sizeof out->addr);
    return !in->bad;
}

void sll_encode(struct bytes_out *out, const struct sll_head *h)
{
    bytes_put_u16be(out, h->packet_type);
    bytes_put_u16be(out, h->hardware);
    bytes_put_u16be(out, h->addr_len);
    bytes_put(out, h->addr, sizeof h->addr);
    bytes_put_u16be(out, h->type);
}

void sll2_encode(struct bytes_out *out, const struct sll_head *h)
{
    bytes_put_u16be(out, h->type);
    bytes_put_u16be(out, 0);
    bytes_put_u32be(out, h->interface);
    bytes_put_u16be(out, h->hardware);
    bytes_put_u8(out, (uint8_t)h->packet_type);
    bytes_put_u8(out, (uint8_t)h->addr_len);
    bytes_put(out, h->addr, sizeof h->addr);
}

enum packet_verdict sll_step(struct packet_walk *w)
{
    struct sll_head head;
    walk_enter(w, PACKET_SLL);
    return sll_decode(&w->in, &head) ? walk_ethertype(w, head.type) : PACKET_SLL_SHORT;
}

enum packet_verdict sll2_step(struct packet_walk *w)
{
    struct sll_head head;
    walk_enter(w, PACKET_SLL2);
    return sll2_decode(&w->in, &head) ? walk_ethertype(w, head.type) : PACKET_SLL2_SHORT;
}
