/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/os/os_probe.h"

#include <string.h>

#include "wire/packet/layer/icmp4.h"
#include "wire/packet/layer/ip4.h"
#include "wire/packet/layer/number.h"
#include "wire/packet/layer/tcp.h"
#include "wire/packet/layer/udp.h"

enum { BODY_MAX = 512, TOS_RELIABILITY = 4, IE_SEQ = 295, IE1_CODE = 9 };

#define TIMESTAMP "\x08\x0a\xff\xff\xff\xff\0\0\0\0"
#define T_OPTIONS "\x03\x03\x0a\x01\x02\x04\x01\x09" TIMESTAMP "\x04\x02"
#define ROW(text) text, sizeof(text) - 1

static const struct segment {
    enum os_probe probe;
    uint8_t flags, reserved;
    bool dont_fragment;
    uint16_t window, urgent;
    const char *option;
    uint8_t option_len;
} segments[] = {
    {OS_PROBE_SEQ + 0, TCP_SYN, 0, false, 1, 0,
     ROW("\x03\x03\x0a\x01\x02\x04\x05\xb4" TIMESTAMP "\x04\x02")},
    {OS_PROBE_SEQ + 1, TCP_SYN, 0, false, 63, 0,
     ROW("\x02\x04\x05\x78\x03\x03\0\x04\x02" TIMESTAMP "\0")},
    {OS_PROBE_SEQ + 2, TCP_SYN, 0, false, 4, 0,
     ROW(TIMESTAMP "\x01\x01\x03\x03\x05\x01\x02\x04\x02\x80")},
    {OS_PROBE_SEQ + 3, TCP_SYN, 0, false, 4, 0, ROW("\x04\x02" TIMESTAMP "\x03\x03\x0a\0")},
    {OS_PROBE_SEQ + 4, TCP_SYN, 0, false, 16, 0,
     ROW("\x02\x04\x02\x18\x04\x02" TIMESTAMP "\x03\x03\x0a\0")},
    {OS_PROBE_SEQ + 5, TCP_SYN, 0, false, 512, 0, ROW("\x02\x04\x01\x09\x04\x02" TIMESTAMP)},
    {OS_PROBE_ECN, TCP_SYN | TCP_ECE | TCP_CWR, 8, false, 3, 0xf7f5,
     ROW("\x03\x03\x0a\x01\x02\x04\x05\xb4\x04\x02\x01\x01")},
    {OS_PROBE_T2, 0, 0, true, 128, 0, ROW(T_OPTIONS)},
    {OS_PROBE_T3, TCP_SYN | TCP_FIN | TCP_URG | TCP_PSH, 0, false, 256, 0, ROW(T_OPTIONS)},
    {OS_PROBE_T4, TCP_ACK, 0, true, 1024, 0, ROW(T_OPTIONS)},
    {OS_PROBE_T5, TCP_SYN, 0, false, 31337, 0, ROW(T_OPTIONS)},
    {OS_PROBE_T6, TCP_ACK, 0, true, 32768, 0, ROW(T_OPTIONS)},
    {OS_PROBE_T7, TCP_FIN | TCP_PSH | TCP_URG, 0, false, 65535, 0,
     ROW("\x03\x03\x0f\x01\x02\x04\x01\x09" TIMESTAMP "\x04\x02")},
};

static void build_tcp(const struct os_ask *ask, const struct segment *s, uint16_t our_port,
                      struct ip4_head *ip, struct bytes_out *body)
{
    bool is_seq = s->probe <= OS_PROBE_SEQ_LAST;
    struct tcp_head h = {
        .src = our_port,
        .dst = os_probe_wants_open(s->probe) ? ask->open_tcp : ask->closed_tcp,
        .seq = ask->seq + (is_seq ? (uint32_t)s->probe : 0),
        .ack = s->probe == OS_PROBE_ECN ? 0 : ask->ack,
        .flags = s->flags,
        .reserved = s->reserved,
        .window = s->window,
        .urgent = s->urgent,
        .option = (const uint8_t *)s->option,
        .option_len = s->option_len,
    };
    ip->proto = IP_PROTO_TCP;
    ip->dont_fragment = s->dont_fragment;
    tcp_encode(body, &h, &ask->src, &ask->dst, bytes_in_of(NULL, 0));
}

static void build_echo(enum os_probe probe, uint16_t our_port, struct ip4_head *ip,
                       struct bytes_out *body)
{
    static const uint8_t zero[150];
    bool first = probe == OS_PROBE_IE1;
    struct icmp4_head h = {.type = ICMP4_TYPE_ECHO,
                           .code = first ? IE1_CODE : 0,
                           .rest = icmp4_rest(our_port, (uint16_t)(IE_SEQ + !first))};
    ip->proto = IP_PROTO_ICMP;
    ip->dont_fragment = first;
    ip->tos = first ? 0 : TOS_RELIABILITY;
    icmp4_encode(body, &h, bytes_in_of(zero, first ? 120 : 150));
}

static void build_udp(const struct os_ask *ask, uint16_t our_port, struct ip4_head *ip,
                      struct bytes_out *body)
{
    uint8_t data[OS_U1_DATA];
    struct udp_head h = {.src = our_port, .dst = ask->closed_udp};
    memset(data, OS_U1_BYTE, sizeof data);
    ip->proto = IP_PROTO_UDP;
    ip->id = OS_U1_ID;
    udp_encode(body, &h, &ask->src, &ask->dst, bytes_in_of(data, sizeof data));
}

void os_probe_build(const struct os_ask *ask, enum os_probe probe, uint16_t our_port,
                    struct bytes_out *out)
{
    uint8_t room[BODY_MAX];
    struct bytes_out body = bytes_out_of(room, sizeof room);
    struct ip4_head ip = {
        .src = ask->src, .dst = ask->dst, .ttl = ask->ttl, .id = (uint16_t)(ask->seq ^ our_port)};
    if (probe == OS_PROBE_IE1 || probe == OS_PROBE_IE2)
        build_echo(probe, our_port, &ip, &body);
    else if (probe == OS_PROBE_U1)
        build_udp(ask, our_port, &ip, &body);
    for (size_t i = 0; i < sizeof segments / sizeof segments[0]; i++)
        if (segments[i].probe == probe)
            build_tcp(ask, &segments[i], our_port, &ip, &body);
    ip4_encode(out, &ip, bytes_out_len(&body));
    bytes_put(out, room, bytes_out_len(&body));
}
