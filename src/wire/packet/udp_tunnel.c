/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/packet/udp_tunnel.h"

#include "wire/packet/layer/eth.h"
#include "wire/packet/layer/ip6.h"
#include "wire/packet/layer/number.h"

enum {
    VXLAN_HEAD_LEN = 8,
    VXLAN_HAS_NETWORK = 0x08,
    GENEVE_HEAD_LEN = 8,
    TEREDO_ORIGIN_LEN = 8,
    ETHERTYPE_BRIDGE = 0x6558,
};

static bool vxlan(struct bytes_in in, struct udp_tunnel *out, struct event_list *events)
{
    if (bytes_left(&in) < VXLAN_HEAD_LEN + ETH_HEAD_LEN)
        return false;
    uint8_t flags = bytes_u8(&in);
    uint8_t more = bytes_u8(&in);
    uint16_t policy = bytes_u16be(&in);
    out->network = bytes_u24be(&in);
    uint8_t reserved = bytes_u8(&in);
    if (flags != VXLAN_HAS_NETWORK || more || policy || reserved)
        return false;
    out->inner = in;
    out->link = PACKET_LINK_ETHERNET;
    bytes_skip(&in, 12);
    uint16_t type = bytes_u16be(&in);
    if (type == ETH_TYPE_ARP || type == ETH_TYPE_IP4 || type == ETH_TYPE_IP6 ||
        eth_type_is_vlan(type))
        return true;
    event_list_add(events, EVENT_VXLAN_UNKNOWN_PAYLOAD_TYPE);
    return false;
}

static bool geneve(struct bytes_in in, struct udp_tunnel *out, struct event_list *events)
{
    uint8_t first = bytes_u8(&in);
    uint8_t flags = bytes_u8(&in);
    uint16_t type = bytes_u16be(&in);
    out->network = bytes_u24be(&in);
    uint8_t reserved = bytes_u8(&in);
    size_t options = (first & 0x3fu) * 4u;
    if (in.bad || first >> 6 != 0 || flags & 0x3f || reserved)
        return false;
    struct bytes_in list = bytes_sub(&in, options);
    while (bytes_left(&list)) {
        bytes_skip(&list, 3); /* class and type */
        bytes_skip(&list, (bytes_u8(&list) & 0x1fu) * 4u);
    }
    if (in.bad || list.bad)
        return false;
    out->inner = in;
    switch (type) {
    case ETH_TYPE_IP4:
    case ETH_TYPE_IP6:
        out->link = PACKET_LINK_RAW_IP;
        return true;
    case ETHERTYPE_BRIDGE:
        out->link = PACKET_LINK_ETHERNET;
        return true;
    case ETH_TYPE_ARP:
        return false;
    default:
        event_list_add(events, EVENT_GENEVE_UNKNOWN_PAYLOAD_TYPE);
        return false;
    }
}

/* Nothing marks it: an IPv6 head whose length fits exactly, maybe behind an origin indication. */
static bool teredo(struct bytes_in in, struct udp_tunnel *out)
{
    if (bytes_left(&in) < IP6_HEAD_LEN)
        return false;
    if (in.pos[0] == 0) {
        if (in.pos[1] != 0)
            return false;
        bytes_skip(&in, TEREDO_ORIGIN_LEN);
    }
    struct bytes_in ahead = in;
    struct ip6_head head;
    if (!ip6_decode(&ahead, &head) || head.hop_limit == 0 ||
        (head.next == IP_PROTO_HOP_BY_HOP && head.payload_len < 8) ||
        head.payload_len != bytes_left(&ahead))
        return false;
    out->inner = in;
    out->link = PACKET_LINK_RAW_IP;
    return true;
}

bool udp_tunnel_decode(struct bytes_in in, enum udp_tunnel_kind kind, struct udp_tunnel *out,
                       struct event_list *events)
{
    *out = (struct udp_tunnel){.network = 0};
    switch (kind) {
    case UDP_TUNNEL_VXLAN:
        return vxlan(in, out, events);
    case UDP_TUNNEL_GENEVE:
        return geneve(in, out, events);
    default:
        return teredo(in, out);
    }
}
