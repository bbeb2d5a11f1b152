/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sockets of this network namespace that wait for others: listening TCP, and UDP that is bound
 * but not connected.  Asked over sock_diag(7); where the kernel has no such module, read from
 * /proc/net, which does not tell the bound interface and whether an IPv6 socket leaves IPv4 alone.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/net/addr.h"

struct listener {
    uint8_t ip_proto;   /* 6 or 17 */
    struct endpoint at; /* unspecified: all addresses; an IPv4 one as such, never ::ffff:a.b.c.d */
    bool v6_only;       /* at :: it does not take IPv4; false too where it is not known */
    uint32_t interface; /* index it is bound to; 0: any */
    uint32_t uid;
    uint64_t inode; /* of the socket, as in /proc/PID/fd; 0: none */
    bool connected; /* a UDP socket that hears one peer only: listener_read_bound */
};

struct listener_list {
    struct listener *item; /* TCP first, then by port, then by address */
    size_t count;
};

/* `proc_net` is "/proc/net" or a made one.  Lives in `arena`. */
int listener_read(struct arena *arena, const char *proc_net, struct listener_list *out,
                  struct err *e) MUST_CHECK;

/* As listener_read, and with the UDP sockets that are connected: every UDP port in use. */
int listener_read_bound(struct arena *arena, const char *proc_net, struct listener_list *out,
                        struct err *e) MUST_CHECK;

/* The second way alone: from the files tcp, tcp6, udp and udp6 of the folder.  A file that is not
 * there (IPv6 switched off) holds none. */
int listener_read_proc(struct arena *arena, const char *proc_net, struct listener_list *out,
                       struct err *e) MUST_CHECK;
