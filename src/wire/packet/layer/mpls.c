/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MPLS label stacks (RFC 3032).  Nothing says what the last label carries: the first nibble tells
 * IP (RFC 4928), and Ethernet pseudowires may have a control word of zeros (RFC 4385). */
#include "wire/packet/walk.h"

enum {
    LABEL_IP4_NULL = 0,
    LABEL_ROUTER_ALERT = 1,
    LABEL_IP6_NULL = 2,
    LABEL_IMPLICIT_NULL = 3,
    LABEL_RESERVED_MAX = 15,
    LABEL_ENTROPY = 7, /* RFC 6790 */
    LABEL_OAM = 14,    /* RFC 3429 */
    PAYLOAD_MIN = 1,
    CONTROL_WORD_LEN = 4,
};

static enum packet_verdict carried(struct packet_walk *w)
{
    struct bytes_in ahead = w->in;
    if (bytes_left(&ahead) < PAYLOAD_MIN)
        return PACKET_MPLS_PAYLOAD_SHORT;
    switch (bytes_u8(&ahead) >> 4) {
    case 4:
        w->next = ip4_step;
        return PACKET_OK;
    case 6:
        w->next = ip6_step;
        return PACKET_OK;
    case 0:
        bytes_skip(&w->in, CONTROL_WORD_LEN);
        w->next = eth_step;
        return w->in.bad ? PACKET_MPLS_PAYLOAD_SHORT : PACKET_OK;
    default:
        walk_event(w, EVENT_MPLS_UNKNOWN_PAYLOAD_TYPE);
        return PACKET_OTHER_LINK;
    }
}

enum packet_verdict mpls_step(struct packet_walk *w)
{
    uint32_t entry, label;
    if (!walk_enter(w, PACKET_MPLS))
        return PACKET_DEPTH;
    do {
        entry = bytes_u32be(&w->in);
        if (w->in.bad)
            return PACKET_MPLS_SHORT;
        label = entry >> 12;
        bool last = entry & 0x100;
        if (label == LABEL_ROUTER_ALERT && last) /* RFC 3032 2.1: never at the bottom */
            walk_event(w, EVENT_MPLS_BAD_LABEL_ROUTER_ALERT);
        else if (label == LABEL_IMPLICIT_NULL)
            walk_event(w, EVENT_MPLS_BAD_LABEL_IMPLICIT_NULL);
        else if (label > LABEL_IMPLICIT_NULL && label <= LABEL_RESERVED_MAX &&
                 label != LABEL_ENTROPY && label != LABEL_OAM)
            walk_event(w, EVENT_MPLS_BAD_LABEL_RESERVED);
    } while (!(entry & 0x100));
    if (label == LABEL_IP4_NULL || label == LABEL_IP6_NULL) {
        w->next = label == LABEL_IP4_NULL ? ip4_step : ip6_step;
        return PACKET_OK;
    }
    return carried(w);
}
