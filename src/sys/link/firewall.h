/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What this machine's packet filter does to the first packet of a new connection: the nftables
 * rules of this network namespace, read from the kernel and worked out expression by expression.
 * Where a rule depends on what cannot be known beforehand (chance, the clock, a program that takes
 * packets from a queue, an extension that is not interpreted) the answer is "unknown" and names it.
 * Not for: forwarded packets, TCP wrappers, BPF programs on interfaces or control groups. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/net/addr.h"
#include "sys/link/iface.h"

struct firewall;

enum firewall_verdict {
    FIREWALL_PASS,     /* it reaches a socket that is bound to the destination */
    FIREWALL_DROP,     /* it does not */
    FIREWALL_REDIRECT, /* it is sent to another address or port */
    FIREWALL_UNKNOWN,
};

struct firewall_question {
    const struct iface *in; /* the interface it comes in by */
    struct addr src;        /* a neighbour there, or one whom the routes lead back that way */
    struct addr dst;        /* an address of this machine, of the same family */
    uint8_t ip_proto;       /* 6 (its SYN) or 17 */
    uint16_t dst_port;
};

struct firewall_answer {
    enum firewall_verdict verdict;
    bool rejected;   /* FIREWALL_DROP: with an answer to the sender */
    const char *why; /* one line: the rule or policy that decided, or what is not known */
};

/* Read the rules as they are now.  `proc_net` ("/proc/net" or a made one) tells whether rules of
 * the older iptables are in force beside, which cannot be read: then nothing passes for sure.
 * Without CAP_NET_ADMIN this succeeds, and every answer is unknown.  0 or a negative errno value.
 */
int firewall_open(struct firewall **out, const char *proc_net, struct err *e) MUST_CHECK;
void firewall_close(struct firewall *f); /* NULL is nothing */

/* Sender's choices beside those in the question are the usual ones; if the packet is dropped,
 * source ports that rules mention are tried, too: who may choose his port may choose that one. The
 * text lives in `arena`. */
void firewall_ask(const struct firewall *f, const struct firewall_question *q, struct arena *arena,
                  struct firewall_answer *out);

/* The rule that redirects something to this port, as text in `arena`; NULL: none does. */
const char *firewall_redirect_to(const struct firewall *f, uint16_t port, struct arena *arena);
