/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An IPv4 or IPv6 address, and prefixes of addresses.  Plain values: copy, compare with addr_equal
 * (padding is never looked at), nothing to free. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"

enum addr_family { ADDR_NONE = 0, ADDR_IP4 = 4, ADDR_IP6 = 6 };

enum {
    ADDR_TEXT_MAX = 64, /* longest text with a scope ("fe80::...%4294967295") and its NUL */
    CIDR_TEXT_MAX = ADDR_TEXT_MAX + 4,
};

struct addr {
    uint8_t family;   /* enum addr_family; ADDR_NONE is "no address" */
    uint8_t byte[16]; /* network order; IPv4 in the first four, the rest zero */
    uint32_t scope;   /* interface index of a link-local IPv6 address, else 0 */
};

/* All addresses whose first `prefix_len` bits are those of `base` (whose other bits are zero). */
struct cidr {
    struct addr base;
    uint8_t prefix_len; /* 0-32 or 0-128 */
};

/* An address and a TCP, UDP or SCTP port (host order; 0: none). */
struct endpoint {
    struct addr addr;
    uint16_t port;
};

struct addr addr_ip4(uint32_t host_order);
struct addr addr_ip6(const uint8_t byte[16]);
uint32_t addr_ip4_value(const struct addr *a); /* host order; the family must be ADDR_IP4 */

/* Parse dotted-quad IPv4 (four decimal parts without leading zeros, RFC 6943 3.1.1) or IPv6 text
 * (RFC 4291 2.2; link-local unicast and multicast with "%N", N a decimal interface index).  Names
 * of interfaces are for sys/.  0, or -EINVAL with the text quoted in *e. */
int addr_parse(struct addr *out, const char *text, struct err *e) MUST_CHECK;
int addr_parse_len(struct addr *out, const char *text, size_t len, struct err *e) MUST_CHECK;

/* Canonical text (RFC 5952), "" for ADDR_NONE; returns `to`. */
char *addr_format(const struct addr *a, char to[ADDR_TEXT_MAX]);

bool addr_equal(const struct addr *a, const struct addr *b); /* the scope counts */

/* <0, 0 or >0: IPv4 before IPv6, then by number, then by scope. */
int addr_compare(const struct addr *a, const struct addr *b);
uint8_t addr_bits(const struct addr *a); /* 32 or 128; 0 for none */
bool addr_next(struct addr *a); /* add one; false past the last, then *a is the family's zero */

bool addr_is_unspecified(const struct addr *a); /* 0.0.0.0, :: */
bool addr_is_loopback(const struct addr *a);    /* 127.0.0.0/8, ::1, ::ffff:127.0.0.0/104 */
bool addr_is_link_local(const struct addr *a);  /* 169.254.0.0/16, fe80::/10 */
bool addr_is_multicast(const struct addr *a);   /* 224.0.0.0/4, ff00::/8 */
bool addr_is_private(const struct addr *a);     /* RFC 1918, RFC 6598, RFC 4193 */

/* The IPv4 address inside ::ffff:0:0/96, or the address itself. */
struct addr addr_unmap(const struct addr *a);

/* "ADDR" or "ADDR/LEN".  Bits behind the prefix are cleared, never refused.  0 or -EINVAL. */
int cidr_parse(struct cidr *out, const char *text, struct err *e) MUST_CHECK;
char *cidr_format(const struct cidr *c, char to[CIDR_TEXT_MAX]);
bool cidr_contains(const struct cidr *c, const struct addr *a); /* scopes are not compared */
struct cidr cidr_of(const struct addr *a, uint8_t prefix_len);  /* cut to the family's bits */
struct addr cidr_last(const struct cidr *c);                    /* the highest address in it */
