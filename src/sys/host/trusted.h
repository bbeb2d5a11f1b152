/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom this machine must never shut out, because it would cut itself off: its own addresses, the
 * broadcast addresses of its networks, its gateways, its resolvers, loopback and multicast, and the
 * addresses from which administrators are logged in over SSH (session.h).  A forged source address
 * is all that an attacker needs to have one of these banned. */
#pragma once

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/net/cidr_set.h"

struct trusted {
    struct cidr_set own; /* this machine's addresses, loopback included */
    struct cidr_set all; /* own, and everybody else above */
};

/* As it is now.  `resolv_conf` is "/etc/resolv.conf" or a made one; a file that is not there names
 * nobody.  0 or a negative errno value; then *out is as it was.  A second read replaces the first.
 */
int trusted_read(struct trusted *out, const char *resolv_conf, struct err *e) MUST_CHECK;
void trusted_done(struct trusted *t);
