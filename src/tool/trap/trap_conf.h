/* SPDX-License-Identifier: GPL-3.0-or-later */
/* portsentry.conf (portsentry.conf(5)), of PortSentry 1.2 and of 2.x: KEY="VALUE" lines.  A line
 * that cannot be used is told and left out, as PortSentry does; the rest counts. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/net/port_set.h"

enum trap_block { /* BLOCK_TCP, BLOCK_UDP */
                  TRAP_BLOCK_NOTHING = 0,
                  TRAP_BLOCK_HOST = 1,
                  TRAP_BLOCK_COMMAND_ONLY = 2,
};

enum { TRAP_TCP, TRAP_UDP, TRAP_PROTO_COUNT };

/* What the file says of one protocol. */
struct trap_ports {
    bool given;              /* TCP_PORTS or UDP_PORTS is there */
    struct port_set listed;  /* ranges as in 2.x are taken in any file */
    struct port_set exclude; /* ADVANCED_EXCLUDE_* */
    uint16_t advanced;       /* the highest port of the advanced mode; 1024 when not given */
    enum trap_block block;
};

/* Texts live in the arena given to trap_conf_read; NULL: not given. */
struct trap_conf {
    struct trap_ports ports[TRAP_PROTO_COUNT];
    const char *ignore_file, *history_file, *blocked_file;
    const char *kill_route, *kill_hosts_deny, *kill_run_cmd, *port_banner;
    bool run_cmd_first; /* KILL_RUN_CMD before the host is blocked */
    bool resolve_host;
    uint32_t scan_trigger; /* hits before the reaction; 0 and 1: the first */
};

/* Told of each line that is left out: where it stands and why. */
typedef void trap_conf_warn_fn(void *ctx, unsigned line, const char *why);

/* Read `len` bytes.  Never fails: what is missing is judged by trap_conf_check. */
void trap_conf_read(struct trap_conf *out, const char *text, size_t len, struct arena *arena,
                    trap_conf_warn_fn *warn, void *ctx);

/* Has it what a mode for this protocol needs?  -EINVAL names the key that is missing. */
int trap_conf_check(const struct trap_conf *c, int proto, bool advanced, struct err *e) MUST_CHECK;
