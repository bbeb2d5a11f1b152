/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A frame, level by level: what a tunnel carries is a packet of its own, looked at before the one
 * that carries it, as is a datagram that its last fragment completes. */
#include <string.h>

#include "tool/ids/worker.h"
#include "wire/packet/layer/number.h"
#include "wire/packet/review.h"
#include "wire/packet/udp_tunnel.h"

static void count_layers(struct ids_worker *w, const struct packet *packet)
{
    struct ids_counts *c = &w->count;
    for (uint8_t i = 0; i < packet->layer_count; i++)
        c->kind[packet->layer[i].kind]++;
    if (packet->vlan_count == 1)
        c->kind[PACKET_VLAN]++;
    c->vlan_qinq += packet->vlan_count == 2;
    c->vlan_three += packet->vlan_count == 3;
}

static void count_tunnel(struct ids_worker *w, const struct packet *outer)
{
    struct ids_counts *c = &w->count;
    if (outer->inner_link != PACKET_LINK_RAW_IP || outer->inner_at >= outer->len)
        return;
    bool inner4 = outer->frame[outer->inner_at] >> 4 == 4;
    if (outer->ip_proto != IP_PROTO_IP4 && outer->ip_proto != IP_PROTO_IP6)
        return;
    if (outer->net == PACKET_IP4)
        inner4 ? c->ip4_in_ip4++ : c->ip6_in_ip4++;
    else
        inner4 ? c->ip4_in_ip6++ : c->ip6_in_ip6++;
}

static const char *tunnel_name(const struct packet *outer, uint8_t inner_first)
{
    switch (outer->inner_link) {
    case PACKET_LINK_RAW_IP:
        if (outer->ip_proto == 47)
            return "gre tunnel";
        return inner_first >> 4 == 6 ? "ipv6 tunnel" : "ipv4 tunnel";
    case PACKET_LINK_ERSPAN1:
    case PACKET_LINK_ERSPAN2:
        return "gre tunnel";
    default:
        return "gre tunnel";
    }
}

static void inner(struct ids_worker *w, const struct ids_level *level, const struct ids_packet *p)
{
    const struct packet *packet = p->packet;
    if (!packet->inner_at || packet->inner_at >= packet->len)
        return;
    uint32_t end = (uint32_t)packet->payload_at + packet->payload_len;
    struct ids_level next = {.data = packet->frame + packet->inner_at,
                             .len = end - packet->inner_at,
                             .link = (enum packet_link)packet->inner_link,
                             .source = tunnel_name(packet, packet->frame[packet->inner_at]),
                             .flag = IDS_TUNNEL,
                             .depth = (uint8_t)(level->depth + 1),
                             .outer = p};
    count_tunnel(w, packet);
    (void)ids_level(w, &next);
}

static bool is_port(const struct ids_tunnel_ports *ports, uint16_t port)
{
    for (uint8_t i = 0; ports->enabled && i < ports->count; i++)
        if (ports->port[i] == port)
            return true;
    return false;
}

static void inner_udp(struct ids_worker *w, const struct ids_level *level, struct ids_packet *p)
{
    const struct ids_settings *s = w->settings;
    const struct packet *packet = p->packet;
    struct bytes_in in = packet_payload(packet);
    struct udp_tunnel t;
    enum udp_tunnel_kind kind;
    if (is_port(&s->vxlan, packet->dst_port))
        kind = UDP_TUNNEL_VXLAN;
    else if (is_port(&s->geneve, packet->dst_port))
        kind = UDP_TUNNEL_GENEVE;
    else if (is_port(&s->teredo, packet->dst_port) || is_port(&s->teredo, packet->src_port))
        kind = UDP_TUNNEL_TEREDO;
    else
        return;
    if (!udp_tunnel_decode(in, kind, &t, &p->event))
        return;
    w->count.vxlan += kind == UDP_TUNNEL_VXLAN;
    w->count.geneve += kind == UDP_TUNNEL_GENEVE;
    w->count.teredo += kind == UDP_TUNNEL_TEREDO;
    static const char *const name[] = {"vxlan encapsulation", "geneve encapsulation",
                                       "teredo tunnel"};
    struct ids_level next = {.data = t.inner.pos,
                             .len = (uint32_t)bytes_left(&t.inner),
                             .link = t.link,
                             .source = name[kind],
                             .flag = IDS_TUNNEL,
                             .depth = (uint8_t)(level->depth + 1),
                             .outer = p};
    (void)ids_level(w, &next);
}

static void rebuild(struct ids_worker *w, const struct ids_level *level, struct ids_packet *p)
{
    struct addr dst = packet_dst(p->packet);
    struct bytes_in whole;
    p->packet->net == PACKET_IP4 ? w->count.fragments4++ : w->count.fragments6++;
    if (!defrag_take(w->defrag, p->packet, ids_defrag_policy(w->settings, &dst), p->vlan,
                     p->wall_ns, &p->event, &whole))
        return;
    p->packet->net == PACKET_IP4 ? w->count.rebuilt4++ : w->count.rebuilt6++;
    struct ids_level next = {.data = whole.pos,
                             .len = (uint32_t)bytes_left(&whole),
                             .link = PACKET_LINK_RAW_IP,
                             .source = "defrag",
                             .flag = IDS_REBUILT,
                             .depth = (uint8_t)(level->depth + 1),
                             .outer = p};
    (void)ids_level(w, &next);
}

static void take_ends(struct ids_packet *p)
{
    const struct packet *packet = p->packet;
    if (packet->net != PACKET_IP4 && packet->net != PACKET_IP6)
        return;
    p->src = packet_src(packet);
    p->dst = packet_dst(packet);
    p->proto = packet->ip_proto;
    p->src_port = packet->src_port;
    p->dst_port = packet->dst_port;
}

unsigned ids_level(struct ids_worker *w, const struct ids_level *level)
{
    struct packet packet;
    struct ids_packet p = {.packet = &packet,
                           .number = w->frame_number,
                           .wall_ns = w->frame->wall_ns,
                           .frame_len = level->outer ? level->len : w->frame->wire_len,
                           .link_type = w->frame->link_type,
                           .source = level->source,
                           .flag = level->flag};
    if (level->depth > IDS_LEVEL_MAX)
        return 0;
    enum packet_verdict verdict =
        packet_decode_level(&packet, level->data, level->len, level->link, &p.event);
    bool taken = packet_review(&packet, verdict, &p.event);
    count_layers(w, &packet);
    w->count.unknown_ethertype += event_list_has(&p.event, EVENT_ETHERNET_UNKNOWN_ETHERTYPE);
    bool good = verdict <= PACKET_ARP_OTHER && taken;
    if (!good) {
        w->count.invalid++;
        p.flag |= IDS_INVALID;
    }
    const struct ids_packet *outer = level->outer;
    p.vlan_count = packet.vlan_count;
    memcpy(p.vlan, packet.vlan, sizeof p.vlan);
    if (outer && !p.vlan_count) { /* the tags of the frame are those of what it carries */
        p.vlan_count = outer->vlan_count;
        memcpy(p.vlan, outer->vlan, sizeof p.vlan);
    }
    take_ends(&p);
    if (good) {
        inner(w, level, &p);
        if (packet.flag & PACKET_FLAG_FRAGMENT)
            rebuild(w, level, &p);
        else if (packet.transport == PACKET_UDP)
            inner_udp(w, level, &p);
    }
    for (uint8_t i = 0; i < p.event.count; i++)
        w->count.event[p.event.id[i]]++;
    ids_packet_process(w, &p);
    return p.action;
}
