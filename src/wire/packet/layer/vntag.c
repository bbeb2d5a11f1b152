/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tags that stand where an ethertype may: 802.1AH's instance tag, Cisco's VN-tag, 802.1BR's E-tag.
 */
#include "wire/packet/layer/eth.h"
#include "wire/packet/walk.h"

enum {
    VNTAG_LEN = 4, /* direction, pointer, destination, loop, version, source */
    ETAG_LEN = 6,
    AH1_TAG_LEN = 4, /* priority and the 24 bits of the service instance */
    MAC_LEN = 6,
};

static enum packet_verdict tag(struct packet_walk *w, enum packet_kind kind, size_t len,
                               enum packet_verdict cut)
{
    if (!walk_enter(w, kind))
        return PACKET_DEPTH;
    bytes_skip(&w->in, len);
    uint16_t type = bytes_u16be(&w->in);
    if (w->in.bad)
        return cut;
    w->next = layer_by_ethertype(type);
    if (w->next)
        return PACKET_OK;
    if (kind != PACKET_AH1)
        walk_event(w, kind == PACKET_VNTAG ? EVENT_VNTAG_UNKNOWN_TYPE : EVENT_ETAG_UNKNOWN_TYPE);
    return PACKET_OTHER_LINK;
}

enum packet_verdict vntag_step(struct packet_walk *w)
{
    return tag(w, PACKET_VNTAG, VNTAG_LEN, PACKET_VNTAG_SHORT);
}

enum packet_verdict etag_step(struct packet_walk *w)
{
    return tag(w, PACKET_ETAG, ETAG_LEN, PACKET_ETAG_SHORT);
}

enum packet_verdict ah1_step(struct packet_walk *w)
{
    return tag(w, PACKET_AH1, AH1_TAG_LEN + 2 * MAC_LEN, PACKET_AH1_SHORT);
}
