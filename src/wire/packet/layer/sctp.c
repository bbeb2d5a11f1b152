/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/packet/layer/sctp.h"

#include "wire/packet/layer/number.h"
#include "wire/packet/walk.h"

enum { SUM_AT = 8, SUM_LEN = 4 };

/* CRC32c (RFC 9260 appendix A), a nibble at a time: the polynomial 0x1edc6f41 with its bits
 * reversed. */
static uint32_t crc32c_add(uint32_t crc, const uint8_t *data, size_t len)
{
    static const uint32_t table[16] = {
        0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1, 0x417b1dbc, 0x5125dad3,
        0x61c69362, 0x7198540d, 0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9,
        0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75,
    };
    for (size_t i = 0; i < len; i++) {
        crc = table[(crc ^ data[i]) & 0xf] ^ crc >> 4;
        crc = table[(crc ^ data[i] >> 4) & 0xf] ^ crc >> 4;
    }
    return crc;
}

/* RFC 1950 8.2 */
static void adler32_add(uint32_t sum[2], const uint8_t *data, size_t len)
{
    static const uint32_t base = 65521;
    for (size_t i = 0; i < len; i++) {
        sum[0] = (sum[0] + data[i]) % base;
        sum[1] = (sum[1] + sum[0]) % base;
    }
}

uint32_t sctp_sum(const void *packet, size_t len, enum sctp_sum_kind kind)
{
    static const uint8_t zero[SUM_LEN];
    const uint8_t *start = packet;
    if (len < SCTP_HEAD_LEN)
        return 0;
    if (kind == SCTP_SUM_ADLER32) {
        uint32_t sum[2] = {1, 0};
        adler32_add(sum, start, SUM_AT);
        adler32_add(sum, zero, SUM_LEN);
        adler32_add(sum, start + SUM_AT + SUM_LEN, len - SUM_AT - SUM_LEN);
        return sum[1] << 16 | sum[0];
    }
    uint32_t crc = crc32c_add(UINT32_MAX, start, SUM_AT);
    crc = crc32c_add(crc, zero, SUM_LEN);
    crc = ~crc32c_add(crc, start + SUM_AT + SUM_LEN, len - SUM_AT - SUM_LEN);
    return __builtin_bswap32(crc); /* the CRC goes out lowest byte first */
}

bool sctp_decode(struct bytes_in *in, struct sctp_head *out)
{
    out->src = bytes_u16be(in);
    out->dst = bytes_u16be(in);
    out->tag = bytes_u32be(in);
    out->sum = bytes_u32be(in);
    return !in->bad;
}

bool sctp_chunk_next(struct bytes_in *in, struct sctp_chunk *out)
{
    if (bytes_left(in) == 0)
        return false;
    out->type = bytes_u8(in);
    out->flags = bytes_u8(in);
    uint16_t len = bytes_u16be(in);
    if (len < SCTP_CHUNK_HEAD_LEN) {
        in->bad = true;
        return false;
    }
    out->len = (uint16_t)(len - SCTP_CHUNK_HEAD_LEN);
    out->data = bytes_take(in, out->len);
    if (in->bad)
        return false;
    size_t filler = (4 - len % 4) % 4; /* the last one's may be missing (RFC 9260 3.2) */
    bytes_skip(in, filler < bytes_left(in) ? filler : bytes_left(in));
    return true;
}

void sctp_encode(struct bytes_out *out, const struct sctp_head *h, enum sctp_sum_kind kind,
                 struct bytes_in chunks)
{
    size_t at = bytes_out_len(out);
    bytes_put_u16be(out, h->src);
    bytes_put_u16be(out, h->dst);
    bytes_put_u32be(out, h->tag);
    bytes_put_u32be(out, 0);
    bytes_put(out, chunks.pos, bytes_left(&chunks));
    if (out->full)
        return;
    uint32_t sum = sctp_sum(out->start + at, bytes_out_len(out) - at, kind);
    bytes_patch_u16be(out, at + SUM_AT, (uint16_t)(sum >> 16));
    bytes_patch_u16be(out, at + SUM_AT + 2, (uint16_t)sum);
}

enum packet_verdict sctp_step(struct packet_walk *w)
{
    struct sctp_head head;
    struct bytes_in ports = w->in;
    if (!walk_enter(w, PACKET_SCTP))
        return PACKET_DEPTH;
    bool whole = sctp_decode(&w->in, &head);
    /* an ICMP error may quote no more than ports and tag */
    if (!whole && !(w->out->flag & PACKET_FLAG_QUOTED && bytes_left(&ports) >= SUM_AT))
        return PACKET_SCTP_SHORT;
    w->out->src_port = head.src;
    w->out->dst_port = head.dst;
    return PACKET_OK;
}
