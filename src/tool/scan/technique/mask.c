/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -PM: ICMP address mask (RFC 950).  IPv6 has no such message. */
#include "tool/scan/icmp_probe.h"
#include "wire/packet/layer/icmp4.h"
#include "wire/packet/layer/number.h"

enum { DATA_LEN = 4, NO_TYPE = 255 };

static void build(const struct frame_probe *probe, struct bytes_out *out)
{
    icmp_probe_build4(probe, ICMP4_TYPE_MASK, DATA_LEN, out);
}

static bool judge(const struct frame_answer *answer, struct scan_verdict *out)
{
    return icmp_probe_judge(answer, ICMP4_TYPE_MASK_REPLY, NO_TYPE, SCAN_REASON_ADDRESS_MASK_REPLY,
                            out);
}

const struct scan_technique scan_technique_mask = {
    .name = "mask",
    .title = "Ping Scan",
    .doc = "ICMP address mask",
    .proto = SCAN_IP,
    .way = SCAN_WAY_FRAME,
    .silent = SCAN_FILTERED,
    .ip4_proto = IP_PROTO_ICMP,
    .ip6_proto = -1,
    .build = build,
    .judge = judge,
};
