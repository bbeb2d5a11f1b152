/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a rule may look into, as the rule language knows it: the payload, a packet's heads, a field
 * of a protocol.  Where the bytes of fields come from is tool/ids/inspect. */
#pragma once

#include <stdint.h>

#include "tool/ids/inspect/inspect.h"

enum sticky_source {
    STICKY_PAYLOAD, /* of the packet or the stream, as the rule asks */
    STICKY_RAW,     /* of the packet as it came, whatever the stream made of it */
    STICKY_TX,      /* inspect.h: id is an enum buffer_id */
    STICKY_NUMBER,  /* inspect.h: id is an enum number_id; no bytes, the list has a test */
    STICKY_HEAD,    /* the packet's heads: id is an enum sticky_head */
    STICKY_FRAME,   /* a frame of the stream; the list's detail is its type */
    STICKY_STATE,   /* no bytes: a condition on a transaction, in the list's test */
};

enum sticky_head {
    STICKY_IP4_HEAD,
    STICKY_IP6_HEAD,
    STICKY_TCP_HEAD,
    STICKY_UDP_HEAD,
    STICKY_ICMP4_HEAD,
    STICKY_ICMP6_HEAD,
    STICKY_IP_SRC, /* the address, 4 or 16 bytes */
    STICKY_IP_DST,
    STICKY_HEADS,
};

struct sticky {
    const char *name;
    uint8_t source;
    uint16_t id;
};

extern const struct sticky sticky_payload, sticky_raw, sticky_frame, sticky_state;
extern const struct sticky sticky_head[STICKY_HEADS];
extern const struct sticky sticky_tx[BUFFER_COUNT];
extern const struct sticky sticky_number[NUMBER_COUNT];

static inline const struct buffer_row *sticky_row(const struct sticky *s)
{
    return s->source == STICKY_TX       ? &buffer_row[s->id]
           : s->source == STICKY_NUMBER ? &number_row[s->id]
                                        : (const struct buffer_row *)0;
}
