/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -sW: as -sA, but some stacks give the resets of open ports a window, those of closed ones none.
 */
#include "tool/scan/icmp_reason.h"
#include "tool/scan/tcp_probe.h"
#include "wire/packet/layer/number.h"

static bool judge(const struct frame_answer *answer, struct scan_verdict *out)
{
    struct tcp_head tcp;
    if (!tcp_probe_judge_reset(answer, out))
        return false;
    if (tcp_probe_answer(answer, &tcp) && tcp.window != 0)
        out->state = SCAN_OPEN;
    return true;
}

const struct scan_technique scan_technique_window = {
    .name = "window",
    .option = "sW",
    .type = "window",
    .title = "Window Scan",
    .doc = "TCP ACK, and a look at the window of the reset",
    .proto = SCAN_TCP,
    .way = SCAN_WAY_FRAME,
    .silent = SCAN_FILTERED,
    .ip4_proto = IP_PROTO_TCP,
    .ip6_proto = IP_PROTO_TCP,
    .tcp_flags = TCP_ACK,
    .on_reset = SCAN_CLOSED,
    .build = tcp_probe_build,
    .judge = judge,
};
