/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames that UDP carries: VXLAN (RFC 7348), Geneve (RFC 8926), Teredo (RFC 4380).  Which ports
 * they use is the caller's to know; what does not look like one is none. */
#pragma once

#include "wire/packet/event.h"
#include "wire/packet/packet.h"

enum udp_tunnel_kind { UDP_TUNNEL_VXLAN, UDP_TUNNEL_GENEVE, UDP_TUNNEL_TEREDO };

struct udp_tunnel {
    struct bytes_in inner; /* the carried frame */
    enum packet_link link; /* what it begins with */
    uint32_t network;      /* VXLAN's and Geneve's network identifier */
};

/* `in` is the payload of UDP.  False: it is no such tunnel (or carries what is not read: then an
 * event tells). */
bool udp_tunnel_decode(struct bytes_in in, enum udp_tunnel_kind kind, struct udp_tunnel *out,
                       struct event_list *events);
