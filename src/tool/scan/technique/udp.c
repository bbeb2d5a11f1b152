/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -sU: a datagram, to known ports one that their service answers (data/payload).  Whatever comes
 * back from the port means open; "port unreachable" from the host itself closed (RFC 1122 4.1.3.1).
 */
#include "tool/scan/icmp_reason.h"
#include "wire/packet/layer/number.h"
#include "wire/packet/layer/udp.h"

static void build(const struct frame_probe *probe, struct bytes_out *out)
{
    struct udp_head h = {.src = probe->src_port, .dst = probe->dst_port};
    udp_encode(out, &h, &probe->src, &probe->dst, bytes_in_of(probe->data, probe->data_len));
}

static bool judge(const struct frame_answer *answer, struct scan_verdict *out)
{
    if (icmp_reason_judge(answer, SCAN_FILTERED, out)) {
        bool from_host = out->because.from.family == ADDR_NONE;
        if (out->because.reason == SCAN_REASON_PORT_UNREACH && from_host)
            out->state = SCAN_CLOSED;
        return true;
    }
    if (answer->quoted || answer->packet->transport != PACKET_UDP)
        return false;
    *out = (struct scan_verdict){
        SCAN_OPEN, {.reason = SCAN_REASON_UDP_RESPONSE, .ttl = icmp_reason_ttl(answer->packet)}};
    return true;
}

const struct scan_technique scan_technique_udp = {
    .name = "udp",
    .option = "sU",
    .type = "udp",
    .title = "UDP Scan",
    .doc = "UDP, with what the port's service answers",
    .proto = SCAN_UDP,
    .way = SCAN_WAY_FRAME,
    .silent = SCAN_OPEN_FILTERED,
    .ip4_proto = IP_PROTO_UDP,
    .ip6_proto = IP_PROTO_UDP,
    .build = build,
    .judge = judge,
};
