/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -sY: SCTP's counterpart of a SYN (RFC 9260 5.1).  INIT-ACK means open, ABORT closed.  Our kernel,
 * which knows nothing of it, aborts the association or stays silent; the target keeps no state for
 * an INIT either way. */
#include "tool/scan/icmp_reason.h"
#include "tool/scan/sctp_probe.h"
#include "wire/packet/layer/number.h"

enum { WINDOW = 32768, STREAMS_OUT = 10, STREAMS_IN = 2048 };

static void build(const struct frame_probe *probe, struct bytes_out *out)
{
    uint8_t room[16];
    struct bytes_out init = bytes_out_of(room, sizeof room);
    bytes_put_u32be(&init, sctp_probe_tag(probe->cookie));
    bytes_put_u32be(&init, WINDOW);
    bytes_put_u16be(&init, STREAMS_OUT);
    bytes_put_u16be(&init, STREAMS_IN);
    bytes_put_u32be(&init, probe->cookie); /* first transmission sequence number: any */
    sctp_probe_build(probe, 0, SCTP_CHUNK_INIT, bytes_in_of(room, bytes_out_len(&init)), out);
}

static bool judge(const struct frame_answer *answer, struct scan_verdict *out)
{
    struct sctp_chunk chunk;
    if (icmp_reason_judge(answer, SCAN_FILTERED, out))
        return true;
    if (!sctp_probe_answer(answer, &chunk))
        return false;
    bool acked = chunk.type == SCTP_CHUNK_INIT_ACK;
    if (!acked && chunk.type != SCTP_CHUNK_ABORT)
        return false;
    *out = (struct scan_verdict){acked ? SCAN_OPEN : SCAN_CLOSED,
                                 {.reason = acked ? SCAN_REASON_INIT_ACK : SCAN_REASON_ABORT,
                                  .ttl = icmp_reason_ttl(answer->packet)}};
    return true;
}

const struct scan_technique scan_technique_sctp_init = {
    .name = "sctp_init",
    .option = "sY",
    .type = "sctpinit",
    .title = "SCTP INIT Scan",
    .doc = "SCTP INIT",
    .proto = SCAN_SCTP,
    .way = SCAN_WAY_FRAME,
    .silent = SCAN_FILTERED,
    .ip4_proto = IP_PROTO_SCTP,
    .ip6_proto = IP_PROTO_SCTP,
    .build = build,
    .judge = judge,
};
