/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Neighbour solicitation (RFC 4861 7.2): what ARP is to IPv4. */
#include "tool/scan/technique/technique.h"
#include "wire/packet/layer/icmp6.h"
#include "wire/packet/layer/number.h"

static void build(const struct frame_probe *probe, struct bytes_out *out)
{
    struct icmp6_nd nd = {.type = ICMP6_TYPE_NEIGHBOUR_SOLICIT,
                          .target = probe->dst,
                          .has_source_mac = true,
                          .source_mac = probe->src_mac};
    struct addr group = icmp6_solicited_node(&probe->dst);
    icmp6_nd_encode(out, &nd, &probe->src, &group);
}

static bool judge(const struct frame_answer *answer, struct scan_verdict *out)
{
    if (answer->quoted || answer->packet->transport != PACKET_ICMP6)
        return false;
    struct bytes_in in = packet_transport(answer->packet);
    struct icmp6_head h;
    struct icmp6_nd nd;
    if (!icmp6_decode(&in, &h) || h.type != ICMP6_TYPE_NEIGHBOUR_ADVERT ||
        !icmp6_nd_decode(&in, &h, &nd))
        return false;
    *answer->out_has_mac = nd.has_target_mac;
    *answer->out_mac = nd.target_mac;
    *out = (struct scan_verdict){SCAN_OPEN, {.reason = SCAN_REASON_ND_RESPONSE}};
    return true;
}

const struct scan_technique scan_technique_nd = {
    .name = "nd",
    .title = "ND Ping Scan",
    .doc = "neighbour discovery, on the local network",
    .proto = SCAN_IP,
    .way = SCAN_WAY_FRAME,
    .silent = SCAN_FILTERED,
    .ip4_proto = -1,
    .ip6_proto = IP_PROTO_ICMP6,
    .asks_link = true,
    .build = build,
    .judge = judge,
};
