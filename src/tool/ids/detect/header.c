/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/detect/engine.h"
#include "wire/packet/layer/number.h"

static uint16_t link_of(const struct ids_packet *p)
{
    if (p->packet->net != PACKET_IP4 && p->packet->net != PACKET_IP6)
        return RULE_NOT_IP;
    switch (p->proto) {
    case IP_PROTO_TCP:
        return RULE_TCP;
    case IP_PROTO_UDP:
        return RULE_UDP;
    case IP_PROTO_ICMP:
        return RULE_ICMP4;
    case IP_PROTO_ICMP6:
        return RULE_ICMP6;
    case IP_PROTO_SCTP:
        return RULE_SCTP;
    default:
        return RULE_IP_OTHER;
    }
}

static bool link_fits(const struct rule *r, const struct ids_packet *p)
{
    uint16_t link = link_of(p);
    if (!(r->link & link))
        return false;
    if (r->link & RULE_NOT_IP) /* pkthdr: any packet */
        return true;
    return !((r->link & RULE_ONLY_IP4 && p->packet->net != PACKET_IP4) ||
             (r->link & RULE_ONLY_IP6 && p->packet->net != PACKET_IP6));
}

static bool has_ports(const struct ids_packet *p)
{
    return p->proto == IP_PROTO_TCP || p->proto == IP_PROTO_UDP || p->proto == IP_PROTO_SCTP;
}

static bool end_fits(const struct rule_end *end, const struct addr *addr, uint16_t port, bool ports)
{
    return (!ports || end->ports->any || port_set_has(&end->ports->set, port)) &&
           (end->addresses->any || cidr_set_has(&end->addresses->set, addr));
}

static bool flow_fits(const struct rule *r, const struct ids_packet *p)
{
    uint16_t want = r->flow;
    if (want == 0)
        return true;
    if (want & (RULE_TO_SERVER | RULE_TO_CLIENT)) {
        if (!p->flow)
            return false;
        if (!(want & (p->side == FLOW_TO_SERVER ? RULE_TO_SERVER : RULE_TO_CLIENT)))
            return false;
    }
    bool established = p->flag & IDS_ESTABLISHED;
    if (r->dialect != RULE_SURICATA && p->flow && p->flow->stream) /* the packet itself counts */
        established = stream_is_established(p->flow->stream) &&
                      stream_state(p->flow->stream) != STREAM_CLOSED;
    if ((want & RULE_ESTABLISHED && !established) || (want & RULE_NOT_ESTABLISHED && established))
        return false;
    bool rebuilt = p->flag & IDS_REBUILT;
    bool fragment = p->packet->flag & PACKET_FLAG_FRAGMENT;
    return !((want & RULE_ONLY_FRAG && !rebuilt) ||
             (want & RULE_NO_FRAG && (rebuilt || (fragment && r->dialect == RULE_SURICATA))));
}

bool header_fits(const struct engine_rule *e, const struct ids_packet *p)
{
    const struct rule *r = e->rule;
    bool ports = has_ports(p);
    if (!link_fits(r, p) || !flow_fits(r, p))
        return false;
    if (end_fits(&r->src, &p->src, p->src_port, ports) &&
        end_fits(&r->dst, &p->dst, p->dst_port, ports))
        return true;
    return (r->trait & RULE_BOTH_WAYS) && end_fits(&r->src, &p->dst, p->dst_port, ports) &&
           end_fits(&r->dst, &p->src, p->src_port, ports);
}
