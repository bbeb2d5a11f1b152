/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TCP (RFC 9293) and its options (RFC 9293 3.2, RFC 7323, RFC 2018). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/bytes.h"
#include "core/net/addr.h"

enum { TCP_HEAD_LEN = 20, TCP_OPTION_LEN_MAX = 40 };

enum {
    TCP_FIN = 0x01,
    TCP_SYN = 0x02,
    TCP_RST = 0x04,
    TCP_PSH = 0x08,
    TCP_ACK = 0x10,
    TCP_URG = 0x20,
    TCP_ECE = 0x40,
    TCP_CWR = 0x80,
};

struct tcp_head {
    uint16_t src, dst;
    uint32_t seq, ack;
    uint8_t head_len; /* bytes, options included */
    uint8_t flags;    /* TCP_FIN ... TCP_CWR */
    uint8_t
        reserved; /* the four bits between head length and flags; the lowest was NS (RFC 3540) */
    uint16_t window, sum, urgent;
    const uint8_t *option; /* in the input; not NUL-terminated */
    uint8_t option_len;    /* 0-40 */
};

/* False when the head ends inside or its length is impossible. */
bool tcp_decode(struct bytes_in *in, struct tcp_head *out);

/* Head, options (filled up with zeros to a multiple of four) and data.  head_len and sum of *h are
 * not used but worked out.  More than 40 bytes of options: out->full. */
void tcp_encode(struct bytes_out *out, const struct tcp_head *h, const struct addr *src,
                const struct addr *dst, struct bytes_in data);

enum {
    TCP_OPTION_END = 0,
    TCP_OPTION_NOP = 1,
    TCP_OPTION_MSS = 2,
    TCP_OPTION_WINDOW_SCALE = 3,
    TCP_OPTION_SACK_PERMITTED = 4,
    TCP_OPTION_SACK = 5,
    TCP_OPTION_TIMESTAMP = 8,
};

struct tcp_option {
    uint8_t kind;
    uint8_t len; /* bytes of data, without kind and length */
    const uint8_t *data;
};

/* The next option, END and NOP included; false at the end of the list or, with in->bad set, at a
 * length that is impossible.  Behind END nothing is read. */
bool tcp_option_next(struct bytes_in *in, struct tcp_option *out);

/* The options that people ask for; `has_` false: not there, or with a wrong length. */
struct tcp_options {
    bool has_mss, has_window_scale, has_timestamp, sack_permitted;
    bool bad; /* the list is broken from some place on */
    uint16_t mss;
    uint8_t window_scale; /* as sent: RFC 7323 2.3 caps its use at 14 */
    uint32_t timestamp, timestamp_echo;
};

struct tcp_options tcp_options_of(const struct tcp_head *h);

/* Writers for lists of options, to be handed to tcp_encode. */
void tcp_put_mss(struct bytes_out *out, uint16_t mss);
void tcp_put_window_scale(struct bytes_out *out, uint8_t shift);
void tcp_put_sack_permitted(struct bytes_out *out);
void tcp_put_timestamp(struct bytes_out *out, uint32_t value, uint32_t echo);
void tcp_put_nop(struct bytes_out *out);
