/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Carries probes by ordinary TCP sockets: no rights needed.  The ICMP message behind a failure is
 * read from the socket's error queue (ip(7), IP_RECVERR), so the reason told is the exact one. */
#pragma once

#include "core/base/attr.h"
#include "core/base/err.h"
#include "sys/loop/loop.h"
#include "tool/scan/prober.h"

struct socket_transport;

struct socket_transport_setup {
    struct loop *loop;
    uint32_t host_count, item_count; /* of the prober's job */
    const char *interface;           /* -e: SO_BINDTODEVICE; NULL: the kernel's choice */
    struct addr source;              /* -S; ADDR_NONE: the kernel's choice */
    uint16_t source_port;            /* -g; 0: the kernel's choice */
    bool hosts_answered; /* before: a host without a route is then no result, but the network's end
                          */
};

/* -ENODEV when the interface is missing; what bind(2) says when it is not for us to send from that
 * source (-EADDRNOTAVAIL, -EACCES). */
int socket_transport_open(struct socket_transport **out, const struct socket_transport_setup *setup,
                          struct err *e) MUST_CHECK;
void socket_transport_close(struct socket_transport *t);

/* What to hand to the prober; belongs to `t`. */
const struct probe_transport *socket_transport_of(struct socket_transport *t);
