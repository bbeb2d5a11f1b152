/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Links with a head of four bytes that says no more than what follows: BSD's loopback (an address
 * family, whose numbers differ between systems) and Cisco's HDLC (an ethertype). */
#include "wire/packet/walk.h"

enum {
    FAMILY_IP4 = 2,
    FAMILY_IP6_NETBSD = 24,
    FAMILY_IP6_FREEBSD = 28,
    FAMILY_IP6_DARWIN = 30,
    FAMILY_IP6_LINUX = 10,
};

enum packet_verdict null_step(struct packet_walk *w)
{
    walk_enter(w, PACKET_NULL);
    uint32_t family = bytes_u32be(&w->in);
    if (w->in.bad)
        return PACKET_NULL_SHORT;
    if (family > UINT16_MAX) /* written by a machine of the other byte order */
        family = __builtin_bswap32(family);
    switch (family) {
    case FAMILY_IP4:
        w->next = ip4_step;
        return PACKET_OK;
    case FAMILY_IP6_LINUX:
    case FAMILY_IP6_NETBSD:
    case FAMILY_IP6_FREEBSD:
    case FAMILY_IP6_DARWIN:
        w->next = ip6_step;
        return PACKET_OK;
    default:
        return PACKET_NULL_FAMILY;
    }
}

enum packet_verdict chdlc_step(struct packet_walk *w)
{
    if (!walk_enter(w, PACKET_CHDLC))
        return PACKET_DEPTH;
    bytes_skip(&w->in, 2); /* unicast or broadcast, control */
    uint16_t type = bytes_u16be(&w->in);
    return w->in.bad ? PACKET_CHDLC_SHORT : walk_ethertype(w, type);
}
