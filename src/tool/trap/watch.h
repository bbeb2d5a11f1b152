/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stealth modes' eyes: packets to trapped ports of this machine, on every interface, without a
 * socket for each port.  The firewall comes behind: what it drops is seen all the same. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/net/port_set.h"
#include "sys/loop/loop.h"
#include "tool/trap/probe.h"

struct watch_spec {
    uint8_t ip_proto;      /* IP_PROTO_TCP, _UDP or _SCTP */
    struct port_set ports; /* those that nobody serves count */
    bool quiet_kinds;      /* TCP: ACK and Maimon, too (probe_is_quiet) */
};

/* Called from the loop for each probe; the struct is valid for the call. */
typedef void watch_probe_fn(void *ctx, const struct probe *probe);

/* A reset came to a trapped port: who sent it received what we sent (strength `echoed`), if the
 * sequence number is the cookie. */
typedef void watch_reset_fn(void *ctx, const struct probe *reset);

struct watch;

/* Needs CAP_NET_RAW.  Interfaces that come up later are watched from then on. */
int watch_open(struct watch **out, struct loop *loop, const struct watch_spec *spec,
               watch_probe_fn *probe, watch_reset_fn *reset, void *ctx, struct err *e) MUST_CHECK;
void watch_close(struct watch *w); /* takes NULL */
