/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SCTP (RFC 9260): the common head, the chunks behind it, and the checksum over all of it.  Not
 * for: associations. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/bytes.h"

enum { SCTP_HEAD_LEN = 12, SCTP_CHUNK_HEAD_LEN = 4 };

enum sctp_chunk_type { /* RFC 9260 3.2 */
                       SCTP_CHUNK_DATA = 0,
                       SCTP_CHUNK_INIT = 1,
                       SCTP_CHUNK_INIT_ACK = 2,
                       SCTP_CHUNK_SACK = 3,
                       SCTP_CHUNK_HEARTBEAT = 4,
                       SCTP_CHUNK_HEARTBEAT_ACK = 5,
                       SCTP_CHUNK_ABORT = 6,
                       SCTP_CHUNK_SHUTDOWN = 7,
                       SCTP_CHUNK_SHUTDOWN_ACK = 8,
                       SCTP_CHUNK_ERROR = 9,
                       SCTP_CHUNK_COOKIE_ECHO = 10,
                       SCTP_CHUNK_COOKIE_ACK = 11,
};

struct sctp_head {
    uint16_t src, dst;
    uint32_t tag;
    uint32_t sum; /* as it stands in the packet, first byte highest */
};

struct sctp_chunk {
    uint8_t type, flags;
    uint16_t len; /* bytes of data */
    const uint8_t *data;
};

enum sctp_sum_kind {
    SCTP_SUM_CRC32C,  /* RFC 9260 6.8 */
    SCTP_SUM_ADLER32, /* RFC 2960 6.8, before RFC 3309: a few stacks still have it */
};

/* False when the head ends inside. */
bool sctp_decode(struct bytes_in *in, struct sctp_head *out);

/* The next chunk; false at the end or, with in->bad set, at a length that is impossible. */
bool sctp_chunk_next(struct bytes_in *in, struct sctp_chunk *out);

/* The common head with its checksum, and the chunks, which the caller has put together. */
void sctp_encode(struct bytes_out *out, const struct sctp_head *h, enum sctp_sum_kind kind,
                 struct bytes_in chunks);

/* The checksum of a whole packet whose own field is read as zero: what stands in the field when the
 * packet is whole. */
uint32_t sctp_sum(const void *packet, size_t len, enum sctp_sum_kind kind);
