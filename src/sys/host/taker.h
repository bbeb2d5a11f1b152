/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which socket would take a packet?  The kernel's own look-up, asked for one packet at a time over
 * sock_diag(7): listeners, connections, those in TIME-WAIT and unconnected UDP sockets alike, as
 * they are at this moment. */
#pragma once

#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/net/addr.h"

struct taker;
int taker_open(struct taker **out, struct err *e) MUST_CHECK;
void taker_close(struct taker *t); /* takes NULL */

/* 1: there is one for a packet of `ip_proto` (6 or 17) from `remote` to `local`.  0: there is none.
 * Negative: the kernel cannot say (no tcp_diag or udp_diag).  Some microseconds. */
int taker_find(struct taker *t, uint8_t ip_proto, const struct endpoint *local,
               const struct endpoint *remote) MUST_CHECK;
