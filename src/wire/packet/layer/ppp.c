/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PPP (RFC 1661, RFC 1662) and PPP over Ethernet (RFC 2516). */
#include "wire/packet/layer/ip4.h"
#include "wire/packet/layer/ip6.h"
#include "wire/packet/walk.h"

enum {
    PPP_IP = 0x0021,
    PPP_COMPRESSED_TCP = 0x002d,
    PPP_UNCOMPRESSED_TCP = 0x002f, /* Van Jacobson's, with a whole head (RFC 1144) */
    PPP_IP6 = 0x0057,
    PPP_MPLS = 0x0281,
    ADDRESS_ALL = 0xff,
    CONTROL_UI = 0x03,
    PPPOE_VERSION_TYPE = 0x11,
};

enum { /* RFC 2516 4: codes of discovery */
       PADI = 0x09,
       PADO = 0x07,
       PADR = 0x19,
       PADS = 0x65,
       PADT = 0xa7,
};

/* Network layer control and link control protocols, which are known but carry nothing to look at
 * (IANA's "Point-to-Point (PPP) Protocol Field Assignments"). */
static bool is_assigned(uint16_t protocol)
{
    uint8_t high = (uint8_t)(protocol >> 8);
    return (protocol & 1) && (high == 0x80 || high == 0xc0 || high == 0xc2 || high == 0x00 ||
                              high == 0x02 || high == 0x82);
}

static enum packet_verdict ppp_carried(struct packet_walk *w, uint16_t protocol)
{
    switch (protocol) {
    case PPP_IP:
        w->next = ip4_step;
        return bytes_left(&w->in) < IP4_HEAD_LEN ? PACKET_PPP_IP4_SHORT : PACKET_OK;
    case PPP_UNCOMPRESSED_TCP:
        w->next = ip4_step;
        return bytes_left(&w->in) < IP4_HEAD_LEN ? PACKET_PPP_COMPRESSED_SHORT : PACKET_OK;
    case PPP_IP6:
        w->next = ip6_step;
        return bytes_left(&w->in) < IP6_HEAD_LEN ? PACKET_PPP_IP6_SHORT : PACKET_OK;
    case PPP_MPLS:
        w->next = mpls_step;
        return PACKET_OK;
    default:
        if (!is_assigned(protocol))
            return PACKET_PPP_PROTOCOL;
        walk_event(w, EVENT_PPP_UNSUP_PROTO);
        return PACKET_OTHER_LINK;
    }
}

/* RFC 1661 6.5: a protocol field may be one byte, which is odd (the first of two is even). */
static uint16_t protocol_field(struct bytes_in *in)
{
    uint16_t first = bytes_u8(in);
    return first & 1 ? first : (uint16_t)(first << 8 | bytes_u8(in));
}

enum packet_verdict ppp_step(struct packet_walk *w)
{
    if (!walk_enter(w, PACKET_PPP))
        return PACKET_DEPTH;
    struct bytes_in ahead = w->in;
    uint8_t address = bytes_u8(&ahead);
    uint8_t control = bytes_u8(&ahead);
    if (address == ADDRESS_ALL && control == CONTROL_UI)
        w->in = ahead;
    uint16_t protocol = protocol_field(&w->in);
    return w->in.bad ? PACKET_PPP_SHORT : ppp_carried(w, protocol);
}

enum packet_verdict pppoe_session_step(struct packet_walk *w)
{
    if (!walk_enter(w, PACKET_PPPOE))
        return PACKET_DEPTH;
    bytes_skip(&w->in, 4); /* version and type, code, session */
    uint16_t len = bytes_u16be(&w->in);
    struct bytes_in ahead = w->in;
    uint16_t protocol = protocol_field(&ahead);
    if (ahead.bad)
        return PACKET_PPPOE_SHORT;
    walk_limit(w, len);
    w->in.pos = ahead.pos < w->in.end ? ahead.pos : w->in.end;
    return ppp_carried(w, protocol);
}

enum packet_verdict pppoe_discovery_step(struct packet_walk *w)
{
    if (!walk_enter(w, PACKET_PPPOE))
        return PACKET_DEPTH;
    bytes_skip(&w->in, 1);
    uint8_t code = bytes_u8(&w->in);
    bytes_skip(&w->in, 2);
    uint16_t len = bytes_u16be(&w->in);
    if (w->in.bad)
        return PACKET_PPPOE_SHORT;
    if (code != PADI && code != PADO && code != PADR && code != PADS && code != PADT)
        return PACKET_PPPOE_CODE;
    struct bytes_in tags = w->in;
    tags = bytes_sub(&tags, len);
    while (bytes_left(&tags) && !tags.bad) {
        bytes_skip(&tags, 2);
        bytes_skip(&tags, bytes_u16be(&tags));
    }
    if (tags.bad)
        walk_event(w, EVENT_PPPOE_MALFORMED_TAGS);
    return PACKET_OTHER_LINK;
}
