/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -sN: no flag at all.  By RFC 9293 3.10.7.1 a closed port resets it, an open one drops it. */
#include "tool/scan/tcp_probe.h"
#include "wire/packet/layer/number.h"

const struct scan_technique scan_technique_null = {
    .name = "null",
    .option = "sN",
    .type = "null",
    .title = "NULL Scan",
    .doc = "TCP without any flag",
    .proto = SCAN_TCP,
    .way = SCAN_WAY_FRAME,
    .silent = SCAN_OPEN_FILTERED,
    .ip4_proto = IP_PROTO_TCP,
    .ip6_proto = IP_PROTO_TCP,
    .tcp_flags = 0,
    .on_reset = SCAN_CLOSED,
    .build = tcp_probe_build,
    .judge = tcp_probe_judge_reset,
};
