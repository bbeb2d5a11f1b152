/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The network service header (RFC 8300). */
#include "wire/packet/walk.h"

enum {
    NSH_LEN_MIN = 8,
    TYPE_1 = 1, /* metadata of fixed length: 16 bytes */
    TYPE_2 = 2,
    TYPE_1_LEN = 24,
    CARRIES_IP4 = 1,
    CARRIES_IP6 = 2,
    CARRIES_ETHERNET = 3,
    CARRIES_NSH = 4,
    CARRIES_MPLS = 5,
};

static enum packet_verdict bad(struct packet_walk *w, enum packet_event event)
{
    walk_event(w, event);
    return PACKET_NSH_BAD;
}

enum packet_verdict nsh_step(struct packet_walk *w)
{
    if (!walk_enter(w, PACKET_NSH))
        return PACKET_DEPTH;
    size_t have = bytes_left(&w->in);
    uint16_t first = bytes_u16be(&w->in);
    uint8_t type = bytes_u8(&w->in) & 0x0f;
    uint8_t carries = bytes_u8(&w->in);
    size_t len = (first & 0x3fu) * 4u;
    if (have < NSH_LEN_MIN)
        return PACKET_NSH_SHORT;
    if (first >> 14 != 0 || first & 0x1000)
        return bad(w, EVENT_NSH_UNSUPPORTED_VERSION);
    if (len >= have || len < NSH_LEN_MIN)
        return bad(w, EVENT_NSH_BAD_HEADER_LENGTH);
    if (type == 0 || type == 0xf)
        return bad(w, EVENT_NSH_RESERVED_TYPE);
    if (type == TYPE_1 && len != TYPE_1_LEN)
        return bad(w, EVENT_NSH_BAD_HEADER_LENGTH);
    if (type != TYPE_1 && type != TYPE_2)
        return bad(w, EVENT_NSH_UNSUPPORTED_TYPE);
    bytes_skip(&w->in, len - 4);
    switch (carries) {
    case CARRIES_IP4:
        w->next = ip4_step;
        return PACKET_OK;
    case CARRIES_IP6:
        w->next = ip6_step;
        return PACKET_OK;
    case CARRIES_ETHERNET:
        w->next = eth_step;
        return PACKET_OK;
    case CARRIES_NSH:
        w->next = nsh_step;
        return PACKET_OK;
    case CARRIES_MPLS:
        w->next = mpls_step;
        return PACKET_OK;
    default:
        walk_event(w, EVENT_NSH_UNKNOWN_PAYLOAD);
        return PACKET_OTHER_LINK;
    }
}
