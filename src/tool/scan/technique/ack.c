/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -sA: a lone ACK is reset by every port it reaches (RFC 9293 3.10.7.1, 3.10.7.2), so it maps
 * filters, not services. */
#include "tool/scan/tcp_probe.h"
#include "wire/packet/layer/number.h"

const struct scan_technique scan_technique_ack = {
    .name = "ack",
    .option = "sA",
    .type = "ack",
    .title = "ACK Scan",
    .doc = "TCP ACK: which ports a firewall lets through",
    .proto = SCAN_TCP,
    .way = SCAN_WAY_FRAME,
    .silent = SCAN_FILTERED,
    .ip4_proto = IP_PROTO_TCP,
    .ip6_proto = IP_PROTO_TCP,
    .tcp_flags = TCP_ACK,
    .on_reset = SCAN_UNFILTERED,
    .build = tcp_probe_build,
    .judge = tcp_probe_judge_reset,
};
