/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -sM (Uriel Maimon, Phrack 49): FIN and ACK.  RFC 9293 has every port reset it; some BSD stacks
 * drop it where somebody listens. */
#include "tool/scan/tcp_probe.h"
#include "wire/packet/layer/number.h"

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
    .tcp_flags = TCP_FIN | TCP_ACK,
    .on_reset = SCAN_CLOSED,
    .build = tcp_probe_build,
    .judge = tcp_probe_judge_reset,
};
