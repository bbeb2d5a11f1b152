/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The state of one packet on its way through the rules, for firewall_run, firewall_expr and
 * firewall_compat only.  What the interpreter does not know it does not guess: a match without an
 * answer is followed both ways, and `maybe` marks what happened on one of them only. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/net/addr.h"
#include "sys/link/firewall_rules.h"
#include "sys/link/firewall_value.h"
#include "sys/link/iface.h"

/* What an expression says about the rule it stands in. */
enum firewall_step {
    STEP_NEXT,  /* it matched, or had no say */
    STEP_BREAK, /* it did not: the rule does not apply */
    STEP_MAYBE, /* cannot be told */
};

/* What becomes of the packet. */
enum firewall_verdict_code {
    VERDICT_CONTINUE,
    VERDICT_ACCEPT,
    VERDICT_DROP,
    VERDICT_REJECT,
    VERDICT_REDIRECT, /* to another address or port */
    VERDICT_JUMP,
    VERDICT_GOTO,
    VERDICT_RETURN,
    VERDICT_ANY, /* accept, drop or go on: handed to something that is not interpreted */
};

/* Does connection tracking know the packet at this place? */
enum firewall_tracking {
    TRACKING_NONE, /* too early */
    TRACKING_NEW,
    TRACKING_OFF,     /* notrack */
    TRACKING_UNKNOWN, /* a chain at its very priority, or a notrack that perhaps was met */
};

enum {
    FIREWALL_REG_LEN = 64,  /* 16 registers of 4 bytes */
    FIREWALL_LINK_LEN = 14, /* Ethernet head */
    FIREWALL_HINT_MAX = 32,
    FIREWALL_DIRTY_MAX = 8,
    FIREWALL_DEPTH_MAX = 16, /* NFT_JUMP_STACK_SIZE */
};

/* Places in firewall_run.mark. */
enum { MARK_PACKET = 0, MARK_CT = 4 };

struct firewall_run {
    const struct firewall_rules *rules;
    const struct firewall_chain *base; /* the base chain it is in */
    const struct iface *in;
    struct addr src, dst;
    uint8_t ip_proto;
    uint16_t src_port, dst_port;

    struct firewall_value reg, link;
    struct firewall_value datagram; /* network head and what follows it */
    size_t transport_at;            /* in datagram */
    size_t datagram_len;            /* bytes there surely are */
    bool endless;                   /* there may be more, unknown ones (UDP) */
    struct firewall_value mark;     /* meta mark, ct mark */
    enum firewall_tracking tracking;

    bool maybe;                       /* this place is reached perhaps only */
    bool src_port_set;                /* false: unknown, and what it is compared with is noted */
    uint16_t hint[FIREWALL_HINT_MAX]; /* such ports */
    size_t hint_count;
    const struct firewall_set *dirty[FIREWALL_DIRTY_MAX]; /* sets that rules met have added to */
    size_t dirty_count;

    /* set by expressions: */
    enum firewall_verdict_code verdict;
    const char *target; /* chain of a jump or goto */
    const char *doubt;  /* what the last STEP_MAYBE or VERDICT_ANY came from */

    /* set by chains: */
    const char *doubt_kept; /* the first doubt that mattered, */
    const struct firewall_chain *doubt_chain;
    const struct firewall_rule *doubt_rule;
    const struct firewall_chain *end_chain; /* the place that decided, */
    const struct firewall_rule *end_rule;   /* NULL: the policy */
    enum firewall_verdict_code end_verdict;
};

/* Run one expression.  A name or attribute that is not known gives VERDICT_ANY. */
enum firewall_step firewall_expr_run(struct firewall_run *r, const struct firewall_expr *x);

/* The extensions of iptables (x_tables matches and targets) that a rule may hold. */
enum firewall_step firewall_compat_match(struct firewall_run *r, const struct firewall_attrs *a);
enum firewall_step firewall_compat_target(struct firewall_run *r, const struct firewall_attrs *a);

/* The port that a DNAT or REDIRECT target of iptables sends packets to; 0: none stated. */
uint16_t firewall_compat_port(const struct firewall_attrs *a);

/* For expressions: */
enum firewall_step firewall_step_of(struct firewall_run *r, enum truth t, const char *doubt);
enum firewall_step firewall_doubt(struct firewall_run *r, const char *what);   /* STEP_MAYBE */
enum firewall_step firewall_give_up(struct firewall_run *r, const char *what); /* VERDICT_ANY */

/* Note what an unknown source port is compared with, so that it can be tried. */
void firewall_hint(struct firewall_run *r, uint16_t port);

/* Where the packet may end up; several bits where that cannot be told. */
enum { END_ACCEPT = 1, END_DROP = 2, END_REDIRECT = 4 };

/* Send the packet through all base chains that it meets on its way to a local socket.  Returns a
 * set of END_ bits: with END_ACCEPT alone it arrives for sure. */
unsigned firewall_run_packet(struct firewall_run *r);
