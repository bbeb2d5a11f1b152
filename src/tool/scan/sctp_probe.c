/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/sctp_probe.h"

#include "wire/packet/packet.h"

enum { CHUNKS_MAX = 512 };

void sctp_probe_build(const struct frame_probe *probe, uint32_t tag, uint8_t type,
                      struct bytes_in value, struct bytes_out *out)
{
    uint8_t room[CHUNKS_MAX];
    struct bytes_out chunks = bytes_out_of(room, sizeof room);
    bytes_put_u8(&chunks, type);
    bytes_put_u8(&chunks, 0);
    bytes_put_u16be(&chunks, (uint16_t)(SCTP_CHUNK_HEAD_LEN + bytes_left(&value)));
    bytes_put(&chunks, value.pos, bytes_left(&value));
    struct sctp_head h = {.src = probe->src_port, .dst = probe->dst_port, .tag = tag};
    out->full |= chunks.full;
    sctp_encode(out, &h, probe->adler32 ? SCTP_SUM_ADLER32 : SCTP_SUM_CRC32C,
                bytes_in_of(room, bytes_out_len(&chunks)));
}

bool sctp_probe_answer(const struct frame_answer *answer, struct sctp_chunk *out)
{
    struct bytes_in in = packet_transport(answer->packet);
    struct sctp_head h;
    return !answer->quoted && answer->packet->transport == PACKET_SCTP && sctp_decode(&in, &h) &&
           h.tag == sctp_probe_tag(answer->cookie) && sctp_chunk_next(&in, out);
}
