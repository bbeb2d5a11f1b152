/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -sO: which IP protocols does the host speak?  Any packet of the protocol means that it does;
 * "protocol unreachable" that it does not (RFC 1122 3.2.2.1; IPv6: parameter problem, unknown next
 * header, RFC 8200 4).  To protocols we know a packet is sent that they answer, to others an empty
 * datagram. */
#include "tool/scan/icmp_reason.h"
#include "tool/scan/sctp_probe.h"
#include "tool/scan/technique/technique.h"
#include "wire/packet/checksum.h"
#include "wire/packet/layer/icmp4.h"
#include "wire/packet/layer/icmp6.h"
#include "wire/packet/layer/number.h"
#include "wire/packet/layer/tcp.h"
#include "wire/packet/layer/udp.h"

enum {
    PORT_LIKELY_CLOSED = 40125, /* the answer of a closed port will do */
    PORT_HTTP = 80,
    IGMP_QUERY = 0x11,
    ICMP6_CODE_NEXT_HEADER = 1,
};

/* A TCP ACK, which every port resets. */
static void build_tcp(const struct frame_probe *probe, struct bytes_out *out)
{
    struct tcp_head h = {.src = probe->src_port,
                         .dst = PORT_HTTP,
                         .seq = probe->cookie,
                         .ack = probe->cookie,
                         .flags = TCP_ACK,
                         .window = 1024};
    tcp_encode(out, &h, &probe->src, &probe->dst, bytes_in_of(probe->data, probe->data_len));
}

static void build_udp(const struct frame_probe *probe, struct bytes_out *out)
{
    struct udp_head h = {.src = probe->src_port, .dst = PORT_LIKELY_CLOSED};
    udp_encode(out, &h, &probe->src, &probe->dst, bytes_in_of(probe->data, probe->data_len));
}

static void build_icmp4(const struct frame_probe *probe, struct bytes_out *out)
{
    struct icmp4_head h = {.type = ICMP4_TYPE_ECHO,
                           .rest = icmp4_rest(probe->src_port, (uint16_t)probe->cookie)};
    icmp4_encode(out, &h, bytes_in_of(probe->data, probe->data_len));
}

static void build_icmp6(const struct frame_probe *probe, struct bytes_out *out)
{
    struct icmp6_head h = {.type = ICMP6_TYPE_ECHO,
                           .rest = icmp4_rest(probe->src_port, (uint16_t)probe->cookie)};
    icmp6_encode(out, &h, &probe->src, &probe->dst, bytes_in_of(probe->data, probe->data_len));
}

/* A general membership query (RFC 2236 2). */
static void build_igmp(const struct frame_probe *probe, struct bytes_out *out)
{
    static const uint8_t query[] = {IGMP_QUERY, 0};
    (void)probe;
    bytes_put(out, query, sizeof query);
    bytes_put_u16be(out, checksum_of(query, sizeof query));
    bytes_put_zero(out, 4);
}

static void build_sctp(const struct frame_probe *probe, struct bytes_out *out)
{
    struct frame_probe to = *probe;
    to.dst_port = PORT_HTTP;
    scan_technique_find("sctp_init")->build(&to, out);
}

static const struct {
    uint8_t proto, family; /* ADDR_NONE: both */
    void (*build)(const struct frame_probe *probe, struct bytes_out *out);
} bodies[] = {
    {IP_PROTO_ICMP, ADDR_IP4, build_icmp4},  {IP_PROTO_IGMP, ADDR_IP4, build_igmp},
    {IP_PROTO_TCP, ADDR_NONE, build_tcp},    {IP_PROTO_UDP, ADDR_NONE, build_udp},
    {IP_PROTO_ICMP6, ADDR_IP6, build_icmp6}, {IP_PROTO_SCTP, ADDR_NONE, build_sctp},
};

static void build(const struct frame_probe *probe, struct bytes_out *out)
{
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++)
        if (bodies[i].proto == probe->proto &&
            (bodies[i].family == ADDR_NONE || bodies[i].family == probe->dst.family)) {
            bodies[i].build(probe, out);
            return;
        }
    bytes_put(out, probe->data, probe->data_len);
}

/* An ICMP error about the probe: only "no such protocol" closes, and what is said of a port, by the
 * host itself, shows that the protocol is read. */
static void judge_error(const struct frame_answer *answer, struct scan_verdict *out)
{
    const struct packet *p = answer->packet;
    bool from_host = out->because.from.family == ADDR_NONE;
    bool unknown_header = p->transport == PACKET_ICMP6 && p->icmp_type == ICMP6_TYPE_PARAMETER &&
                          p->icmp_code == ICMP6_CODE_NEXT_HEADER;
    if (!from_host)
        return;
    if (out->because.reason == SCAN_REASON_PROTO_UNREACH || unknown_header) {
        out->state = SCAN_CLOSED;
        out->because.reason = SCAN_REASON_PROTO_UNREACH;
    } else if (out->because.reason == SCAN_REASON_PORT_UNREACH) {
        out->state = SCAN_OPEN;
    }
}

static bool judge(const struct frame_answer *answer, struct scan_verdict *out)
{
    if (icmp_reason_judge(answer, SCAN_FILTERED, out)) {
        judge_error(answer, out);
        return true;
    }
    if (answer->quoted)
        return false;
    const struct packet *p = answer->packet;
    bool echo = (p->transport == PACKET_ICMP4 && p->icmp_type == ICMP4_TYPE_ECHO_REPLY) ||
                (p->transport == PACKET_ICMP6 && p->icmp_type == ICMP6_TYPE_ECHO_REPLY);
    if ((p->transport == PACKET_ICMP4 || p->transport == PACKET_ICMP6) && !echo)
        return false; /* a message about something else */
    *out =
        (struct scan_verdict){SCAN_OPEN,
                              {.reason = echo ? SCAN_REASON_ECHO_REPLY : SCAN_REASON_PROTO_RESPONSE,
                               .ttl = icmp_reason_ttl(p)}};
    return true;
}

const struct scan_technique scan_technique_protocol = {
    .name = "protocol",
    .option = "sO",
    .type = "ipproto",
    .title = "IPProto Scan",
    .doc = "IP protocols",
    .proto = SCAN_IP,
    .way = SCAN_WAY_FRAME,
    .silent = SCAN_OPEN_FILTERED,
    .by_protocol = true,
    .build = build,
    .judge = judge,
};
