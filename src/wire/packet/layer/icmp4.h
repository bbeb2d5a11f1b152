/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ICMP (RFC 792). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/bytes.h"

enum { ICMP4_HEAD_LEN = 8 };

enum icmp4_type {
    ICMP4_TYPE_ECHO_REPLY = 0,
    ICMP4_TYPE_UNREACHABLE = 3,
    ICMP4_TYPE_SOURCE_QUENCH = 4,
    ICMP4_TYPE_REDIRECT = 5,
    ICMP4_TYPE_ECHO = 8,
    ICMP4_TYPE_TIME_EXCEEDED = 11,
    ICMP4_TYPE_PARAMETER = 12,
    ICMP4_TYPE_TIMESTAMP = 13,
    ICMP4_TYPE_TIMESTAMP_REPLY = 14,
    ICMP4_TYPE_MASK = 17,
    ICMP4_TYPE_MASK_REPLY = 18,
};

enum icmp4_unreachable {
    ICMP4_CODE_NET = 0,
    ICMP4_CODE_HOST = 1,
    ICMP4_CODE_PROTOCOL = 2,
    ICMP4_CODE_PORT = 3,
    ICMP4_CODE_FRAGMENT = 4,         /* needed, but "don't fragment" is set */
    ICMP4_CODE_NET_PROHIBITED = 9,   /* RFC 1122 3.2.2.1 */
    ICMP4_CODE_HOST_PROHIBITED = 10, /* RFC 1122 3.2.2.1 */
    ICMP4_CODE_PROHIBITED = 13,      /* RFC 1812 5.2.7.1 */
};

struct icmp4_head {
    uint8_t type, code;
    uint16_t sum;
    uint32_t rest; /* bytes 4-7 as the type has it */
};

/* False when the head ends inside. */
bool icmp4_decode(struct bytes_in *in, struct icmp4_head *out);

/* Head and data; sum of *h is not used but worked out. */
void icmp4_encode(struct bytes_out *out, const struct icmp4_head *h, struct bytes_in data);

/* Does this type quote the datagram it is about? */
bool icmp4_is_error(uint8_t type);

/* Bytes 4-7 of echo, timestamp and mask messages. */
static inline uint16_t icmp4_id(const struct icmp4_head *h)
{
    return (uint16_t)(h->rest >> 16);
}

static inline uint16_t icmp4_seq(const struct icmp4_head *h)
{
    return (uint16_t)h->rest;
}

static inline uint32_t icmp4_rest(uint16_t id, uint16_t seq)
{
    return (uint32_t)id << 16 | seq;
}
