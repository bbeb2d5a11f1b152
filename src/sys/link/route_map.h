/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Routes of many addresses in a row: the kernel is asked once for each stretch of addresses that
 * none of its routes tells apart, instead of once for each (10 us: two thirds of a second for a
 * /16). Where more than prefixes decides (rules of policy routing, routes over several gateways) it
 * is asked each time.  Routes that change while the map is open are not noticed. */
#pragma once

#include "core/net/cidr_set.h"
#include "sys/link/route.h"

struct route_map {
    struct netlink *netlink; /* the caller's */
    struct arena arena;
    struct route_list routes;
    bool by_prefix; /* prefixes alone decide */
    bool has_last;
    struct addr_range last;  /* the stretch that was asked about last .. */
    uint32_t last_interface; /* .. for this interface .. */
    struct route_hop hop;    /* .. and its answer */
    uint64_t asked;          /* questions to the kernel */
};

int route_map_open(struct route_map *m, struct netlink *n, struct err *e) MUST_CHECK;
void route_map_done(struct route_map *m);

/* As route_find, without a wanted source. */
int route_map_find(struct route_map *m, const struct addr *dst, uint32_t wanted_interface,
                   struct route_hop *out, struct err *e) MUST_CHECK;
