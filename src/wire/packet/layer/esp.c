/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ESP (RFC 4303), of which an observer sees only whose it is, and IGMP (RFC 3376). */
#include "wire/packet/walk.h"

enum { IGMP_LEN = 8, IGMP_V3_REPORT = 0x22 };

enum packet_verdict esp_step(struct packet_walk *w)
{
    if (!w->events)
        return PACKET_OK;
    if (!walk_enter(w, PACKET_ESP))
        return PACKET_DEPTH;
    uint32_t spi = bytes_u32be(&w->in);
    bytes_skip(&w->in, 4); /* sequence number */
    if (w->in.bad)
        return PACKET_ESP_SHORT;
    w->out->spi = spi;
    return PACKET_OK;
}

enum packet_verdict igmp_step(struct packet_walk *w)
{
    if (!w->events)
        return PACKET_OK;
    if (!walk_enter(w, PACKET_IGMP))
        return PACKET_DEPTH;
    if (bytes_left(&w->in) < IGMP_LEN)
        return PACKET_IGMP_SHORT;
    w->out->icmp_type = bytes_u8(&w->in);
    bytes_skip(&w->in, IGMP_LEN - 1);
    return PACKET_OK;
}
