/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -sS: half a handshake.  A SYN-ACK means open, a reset closed; our own kernel, which knows nothing
 * of the connection, resets the SYN-ACK. */
#include "tool/scan/icmp_reason.h"
#include "tool/scan/tcp_probe.h"
#include "wire/packet/layer/number.h"

static bool judge(const struct frame_answer *answer, struct scan_verdict *out)
{
    struct tcp_head tcp;
    if (tcp_probe_judge_reset(answer, out))
        return true;
    /* a SYN without ACK is a simultaneous open (RFC 9293 3.5): somebody is there as well */
    if (!tcp_probe_answer(answer, &tcp) || !(tcp.flags & TCP_SYN))
        return false;
    *out = (struct scan_verdict){
        SCAN_OPEN, {.reason = SCAN_REASON_SYN_ACK, .ttl = icmp_reason_ttl(answer->packet)}};
    return true;
}

const struct scan_technique scan_technique_syn = {
    .name = "syn",
    .option = "sS",
    .type = "syn",
    .title = "SYN Stealth Scan",
    .doc = "TCP SYN: half a handshake (the default with rights)",
    .proto = SCAN_TCP,
    .way = SCAN_WAY_FRAME,
    .silent = SCAN_FILTERED,
    .ip4_proto = IP_PROTO_TCP,
    .ip6_proto = IP_PROTO_TCP,
    .tcp_flags = TCP_SYN,
    .on_reset = SCAN_CLOSED,
    .build = tcp_probe_build,
    .judge = judge,
};
