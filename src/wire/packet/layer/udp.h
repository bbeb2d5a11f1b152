/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UDP (RFC 768; over IPv6: RFC 8200 8.1). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/bytes.h"
#include "core/net/addr.h"

enum { UDP_HEAD_LEN = 8 };

struct udp_head {
    uint16_t src, dst;
    uint16_t len; /* head and data */
    uint16_t sum; /* 0: the sender made none */
};

/* False when the head ends inside or its length is under UDP_HEAD_LEN. */
bool udp_decode(struct bytes_in *in, struct udp_head *out);

/* Head and `data_len` bytes of data; len and sum of *h are not used but worked out. */
void udp_encode(struct bytes_out *out, const struct udp_head *h, const struct addr *src,
                const struct addr *dst, struct bytes_in data);
