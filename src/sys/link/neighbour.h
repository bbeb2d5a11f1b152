/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernel's table of link addresses: ARP for IPv4, neighbour discovery for IPv6.  Reading asks
 * nothing of the network; who finds no entry sends his own request (wire/packet/layer/arp.h,
 * icmp6.h), or lets the kernel do it by sending it a datagram. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/net/addr.h"
#include "core/net/mac.h"

struct netlink;

enum { /* struct neighbour.state: the kernel's NUD_ values */
       NEIGHBOUR_INCOMPLETE = 0x01,
       NEIGHBOUR_REACHABLE = 0x02,
       NEIGHBOUR_STALE = 0x04,
       NEIGHBOUR_DELAY = 0x08,
       NEIGHBOUR_PROBE = 0x10,
       NEIGHBOUR_FAILED = 0x20,
       NEIGHBOUR_NO_ARP = 0x40,
       NEIGHBOUR_PERMANENT = 0x80,
};

struct neighbour {
    struct addr addr; /* with its scope, when link-local IPv6 */
    uint32_t interface;
    uint16_t state; /* NEIGHBOUR_* */
    bool has_mac;
    struct mac mac;
    bool router; /* it announced itself as one */
};

/* May frames be sent to n->mac now?  Also true for a stale entry, as the kernel uses it, too. */
bool neighbour_is_usable(const struct neighbour *n);

/* The entry of one address: `n` is a handle of netlink_open(&n, NETLINK_ROUTE, e).  0, -ENOENT when
 * there is none, or another negative errno value. */
int neighbour_find(struct netlink *n, uint32_t interface, const struct addr *a,
                   struct neighbour *out, struct err *e) MUST_CHECK;

struct neighbour_list {
    struct neighbour *item;
    size_t count;
};

/* All entries of both families; lives in `arena`. */
int neighbour_read(struct arena *arena, struct neighbour_list *out, struct err *e) MUST_CHECK;
