/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One packet on its way through `picket ids`: what the stages before found out about it, and what
 * was decided so far.  A frame with tunnels in it gives several, the outer first, with the same
 * number; a datagram put together from fragments, or the end of a flow whose last bytes still want
 * to be looked at, gives one more (IDS_REBUILT, IDS_PSEUDO). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/net/addr.h"
#include "wire/packet/event.h"
#include "wire/packet/flow.h"
#include "wire/packet/packet.h"
#include "wire/packet/stream.h"

enum {                           /* struct ids_packet.flag */
       IDS_REBUILT = 1 << 0,     /* put together from fragments */
       IDS_PSEUDO = 1 << 1,      /* no such frame: made at the end of a flow, without payload */
       IDS_TUNNEL = 1 << 2,      /* came out of another packet */
       IDS_BAD_SUM = 1 << 3,     /* a checksum is wrong, and checksums are looked at */
       IDS_ESTABLISHED = 1 << 4, /* `flow:established` */
       IDS_STREAM_PART = 1 << 5, /* its payload went into the stream: raw rules see it there */
       IDS_NO_PAYLOAD = 1 << 6,  /* do not look into payload (flow flag, pass, bypass) */
       IDS_NO_RULES = 1 << 7,    /* no rules at all */
       IDS_FIRST_OF_FLOW = 1 << 8,
       IDS_NEW_TX = 1 << 9,
       IDS_LAST_OF_FLOW = 1 << 10, /* with IDS_PSEUDO: this side says no more */
       IDS_INVALID = 1 << 11,      /* could not be read: only its events matter */
};

enum { /* struct ids_packet.action: what was decided, bits */
       IDS_ACTION_ALERT = 1,
       IDS_ACTION_DROP = 2,
       IDS_ACTION_REJECT = 4, /* reject, rejectsrc: answer the sender */
       IDS_ACTION_REJECT_DST = 8,
       IDS_ACTION_REJECT_BOTH = 16,
       IDS_ACTION_PASS = 32,
};

enum ids_drop_reason {
#define REASON(upper, name, counter) IDS_DROP_##upper,
#include "tool/ids/drop_reason.def"
#undef REASON
    IDS_DROP_REASONS,
};

const char *ids_drop_reason_name(enum ids_drop_reason reason);    /* "flow drop": EVE's reason */
const char *ids_drop_reason_counter(enum ids_drop_reason reason); /* "flow_drop": statistics */

enum { IDS_RAW_MAX = 4 };

struct ids_packet {
    const struct packet *packet; /* heads and payload; payload_len 0 for IDS_PSEUDO */
    uint64_t number;             /* pcap_cnt: 1, 2, ... */
    uint64_t wall_ns;
    struct addr src, dst;
    uint16_t src_port, dst_port;
    uint8_t proto; /* IP protocol number; 0: no IP */
    uint8_t side;  /* enum flow_side, when there is a flow */
    uint8_t vlan_count;
    uint16_t vlan[FLOW_VLAN_MAX];
    uint32_t flag;
    uint32_t frame_len; /* bytes of the frame on the wire */
    uint16_t link_type; /* of the capture, as tcpdump.org numbers them */
    struct flow *flow;  /* NULL: none */

    struct event_list event; /* decoder and stream events, raised by this packet */

    /* Raw stream bytes of this packet's direction that are ready to be inspected (raw rules on
     * `stream` data).  The pipeline marks them as done after detect_packet. */
    uint8_t raw_count;
    struct stream_view raw[IDS_RAW_MAX];

    const char *source; /* EVE's pkt_src: "wire/pcap", "ipv4 tunnel" ... */

    uint8_t action; /* IDS_ACTION_... */
    uint8_t drop_reason;
};

/* Drop it: the first reason stays. */
static inline void ids_packet_drop(struct ids_packet *p, enum ids_drop_reason reason)
{
    if (!(p->action & IDS_ACTION_DROP))
        p->drop_reason = (uint8_t)reason;
    p->action |= IDS_ACTION_DROP;
}
