/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The raw access to the network that one scan has: which way a target lies, and for each interface
 * in use a sender and a capture.  Opening a capture takes the kernel tens of milliseconds, so they
 * live as long as the scan. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/hash.h"
#include "core/net/addr.h"
#include "core/net/mac.h"
#include "sys/link/capture.h"
#include "sys/link/sender.h"
#include "sys/loop/loop.h"

enum {
    FRAME_LINKS_MAX = 8,
    /* The source port tells apart the techniques (or hops) of one job and the tries of each. */
    FRAME_PORTS = 256,
    FRAME_SLOTS = 32,
    FRAME_TRIES_FEW = FRAME_PORTS / FRAME_SLOTS,
    FRAME_SLOTS_FEW = 8, /* up to so many slots have .. */
    FRAME_TRIES = FRAME_PORTS / FRAME_SLOTS_FEW,
};

struct frame_net;

/* One interface. */
struct frame_link {
    struct frame_net *net;
    uint32_t interface;
    bool ethernet; /* frames begin with an Ethernet head */
    bool loopback;
    struct mac mac;
    struct sender *sender;
    struct capture *capture;
    struct loop_fd watch;
};

/* The way to one target. */
struct frame_path {
    struct frame_link *link;
    struct addr source, next_hop;
    bool on_link;   /* next_hop is the target */
    bool needs_mac; /* of next_hop */
    bool has_mac;
    struct mac mac;
};

struct frame_net_setup {
    struct loop *loop;
    const char *interface; /* -e; NULL: as the routes say */
    struct addr source;    /* -S; ADDR_NONE: as the routes say */
    uint16_t source_port;  /* -g; 0: a block of FRAME_PORTS of our own */
    bool any_protocol;     /* answers may be of any IP protocol */
    const struct mac *mac; /* --spoof-mac: where frames say they come from; NULL: the card's */
};

/* Takes the frames that arrive on any link. */
typedef void frame_taker_fn(void *ctx, const struct frame_link *link,
                            const struct capture_frame *frame);

/* -EPERM when CAP_NET_RAW is missing, -ENODEV when the interface is. */
int frame_net_open(struct frame_net **out, const struct frame_net_setup *setup,
                   struct err *e) MUST_CHECK;
void frame_net_close(struct frame_net *n);

/* Find the way; opens the interface when it is the first target there.  The MAC is filled in from
 * the kernel's table when it knows it.  0; -ENETUNREACH or -EHOSTUNREACH: the routes lead nowhere,
 * which says something of this target only; or another negative errno value: no frames can be sent
 * that way (-EPERM without CAP_NET_RAW, -EOPNOTSUPP by an interface of an unknown kind). */
int frame_net_path(struct frame_net *n, const struct addr *target, struct frame_path *out,
                   struct err *e) MUST_CHECK;

void frame_net_take(struct frame_net *n, frame_taker_fn *fn,
                    void *ctx); /* NULL: frames are dropped */

/* Send an IP datagram to an address of this machine, which no frame reaches. */
int frame_net_send_local(struct frame_net *n, const struct addr *to, const void *datagram,
                         size_t len) MUST_CHECK;

/* Hand all queued frames to the kernel.  A negative errno value, which names the interface, once
 * one in use went down or away. */
int frame_net_flush(struct frame_net *n, struct err *e) MUST_CHECK;

/* What has gone out and come in so far, without the heads of the link, as nmap counts. */
struct frame_net_totals {
    uint64_t sent, sent_bytes, received, received_bytes;
};
struct frame_net_totals frame_net_totals(const struct frame_net *n);

uint16_t frame_net_port(const struct frame_net *n); /* the first of the block, or the one of -g */
bool frame_net_port_is_fixed(const struct frame_net *n);
const struct hash_key *frame_net_secret(const struct frame_net *n);
