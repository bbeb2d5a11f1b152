/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IPv6 (RFC 8200) and its extension headers: hop-by-hop, destination, routing, fragment, AH
 * (RFC 4302), mobility (RFC 6275), HIP (RFC 7401), shim6 (RFC 5533).  ESP hides the rest and ends
 * the chain. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/bytes.h"
#include "core/net/addr.h"

enum {
    IP6_HEAD_LEN = 40,
    IP6_EXT_MAX = 8, /* RFC 8504 5.3 allows a host to set such a limit */
    IP6_FRAGMENT_LEN = 8,
};

struct ip6_head {
    struct addr src, dst;
    uint8_t version; /* 6 */
    uint8_t traffic_class;
    uint32_t flow_label;  /* 20 bits */
    uint16_t payload_len; /* bytes behind the 40; 0 with hop-by-hop: a jumbogram (RFC 2675) */
    uint8_t next;         /* IP_PROTO_* */
    uint8_t hop_limit;
};

/* False when the head ends inside or the version is not 6. */
bool ip6_decode(struct bytes_in *in, struct ip6_head *out);

/* version and payload_len of *h are not used; over 65535 bytes: out->full. */
void ip6_encode(struct bytes_out *out, const struct ip6_head *h, size_t payload_len);

bool ip6_is_ext(uint8_t next); /* an extension header that ip6_ext_decode reads? */

struct ip6_ext {
    uint8_t kind; /* IP_PROTO_* */
    uint8_t next;
    const uint8_t *data; /* behind the next-header and length bytes */
    uint16_t data_len;
    /* of a fragment header only */
    uint16_t fragment_at; /* bytes into the fragmentable part */
    bool more_fragments;
    uint32_t id;
};

/* Read one extension header of the kind that the head before it named.  False when it ends
 * inside. */
bool ip6_ext_decode(struct bytes_in *in, uint8_t kind, struct ip6_ext *out);

/* A hop-by-hop, destination, routing or (with its 8 bytes made of the fields) fragment header.
 * Others are filled up with a PadN option to a multiple of 8; data_len over 2046: out->full. */
void ip6_ext_encode(struct bytes_out *out, const struct ip6_ext *x);

/* Walk from the fixed head to the first header that is no extension, or behind the fragment header
 * of a piece.  *out_fragment is zero (kind 0) when there is no fragment header.  Returns the
 * protocol number; in->bad when the chain is cut or longer than IP6_EXT_MAX. */
uint8_t ip6_skip_ext(struct bytes_in *in, uint8_t next, struct ip6_ext *out_fragment);
