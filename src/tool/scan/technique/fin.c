/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -sF (RFC 9293 3.10.7.1 and 3.10.7.2): a closed port must reset a segment without SYN, an open one
 * must drop it. */
#include "tool/scan/tcp_probe.h"
#include "wire/packet/layer/number.h"

enum { FLAGS = TCP_FIN };

static void build(const struct frame_probe *probe, struct bytes_out *out)
{
    tcp_probe_build(probe, FLAGS, out);
}

static bool judge(const struct frame_answer *answer, struct scan_verdict *out)
{
    return tcp_probe_judge_reset(answer, FLAGS, SCAN_CLOSED, out);
}

const struct scan_technique scan_technique_fin = {
    .name = "fin",
    .option = "sF",
    .type = "fin",
    .title = "FIN Scan",
    .doc = "TCP FIN: open ports say nothing, closed ones reset",
    .proto = SCAN_TCP,
    .way = SCAN_WAY_FRAME,
    .silent = SCAN_OPEN_FILTERED,
    .ip4_proto = IP_PROTO_TCP,
    .ip6_proto = IP_PROTO_TCP,
    .build = build,
    .judge = judge,
};
