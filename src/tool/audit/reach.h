/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who can reach a socket of this machine: worked out from its address, the interfaces and routes,
 * and the packet filter, for senders that stand for many: a stranger who comes by the default
 * route, and a neighbour in each connected network. */
#pragma once

#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/err.h"
#include "hub/model/exposure.h"
#include "sys/host/listener.h"
#include "sys/link/firewall.h"
#include "sys/link/iface.h"
#include "sys/link/route.h"

/* What this machine's network is like at one moment. */
struct reach_world {
    struct iface_list ifaces;
    struct route_list routes;
    struct firewall *firewall;
    struct arena *arena;
};

/* `proc_net` as for firewall_open.  Lives in `arena`, but for the firewall: reach_world_done. */
int reach_world_read(struct reach_world *w, struct arena *arena, const char *proc_net,
                     struct err *e) MUST_CHECK;
void reach_world_done(struct reach_world *w);

/* How far the socket can be reached; *out_why names the address, rule or policy that decided. */
enum reach reach_of(const struct reach_world *w, const struct listener *l, const char **out_why);
