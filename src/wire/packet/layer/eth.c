/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/packet/layer/eth.h"

#include "wire/packet/layer/number.h"
#include "wire/packet/walk.h"

bool eth_type_is_vlan(uint16_t type)
{
    return type == ETH_TYPE_VLAN || type == ETH_TYPE_VLAN_OUTER || type == ETH_TYPE_VLAN_OLD;
}

/* 802.3: the type field was a length, and an LLC head follows.  SNAP (AA AA 03) with an OUI of
 * zero carries an ethertype; any other (spanning tree, IPX) has none. */
static uint16_t snap_type(struct bytes_in *in)
{
    struct bytes_in ahead = *in;
    uint8_t dsap = bytes_u8(&ahead);
    uint8_t ssap = bytes_u8(&ahead);
    uint8_t control = bytes_u8(&ahead);
    uint32_t oui = bytes_u24be(&ahead);
    uint16_t type = bytes_u16be(&ahead);
    if (ahead.bad || dsap != 0xaa || ssap != 0xaa || control != 0x03 || oui != 0)
        return 0;
    *in = ahead;
    return type;
}

bool eth_decode(struct bytes_in *in, struct eth_head *out)
{
    bytes_copy(in, out->dst.byte, sizeof out->dst.byte);
    bytes_copy(in, out->src.byte, sizeof out->src.byte);
    out->type = bytes_u16be(in);
    out->vlan_count = 0;
    while (eth_type_is_vlan(out->type) && !in->bad) {
        if (out->vlan_count == ETH_VLAN_MAX)
            return false;
        struct eth_vlan *tag = &out->vlan[out->vlan_count++];
        tag->tpid = out->type;
        tag->tci = bytes_u16be(in);
        out->type = bytes_u16be(in);
    }
    if (out->type < ETH_TYPE_MIN && !in->bad)
        out->type = snap_type(in);
    return !in->bad;
}

void eth_encode(struct bytes_out *out, const struct eth_head *h)
{
    bytes_put(out, h->dst.byte, sizeof h->dst.byte);
    bytes_put(out, h->src.byte, sizeof h->src.byte);
    for (uint8_t i = 0; i < h->vlan_count && i < ETH_VLAN_MAX; i++) {
        bytes_put_u16be(out, h->vlan[i].tpid);
        bytes_put_u16be(out, h->vlan[i].tci);
    }
    bytes_put_u16be(out, h->type);
}

enum packet_verdict walk_ethertype(struct packet_walk *w, uint16_t type)
{
    w->next = layer_by_ethertype(type);
    if (w->next)
        return PACKET_OK;
    if (type >= ETH_TYPE_MIN)
        walk_event(w, EVENT_ETHERNET_UNKNOWN_ETHERTYPE);
    return PACKET_OTHER_LINK;
}

/* A tag that something else than an Ethernet head carries. */
enum packet_verdict vlan_step(struct packet_walk *w)
{
    if (!walk_enter(w, PACKET_VLAN))
        return PACKET_DEPTH;
    if (w->out->vlan_count == PACKET_VLAN_MAX)
        return PACKET_ETH_VLAN_DEPTH;
    uint16_t tci = bytes_u16be(&w->in);
    uint16_t type = bytes_u16be(&w->in);
    if (w->in.bad)
        return PACKET_VLAN_SHORT;
    walk_vlan(w, tci);
    return walk_ethertype(w, type);
}

enum packet_verdict eth_step(struct packet_walk *w)
{
    struct eth_head head;
    walk_enter(w, PACKET_ETH);
    if (!eth_decode(&w->in, &head))
        return !w->in.bad        ? PACKET_ETH_VLAN_DEPTH
               : head.vlan_count ? PACKET_VLAN_SHORT
                                 : PACKET_ETH_SHORT;
    for (uint8_t i = 0; i < head.vlan_count; i++)
        walk_vlan(w, head.vlan[i].tci);
    if (head.vlan_count > PACKET_VLAN_MAX && w->events)
        return PACKET_ETH_VLAN_DEPTH;
    return walk_ethertype(w, head.type);
}
