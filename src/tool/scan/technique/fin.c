/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -sF (RFC 9293 3.10.7.1 and 3.10.7.2): a closed port must reset a segment without SYN, an open one
 * must drop it. */
#include "tool/scan/tcp_probe.h"
#include "wire/packet/layer/number.h"

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
    .tcp_flags = TCP_FIN,
    .on_reset = SCAN_CLOSED,
    .build = tcp_probe_build,
    .judge = tcp_probe_judge_reset,
};
