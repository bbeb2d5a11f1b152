/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GRE (RFC 2784 with RFC 2890's fields and RFC 1701's routing), version 1 as PPTP has it
 * (RFC 2637), and what it carries: IP, Ethernet, PPP, MPLS, ERSPAN, VLAN tags, ARP. */
#include "wire/packet/walk.h"

enum {
    HAS_SUM = 0x8000,
    HAS_ROUTING = 0x4000,
    HAS_KEY = 0x2000,
    HAS_SEQ = 0x1000,
    STRICT_ROUTE = 0x0800,
    RECURSION = 0x0700,
    HAS_ACK = 0x0080, /* version 1 */
    FLAGS_0 = 0x00f8,
    FLAGS_1 = 0x0078,
    VERSION = 0x0007,
    CARRIES_PPP = 0x880b,
    CARRIES_ERSPAN = 0x88be,
    CARRIES_ETHERNET = 0x6558,
    CARRIES_IP4 = 0x0800,
    CARRIES_IP6 = 0x86dd,
    CARRIES_VLAN = 0x8100,
};

static void carried(struct packet_walk *w, uint16_t flags, uint16_t protocol)
{
    switch (protocol) {
    case CARRIES_IP4:
    case CARRIES_IP6:
        walk_tunnel(w, PACKET_LINK_RAW_IP);
        break;
    case CARRIES_PPP:
        walk_tunnel(w, PACKET_LINK_PPP);
        break;
    case CARRIES_ERSPAN: /* version 0 has no head and, unlike version 1, no sequence number */
        walk_tunnel(w, flags & HAS_SEQ ? PACKET_LINK_ERSPAN2 : PACKET_LINK_ERSPAN1);
        break;
    case CARRIES_ETHERNET:
        walk_tunnel(w, PACKET_LINK_ETHERNET);
        break;
    case CARRIES_VLAN:
        walk_tunnel(w, PACKET_LINK_VLAN);
        break;
    default:
        break;
    }
}

/* RFC 1701: source route entries up to one of length 0. */
static void skip_routes(struct packet_walk *w)
{
    uint8_t len = 1;
    while (len && !w->in.bad) {
        bytes_skip(&w->in, 3); /* address family, offset */
        len = bytes_u8(&w->in);
        bytes_skip(&w->in, len);
    }
}

static enum packet_verdict version_0(struct packet_walk *w, uint16_t flags)
{
    if (flags & RECURSION)
        walk_event(w, EVENT_GRE_VERSION0_RECUR);
    if (flags & FLAGS_0) {
        walk_event(w, EVENT_GRE_VERSION0_FLAGS);
        return PACKET_GRE_BAD;
    }
    if (flags & RECURSION)
        return PACKET_GRE_BAD;
    bytes_skip(&w->in, flags & (HAS_SUM | HAS_ROUTING) ? 4 : 0);
    bytes_skip(&w->in, flags & HAS_KEY ? 4 : 0);
    bytes_skip(&w->in, flags & HAS_SEQ ? 4 : 0);
    if (w->in.bad) {
        walk_event(w, EVENT_GRE_VERSION0_HDR_TOO_BIG);
        return PACKET_GRE_BAD;
    }
    if (flags & HAS_ROUTING)
        skip_routes(w);
    if (w->in.bad) {
        walk_event(w, EVENT_GRE_VERSION0_MALFORMED_SRE_HDR);
        return PACKET_GRE_BAD;
    }
    return PACKET_OK;
}

static enum packet_verdict version_1(struct packet_walk *w, uint16_t flags, uint16_t protocol)
{
    static const struct {
        uint16_t mask, want;
        uint8_t event;
    } rule[] = {
        {HAS_SUM, 0, EVENT_GRE_VERSION1_CHKSUM},   {HAS_ROUTING, 0, EVENT_GRE_VERSION1_ROUTE},
        {STRICT_ROUTE, 0, EVENT_GRE_VERSION1_SSR}, {RECURSION, 0, EVENT_GRE_VERSION1_RECUR},
        {FLAGS_1, 0, EVENT_GRE_VERSION1_FLAGS},    {HAS_KEY, HAS_KEY, EVENT_GRE_VERSION1_NO_KEY},
    };
    for (size_t i = 0; i < ARRAY_COUNT(rule); i++)
        if ((flags & rule[i].mask) != rule[i].want) {
            walk_event(w, (enum packet_event)rule[i].event);
            return PACKET_GRE_BAD;
        }
    if (protocol != CARRIES_PPP) {
        walk_event(w, EVENT_GRE_VERSION1_WRONG_PROTOCOL);
        return PACKET_GRE_BAD;
    }
    bytes_skip(&w->in, 4); /* key: payload length and call */
    bytes_skip(&w->in, flags & HAS_SEQ ? 4 : 0);
    bytes_skip(&w->in, flags & HAS_ACK ? 4 : 0);
    if (w->in.bad) {
        walk_event(w, EVENT_GRE_VERSION1_HDR_TOO_BIG);
        return PACKET_GRE_BAD;
    }
    return PACKET_OK;
}

enum packet_verdict gre_step(struct packet_walk *w)
{
    if (!w->events) /* who is no watcher asks for what his own machine would take */
        return PACKET_OK;
    if (!walk_enter(w, PACKET_GRE))
        return PACKET_DEPTH;
    uint16_t flags = bytes_u16be(&w->in);
    uint16_t protocol = bytes_u16be(&w->in);
    if (w->in.bad)
        return PACKET_GRE_SHORT;
    if ((flags & VERSION) > 1)
        return PACKET_GRE_VERSION;
    enum packet_verdict verdict =
        flags & VERSION ? version_1(w, flags, protocol) : version_0(w, flags);
    if (verdict == PACKET_OK && bytes_left(&w->in))
        carried(w, flags, protocol);
    return verdict;
}

enum packet_verdict erspan2_step(struct packet_walk *w)
{
    if (!walk_enter(w, PACKET_ERSPAN))
        return PACKET_DEPTH;
    uint16_t first = bytes_u16be(&w->in);
    bytes_skip(&w->in, 6); /* class of service, session, index */
    if (w->in.bad)
        return PACKET_ERSPAN_SHORT;
    if (first >> 12 != 1)
        return PACKET_ERSPAN_VERSION;
    if (first & 0xfff)
        walk_vlan(w, first);
    w->next = eth_step;
    return PACKET_OK;
}
