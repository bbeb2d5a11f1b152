/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -sZ: a COOKIE-ECHO out of nowhere (RFC 9260 5.1.5).  Whoever listens drops it, for the cookie is
 * not his; a closed port aborts (RFC 9260 8.4, 8.5.1).  So open ports and filters look alike. */
#include "tool/scan/icmp_reason.h"
#include "tool/scan/sctp_probe.h"
#include "wire/packet/layer/number.h"

static void build(const struct frame_probe *probe, struct bytes_out *out)
{
    uint8_t room[4];
    struct bytes_out cookie = bytes_out_of(room, sizeof room);
    bytes_put_u32be(&cookie, probe->cookie);
    sctp_probe_build(probe, sctp_probe_tag(probe->cookie), SCTP_CHUNK_COOKIE_ECHO,
                     bytes_in_of(room, sizeof room), out);
}

static bool judge(const struct frame_answer *answer, struct scan_verdict *out)
{
    struct sctp_chunk chunk;
    if (icmp_reason_judge(answer, SCAN_FILTERED, out))
        return true;
    if (!sctp_probe_answer(answer, &chunk) || chunk.type != SCTP_CHUNK_ABORT)
        return false;
    *out = (struct scan_verdict){
        SCAN_CLOSED, {.reason = SCAN_REASON_ABORT, .ttl = icmp_reason_ttl(answer->packet)}};
    return true;
}

const struct scan_technique scan_technique_sctp_cookie = {
    .name = "sctp_cookie",
    .option = "sZ",
    .type = "sctpcookieecho",
    .title = "SCTP COOKIE-ECHO Scan",
    .doc = "SCTP COOKIE-ECHO: tells closed ports from the rest",
    .proto = SCAN_SCTP,
    .way = SCAN_WAY_FRAME,
    .silent = SCAN_OPEN_FILTERED,
    .ip4_proto = IP_PROTO_SCTP,
    .ip6_proto = IP_PROTO_SCTP,
    .build = build,
    .judge = judge,
};
