/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/outlet/alert_socket.h"

#include <string.h>

enum { /* offsets; integers are in the machine's order */
       MESSAGE_LEN = 256,
       AT_PCAP_HEAD = 256,
       AT_OFFSETS = 272, /* data link, network, transport, payload */
       AT_VALUE = 288,
       AT_PACKET = 292,
       PACKET_LEN = 65535,
       AT_EVENT = 65828,
       NO_PACKET = 1,
       NO_TRANSPORT = 2,
};

static void put_u32(uint8_t *out, size_t at, uint32_t value)
{
    memcpy(out + at, &value, sizeof value);
}

static void put_packet(const struct alert *a, uint8_t *out)
{
    const struct packet *p = a->packet;
    uint32_t len = p->len < PACKET_LEN ? p->len : PACKET_LEN;
    put_u32(out, AT_PCAP_HEAD + 8, len);
    put_u32(out, AT_PCAP_HEAD + 12, a->wire_len ? a->wire_len : p->len);
    if (p->net == PACKET_IP4) {
        put_u32(out, AT_OFFSETS + 4, p->net_at);
        put_u32(out, AT_OFFSETS + 8, p->transport != PACKET_NONE ? p->transport_at : 0);
    }
    put_u32(out, AT_OFFSETS + 12, p->payload_len ? p->payload_at : 0);
    put_u32(out, AT_VALUE, p->transport == PACKET_NONE ? NO_TRANSPORT : 0);
    memcpy(out + AT_PACKET, p->frame, len);
}

void alert_socket_encode(const struct alert *a, uint8_t out[ALERT_SOCKET_LEN])
{
    uint32_t seconds = (uint32_t)(a->wall_ns / 1000000000);
    uint32_t microseconds = (uint32_t)(a->wall_ns % 1000000000 / 1000);
    memset(out, 0, ALERT_SOCKET_LEN);
    size_t len = a->message ? strlen(a->message) : 0;
    if (len)
        memcpy(out, a->message, len < MESSAGE_LEN ? len : MESSAGE_LEN - 1);
    put_u32(out, AT_PCAP_HEAD, seconds);
    put_u32(out, AT_PCAP_HEAD + 4, microseconds);
    if (a->packet)
        put_packet(a, out);
    else
        put_u32(out, AT_VALUE, NO_PACKET);
    const uint32_t event[] = {a->gid, a->sid, a->rev,  a->class_id, a->priority,
                              a->id,  a->id,  seconds, microseconds};
    memcpy(out + AT_EVENT, event, sizeof event);
}
