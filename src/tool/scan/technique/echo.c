/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -PE: ICMP echo (RFC 792), ICMPv6 echo (RFC 4443 4.1). */
#include "tool/scan/icmp_probe.h"
#include "wire/packet/layer/icmp4.h"
#include "wire/packet/layer/icmp6.h"
#include "wire/packet/layer/number.h"

static void build(const struct frame_probe *probe, struct bytes_out *out)
{
    if (probe->dst.family == ADDR_IP4) {
        icmp_probe_build4(probe, ICMP4_TYPE_ECHO, 0, out);
        return;
    }
    struct icmp6_head h = {.type = ICMP6_TYPE_ECHO,
                           .rest = icmp4_rest(probe->src_port, (uint16_t)probe->cookie)};
    icmp6_encode(out, &h, &probe->src, &probe->dst, bytes_in_of(probe->data, probe->data_len));
}

static bool judge(const struct frame_answer *answer, struct scan_verdict *out)
{
    return icmp_probe_judge(answer, ICMP4_TYPE_ECHO_REPLY, ICMP6_TYPE_ECHO_REPLY,
                            SCAN_REASON_ECHO_REPLY, out);
}

const struct scan_technique scan_technique_echo = {
    .name = "echo",
    .title = "Ping Scan",
    .doc = "ICMP echo",
    .proto = SCAN_IP,
    .way = SCAN_WAY_FRAME,
    .silent = SCAN_FILTERED,
    .ip4_proto = IP_PROTO_ICMP,
    .ip6_proto = IP_PROTO_ICMP6,
    .build = build,
    .judge = judge,
};
