/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IPv4 (RFC 791) with its options. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/bytes.h"
#include "core/net/addr.h"

enum { IP4_HEAD_LEN = 20, IP4_OPTION_LEN_MAX = 40 };

struct ip4_head {
    struct addr src, dst;
    uint8_t version;  /* 4 */
    uint8_t head_len; /* bytes, options included */
    uint8_t tos;      /* DSCP 6 bits, ECN 2 bits */
    uint8_t ttl, proto;
    bool reserved, dont_fragment, more_fragments;
    uint16_t fragment_at; /* bytes into the datagram, a multiple of 8 */
    uint16_t total_len, id, sum;
    const uint8_t *option; /* in the input */
    uint8_t option_len;    /* 0-40 */
};

/* False when the head ends inside, the version is not 4, head_len is under 20 or total_len under
 * head_len.  `in` then stands behind what could be read; total_len is not held against the input.
 */
bool ip4_decode(struct bytes_in *in, struct ip4_head *out);

/* The head for `payload_len` bytes to follow, with its checksum.  version, head_len, total_len and
 * sum of *h are not used but worked out; options are filled up with zeros to a multiple of four.
 * More than fits 16 bits or 40 bytes of options: out->full. */
void ip4_encode(struct bytes_out *out, const struct ip4_head *h, size_t payload_len);

enum {
    IP4_OPTION_END = 0,
    IP4_OPTION_NOP = 1,
    IP4_OPTION_RECORD_ROUTE = 7,
    IP4_OPTION_TIMESTAMP = 68,
    IP4_OPTION_SECURITY = 130,
    IP4_OPTION_LOOSE_ROUTE = 131,
    IP4_OPTION_STREAM_ID = 136,
    IP4_OPTION_STRICT_ROUTE = 137,
    IP4_OPTION_ROUTER_ALERT = 148, /* RFC 2113 */
};

struct ip4_option {
    uint8_t kind;
    uint8_t len; /* bytes of data, without kind and length */
    const uint8_t *data;
};

/* The next option, END and NOP included; false at the end of the list or, with in->bad set, at a
 * length that is impossible.  Behind END nothing is read. */
bool ip4_option_next(struct bytes_in *in, struct ip4_option *out);
