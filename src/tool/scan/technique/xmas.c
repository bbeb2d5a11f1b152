/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -sX: FIN, PSH and URG.  By RFC 9293 3.10.7.1 a closed port resets it, an open one drops it. */
#include "tool/scan/tcp_probe.h"
#include "wire/packet/layer/number.h"

const struct scan_technique scan_technique_xmas = {
    .name = "xmas",
    .option = "sX",
    .type = "xmas",
    .title = "XMAS Scan",
    .doc = "TCP FIN, PSH and URG",
    .proto = SCAN_TCP,
    .way = SCAN_WAY_FRAME,
    .silent = SCAN_OPEN_FILTERED,
    .ip4_proto = IP_PROTO_TCP,
    .ip6_proto = IP_PROTO_TCP,
    .tcp_flags = TCP_FIN | TCP_PSH | TCP_URG,
    .on_reset = SCAN_CLOSED,
    .build = tcp_probe_build,
    .judge = tcp_probe_judge_reset,
};
