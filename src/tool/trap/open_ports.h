/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which ports of this machine somebody serves: a packet to one of them is no probe.  The kernel is
 * asked for each packet, so a port that a program opens for a moment (the data connection of FTP)
 * is let through while it is open and no longer.  Under a flood the answer "nobody" counts for
 * OPEN_PORTS_AGE_MS. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/net/addr.h"
#include "core/net/port_set.h"

enum { OPEN_PORTS_AGE_MS = 10, OPEN_PORTS_ASK_MAX = 200 /* questions within that time */ };

struct open_ports;
struct open_ports *open_ports_new(const char *proc_net); /* "/proc/net" */
void open_ports_free(struct open_ports *o);              /* takes NULL */

/* Does a socket take what comes from `remote` to `local`?  A kernel that has no such look-up is
 * asked for its list. */
bool open_ports_has(struct open_ports *o, uint8_t ip_proto, const struct endpoint *local,
                    const struct endpoint *remote, uint64_t mono_ns);

/* All ports in use, at whatever address. */
void open_ports_list(struct open_ports *o, uint8_t ip_proto, uint64_t mono_ns,
                     struct port_set *out);
