/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Closing a port of this machine to others, and opening it again: a set of ports in table inet
 * picket whose members are dropped when they come from another machine.  Loopback is left alone. */
#pragma once

#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/err.h"

struct close_port {
    uint8_t ip_proto; /* 6 or 17 */
    uint16_t port;
};

/* "tcp/22" or "22/tcp".  0 or -EINVAL. */
int close_port_parse(struct close_port *out, const char *text, struct err *e) MUST_CHECK;

/* The command line that closes it: "PROGRAM audit --close tcp/22". */
const char *close_port_command(struct arena *arena, const char *program,
                               const struct close_port *port);

/* Drop what comes to the port from other machines, by nft(8), in one transaction; closing twice is
 * closing once.  The chain comes before those of others (priority -10), whose "accept" cannot undo
 * a drop.  0, -EPERM without CAP_NET_ADMIN, -ENOENT without nft, or another negative errno value.
 */
int close_port_apply(const struct close_port *port, struct err *e) MUST_CHECK;

/* Take it out again.  -ENOENT when it is not closed. */
int close_port_undo(const struct close_port *port, struct err *e) MUST_CHECK;
