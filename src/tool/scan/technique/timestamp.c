/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -PP: ICMP timestamp (RFC 792).  IPv6 has no such message. */
#include "tool/scan/icmp_probe.h"
#include "wire/packet/layer/icmp4.h"
#include "wire/packet/layer/number.h"

enum { DATA_LEN = 12, NO_TYPE = 255 };

static void build(const struct frame_probe *probe, struct bytes_out *out)
{
    icmp_probe_build4(probe, ICMP4_TYPE_TIMESTAMP, DATA_LEN, out);
}

static bool judge(const struct frame_answer *answer, struct scan_verdict *out)
{
    return icmp_probe_judge(answer, ICMP4_TYPE_TIMESTAMP_REPLY, NO_TYPE,
                            SCAN_REASON_TIMESTAMP_REPLY, out);
}

const struct scan_technique scan_technique_timestamp = {
    .name = "timestamp",
    .title = "Ping Scan",
    .doc = "ICMP timestamp",
    .proto = SCAN_IP,
    .way = SCAN_WAY_FRAME,
    .silent = SCAN_FILTERED,
    .ip4_proto = IP_PROTO_ICMP,
    .ip6_proto = -1,
    .build = build,
    .judge = judge,
};
