/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -sM (Uriel Maimon, Phrack 49): FIN and ACK.  RFC 9293 has every port reset it; some BSD stacks
 * drop it where somebody listens. */
#include "tool/scan/tcp_probe.h"
#include "wire/packet/layer/number.h"

enum { FLAGS = TCP_FIN | TCP_ACK };

static void build(const struct frame_probe *probe, struct bytes_out *out)
{
    tcp_probe_build(probe, FLAGS, out);
}

static bool judge(const struct frame_answer *answer, struct scan_verdict *out)
{
    return tcp_probe_judge_reset(answer, FLAGS, SCAN_CLOSED, out);
}

const struct scan_technique scan_technique_maimon = {
    .name = "maimon",
    .option = "sM",
    .type = "maimon",
    .title = "Maimon Scan",
    .doc = "TCP FIN and ACK: some BSDs drop it at open ports",
    .proto = SCAN_TCP,
    .way = SCAN_WAY_FRAME,
    .silent = SCAN_OPEN_FILTERED,
    .ip4_proto = IP_PROTO_TCP,
    .ip6_proto = IP_PROTO_TCP,
    .build = build,
    .judge = judge,
};
