/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The trap: notices who probes ports that nobody serves, tells it in PortSentry's words, and reacts
 * as portsentry.conf says. */
#pragma once

#include "core/base/attr.h"
#include "core/base/err.h"
#include "hub/bus/bus.h"
#include "sys/loop/loop.h"
#include "tool/trap/guests.h"
#include "tool/trap/trap_conf.h"

enum trap_mode {
    TRAP_MODE_TCP, /* basic: ports are bound */
    TRAP_MODE_UDP,
    TRAP_MODE_STCP, /* stealth: listed ports are watched */
    TRAP_MODE_SUDP,
    TRAP_MODE_ATCP, /* advanced: all ports up to a limit that nobody serves */
    TRAP_MODE_AUDP,
    TRAP_MODE_COUNT,
};

const char *trap_mode_name(enum trap_mode mode); /* "stcp" */
int trap_mode_from_name(const char *name);       /* "stcp"; -1: none */

struct trap_options {
    const struct trap_conf *conf; /* outlives the trap */
    enum trap_mode mode;
    const char *hosts_deny;                    /* "/etc/hosts.deny" */
    int32_t (*utc_offset_s)(uint64_t wall_ns); /* of the history file's times at that moment */
    bool words_2;   /* tell in the words of PortSentry 2.x (scan_line.h) */
    bool all_kinds; /* stealth TCP: ACK, Maimon and SCTP, too; the first two never block */
    struct guests_spec guests; /* basic TCP: hold connections, read what they say */
    bool echo;                 /* stealth TCP: block on echoed evidence only */
    struct bus_port *port;     /* events go there; NULL: nowhere */
    uint32_t ban_s;            /* also wish bans of so long; 0: none */
    void (*ban)(void *ctx, const struct event *event); /* asked to fulfil them; NULL: nobody is */
    void *ban_ctx;
};

struct trap;

/* Open what the mode needs.  -EINVAL: the configuration lacks it; -EPERM, -EADDRINUSE ... */
int trap_open(struct trap **out, struct loop *loop, const struct trap_options *options,
              struct err *e) MUST_CHECK;
void trap_close(struct trap *t); /* takes NULL */
