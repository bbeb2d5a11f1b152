/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ICMPv6 (RFC 4443) and neighbour discovery (RFC 4861). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/bytes.h"
#include "core/net/addr.h"
#include "core/net/mac.h"

enum {
    ICMP6_HEAD_LEN = 8,
    ICMP6_ND_HOP_LIMIT = 255, /* RFC 4861 7.1: anything less came through a router and is forged */
};

enum icmp6_type {
    ICMP6_TYPE_UNREACHABLE = 1,
    ICMP6_TYPE_TOO_BIG = 2,
    ICMP6_TYPE_TIME_EXCEEDED = 3,
    ICMP6_TYPE_PARAMETER = 4,
    ICMP6_TYPE_ECHO = 128,
    ICMP6_TYPE_ECHO_REPLY = 129,
    ICMP6_TYPE_ROUTER_SOLICIT = 133,
    ICMP6_TYPE_ROUTER_ADVERT = 134,
    ICMP6_TYPE_NEIGHBOUR_SOLICIT = 135,
    ICMP6_TYPE_NEIGHBOUR_ADVERT = 136,
    ICMP6_TYPE_REDIRECT = 137,
};

enum icmp6_unreachable {
    ICMP6_CODE_NO_ROUTE = 0,
    ICMP6_CODE_PROHIBITED = 1,
    ICMP6_CODE_SCOPE = 2,
    ICMP6_CODE_ADDR = 3,
    ICMP6_CODE_PORT = 4,
    ICMP6_CODE_POLICY = 5,
    ICMP6_CODE_REJECT_ROUTE = 6,
};

struct icmp6_head {
    uint8_t type, code;
    uint16_t sum;
    uint32_t rest; /* bytes 4-7 as the type has it */
};

/* False when the head ends inside. */
bool icmp6_decode(struct bytes_in *in, struct icmp6_head *out);

/* Head and data; sum of *h is not used but worked out, over the pseudo header. */
void icmp6_encode(struct bytes_out *out, const struct icmp6_head *h, const struct addr *src,
                  const struct addr *dst, struct bytes_in data);

/* Does this type quote the datagram it is about? (types under 128, RFC 4443 2.1) */
bool icmp6_is_error(uint8_t type);

/* The messages of neighbour discovery, behind the 8 bytes of their head. */
struct icmp6_nd {
    uint8_t type; /* of icmp6_head; one of the five */
    /* neighbour solicitation and advertisement, redirect */
    struct addr target;
    bool router, solicited, override; /* advertisement */
    struct addr redirect_dst;         /* redirect */
    /* router advertisement */
    uint8_t hop_limit; /* 0: says nothing */
    bool managed, other_config;
    uint16_t router_lifetime_s;
    uint32_t reachable_ms, retransmit_ms;
    /* the link-layer address options: of the sender (solicitations, router advertisement) or of the
     * target (advertisement, redirect) */
    bool has_source_mac, has_target_mac;
    struct mac source_mac, target_mac;
    struct bytes_in option; /* all options, for icmp6_option_next */
};

/* `in` stands behind the head *h.  False when it is none of the five or ends inside, or an option
 * has a length of zero (RFC 4861 4.6: such a packet is dropped). */
bool icmp6_nd_decode(struct bytes_in *in, const struct icmp6_head *h, struct icmp6_nd *out);

/* A whole message, head and checksum included: neighbour solicitation, neighbour advertisement or
 * router solicitation; asserted. */
void icmp6_nd_encode(struct bytes_out *out, const struct icmp6_nd *nd, const struct addr *src,
                     const struct addr *dst);

enum {
    ICMP6_OPTION_SOURCE_LINK = 1,
    ICMP6_OPTION_TARGET_LINK = 2,
    ICMP6_OPTION_PREFIX = 3,
    ICMP6_OPTION_REDIRECTED = 4,
    ICMP6_OPTION_MTU = 5,
};

struct icmp6_option {
    uint8_t kind;
    uint16_t len; /* bytes of data, without kind and length */
    const uint8_t *data;
};

/* The next option; false at the end or, with in->bad set, at a length that is impossible. */
bool icmp6_option_next(struct bytes_in *in, struct icmp6_option *out);

/* ff02::1:ffXX:XXXX, where the owner of `target` listens (RFC 4291 2.7.1), and the Ethernet address
 * of an IPv6 multicast group (RFC 2464 7). */
struct addr icmp6_solicited_node(const struct addr *target);
struct mac icmp6_multicast_mac(const struct addr *group);
