/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the kernel would send a packet: interface, source address and next hop; and the routing
 * tables as they stand (rtnetlink(7)). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/net/addr.h"

struct netlink;

/* The kernel's answer for one destination. */
struct route_hop {
    uint32_t interface;   /* index of the one it leaves by; loopback's for an own address */
    struct addr source;   /* the kernel's choice */
    struct addr next_hop; /* whose link address to ask for: a gateway or the destination itself */
    bool on_link;         /* next_hop is the destination */
    bool local;           /* the destination is an address of this machine: goes by loopback */
    bool multicast;       /* or broadcast: no neighbour to ask */
    uint32_t mtu;         /* of the path where the kernel knows one, else 0: the interface's */
};

/* A handle for many questions: netlink_open(&n, NETLINK_ROUTE, e).  `wanted_interface` 0: any;
 * `wanted_source` NULL: the kernel's choice (a rule of policy routing may depend on it).
 * 0, or the kernel's own error: -ENETUNREACH without a route, -EHOSTUNREACH by an "unreachable"
 * one, -EACCES by a "prohibit", -EINVAL by a "blackhole".  About 10 us a question; nothing is kept.
 */
int route_find(struct netlink *n, const struct addr *dst, uint32_t wanted_interface,
               const struct addr *wanted_source, struct route_hop *out, struct err *e) MUST_CHECK;

enum route_kind {
    ROUTE_UNICAST = 1, /* the kernel's RTN_ values */
    ROUTE_LOCAL = 2,
    ROUTE_BROADCAST = 3,
    ROUTE_ANYCAST = 4,
    ROUTE_MULTICAST = 5,
    ROUTE_BLACKHOLE = 6,
    ROUTE_UNREACHABLE = 7,
    ROUTE_PROHIBIT = 8,
};

enum { ROUTE_TABLE_MAIN = 254, ROUTE_TABLE_LOCAL = 255 };

struct route {
    struct cidr dst;     /* 0.0.0.0/0 or ::/0: default */
    struct addr gateway; /* ADDR_NONE: on link.  May be IPv6 for an IPv4 route (RFC 5549) */
    struct addr source;  /* preferred; ADDR_NONE: none stated */
    uint32_t interface;  /* 0: none (blackhole) */
    uint32_t metric;     /* the lower wins among routes of one prefix */
    uint32_t table;      /* ROUTE_TABLE_* or a number of the administrator's */
    uint8_t kind;        /* enum route_kind */
    uint8_t protocol;    /* who made it: 2 kernel, 3 boot, 4 static, 16 DHCP ... */
    uint8_t scope;       /* 0 universe, 253 link, 254 host */
};

struct route_list {
    struct route *item; /* IPv4 first; within a family in the kernel's order */
    size_t count;
};

/* All routes of all tables, one entry for each next hop of a multipath route; cached clones are
 * left out.  Lives in `arena`. */
int route_read(struct arena *arena, struct route_list *out, struct err *e) MUST_CHECK;
