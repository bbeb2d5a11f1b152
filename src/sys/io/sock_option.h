/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options of a socket that a user of nc, relay or scan may ask for, set in one call. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/net/addr.h"

enum { SOURCE_ROUTE_HOPS_MAX = 8 };

/* Zero asks for nothing. */
struct sock_options {
    int ttl;         /* hops of what is sent; 0: the system's */
    int min_ttl;     /* drop what arrives with less (RFC 5082); 0: take all */
    bool has_tos;    /* then: */
    int tos;         /* 0-255 */
    int receive_len; /* SO_RCVBUF; 0: the system's */
    int send_len;
    bool debug, keepalive, broadcast;
    const char *md5_key; /* TCP signatures (RFC 2385) for the peer given to sock_options_apply */
    struct addr hop[SOURCE_ROUTE_HOPS_MAX]; /* loose source route (RFC 791 3.1), IPv4 only */
    size_t hop_count;
    uint8_t hop_pointer; /* 0: that of the first hop, 4 */
};

/* Before connect(2) or listen(2).  `peer` is where it will connect to (NULL: it listens).  0, or a
 * negative errno value; *e names the option. */
int sock_options_apply(int fd, const struct sock_options *o, const struct endpoint *peer,
                       struct err *e) MUST_CHECK;

/* "lowdelay", "critical", "af11", "cs1", "ef", "Minimize-Delay", "0x20", "32": 0-255, or -1. */
int sock_tos_value(const char *text);
