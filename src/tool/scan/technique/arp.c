/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -PR: who has this address?  (RFC 826.)  Nobody on a link can be there and not answer. */
#include "tool/scan/technique/technique.h"
#include "wire/packet/layer/arp.h"

static void build(const struct frame_probe *probe, struct bytes_out *out)
{
    struct arp_head h = {.operation = ARP_REQUEST,
                         .sender_mac = probe->src_mac,
                         .sender = probe->src,
                         .target = probe->dst};
    arp_encode(out, &h);
}

static bool judge(const struct frame_answer *answer, struct scan_verdict *out)
{
    struct bytes_in in = packet_net(answer->packet);
    struct arp_head h;
    if (answer->packet->net != PACKET_ARP || !arp_decode(&in, &h) || !arp_is_ip4_ethernet(&h) ||
        h.operation != ARP_REPLY)
        return false;
    *answer->out_mac = h.sender_mac;
    *answer->out_has_mac = true;
    *out = (struct scan_verdict){SCAN_OPEN, {.reason = SCAN_REASON_ARP_RESPONSE}};
    return true;
}

const struct scan_technique scan_technique_arp = {
    .name = "arp",
    .title = "ARP Ping Scan",
    .doc = "ARP, on the local network",
    .proto = SCAN_IP,
    .way = SCAN_WAY_FRAME,
    .silent = SCAN_FILTERED,
    .ip4_proto = 0,
    .ip6_proto = -1,
    .asks_link = true,
    .build = build,
    .judge = judge,
};
