/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An exposure: a socket of this machine that waits for others, who owns it, and who can reach it.
 */
#pragma once

#include <stdint.h>

#include "core/net/addr.h"

/* From narrow to wide.  What the firewall says is worked out rule by rule; where a rule is beyond
 * what can be worked out the answer is REACH_UNKNOWN, never a guess. */
enum reach {
    REACH_LOOPBACK,   /* bound to loopback only */
    REACH_FIREWALLED, /* bound wider, but the firewall lets nobody in */
    REACH_NEIGHBOURS, /* hosts of a directly connected network only */
    REACH_UNKNOWN,    /* a firewall rule could not be judged */
    REACH_ANYONE,
    REACH_COUNT,
};

const char *reach_name(
    enum reach r); /* "loopback only", "firewalled", "neighbours", "unknown", "reachable" */

struct exposure {
    uint8_t ip_proto;      /* 6 or 17 */
    struct endpoint at;    /* the local address; unspecified: all */
    const char *interface; /* SO_BINDTODEVICE; NULL: any */
    uint32_t uid;
    const char *user;
    int32_t pid;                           /* 0: not found (rights) */
    uint32_t process_count;                /* that share the socket */
    const char *process;                   /* "nginx" */
    const char *path;                      /* of the program; NULL: not readable */
    const char *package, *package_version; /* NULL: of no package */
    const char *unit;                      /* systemd unit; NULL: none */
    const char *service;                   /* name of the port in the table; NULL: unknown */
    enum reach reach;
    const char *reach_why; /* the rule or address that decided */
    const char *cure;      /* the one command that closes it to others; NULL: closed already */
};
