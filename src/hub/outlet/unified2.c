/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/outlet/unified2.h"

enum {
    TYPE_PACKET = 2,
    TYPE_EVENT4 = 7,
    TYPE_EVENT6 = 72,
    TYPE_EVENT4_VLAN = 104,
    TYPE_EVENT6_VLAN = 105,
    LEN_EVENT4 = 52,
    LEN_EVENT6 = 76,
    LEN_VLAN = 8,
    LEN_PACKET = 28,
    IMPACT_DROPPED = 0x20,
};

static const uint64_t second_ns = 1000000000;

/* ICMP has its type and code where others have ports. */
static uint16_t port_or_type(const struct alert *a, bool source)
{
    const struct packet *p = a->packet;
    if (p && (p->transport == PACKET_ICMP4 || p->transport == PACKET_ICMP6))
        return source ? p->icmp_type : p->icmp_code;
    return source ? a->src.port : a->dst.port;
}

static void put_moment(struct bytes_out *out, uint64_t wall_ns)
{
    bytes_put_u32be(out, (uint32_t)(wall_ns / second_ns));
    bytes_put_u32be(out, (uint32_t)(wall_ns % second_ns / 1000));
}

void unified2_put_event(struct bytes_out *out, const struct alert *a, bool vlan_events)
{
    bool is_ip6 = a->src.addr.family == ADDR_IP6;
    size_t addr_len = is_ip6 ? 16 : 4;
    uint32_t type = is_ip6 ? (vlan_events ? TYPE_EVENT6_VLAN : TYPE_EVENT6)
                           : (vlan_events ? TYPE_EVENT4_VLAN : TYPE_EVENT4);
    bytes_put_u32be(out, type);
    bytes_put_u32be(out, (is_ip6 ? LEN_EVENT6 : LEN_EVENT4) + (vlan_events ? LEN_VLAN : 0));
    bytes_put_u32be(out, 0); /* sensor */
    bytes_put_u32be(out, a->id);
    put_moment(out, a->wall_ns);
    bytes_put_u32be(out, a->sid);
    bytes_put_u32be(out, a->gid);
    bytes_put_u32be(out, a->rev);
    bytes_put_u32be(out, a->class_id);
    bytes_put_u32be(out, a->priority);
    bytes_put(out, a->src.addr.byte, addr_len);
    bytes_put(out, a->dst.addr.byte, addr_len);
    bytes_put_u16be(out, port_or_type(a, true));
    bytes_put_u16be(out, port_or_type(a, false));
    bytes_put_u8(out, a->ip_proto);
    bytes_put_u8(out, a->verdict == ALERT_DROPPED ? IMPACT_DROPPED : 0);
    bytes_put_u8(out, 0); /* impact */
    bytes_put_u8(out, (uint8_t)a->verdict);
    if (vlan_events) {
        bytes_put_u32be(out, 0); /* MPLS label */
        bytes_put_u16be(out, a->packet && a->packet->vlan_count ? a->packet->vlan[0] : 0);
        bytes_put_u16be(out, 0); /* policy */
    }
}

void unified2_put_packet_head(struct bytes_out *out, const struct alert *a)
{
    bytes_put_u32be(out, TYPE_PACKET);
    bytes_put_u32be(out, LEN_PACKET + a->packet->len);
    bytes_put_u32be(out, 0); /* sensor */
    bytes_put_u32be(out, a->id);
    bytes_put_u32be(out, (uint32_t)(a->wall_ns / second_ns));
    put_moment(out, a->wall_ns);
    bytes_put_u32be(out, a->link);
    bytes_put_u32be(out, a->packet->len);
}
