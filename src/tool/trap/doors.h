/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The basic modes: a socket at each trapped port, of both families.  Who connects has shown that
 * the address is his (TCP); a datagram shows nothing. */
#pragma once

#include <stddef.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/net/port_set.h"
#include "sys/loop/loop.h"
#include "tool/trap/probe.h"

struct doors_spec {
    uint8_t ip_proto; /* IP_PROTO_TCP or IP_PROTO_UDP */
    const struct port_set *ports;
    const char *banner; /* sent to who connects; NULL: none */
};

/* `fd` is the connection of TCP, -1 for a datagram.  True: it was taken over; else it is closed. */
typedef bool doors_probe_fn(void *ctx, const struct probe *probe, int fd);

/* Told of each port at the start: NULL when it is open now, else why it is not. */
typedef void doors_port_fn(void *ctx, uint16_t port, const char *why_not);

struct doors;

/* -EADDRINUSE: not one of the ports could be opened. */
int doors_open(struct doors **out, struct loop *loop, const struct doors_spec *spec,
               doors_port_fn *port, doors_probe_fn *probe, void *ctx, struct err *e) MUST_CHECK;
void doors_close(struct doors *d); /* takes NULL */
