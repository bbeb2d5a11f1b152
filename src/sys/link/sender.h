/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames out, as they are, in batches (packet(7), sendmmsg(2)): about 1.3 us a frame.  Needs
 * CAP_NET_RAW.  On an Ethernet or loopback interface a frame begins with the Ethernet head, on one
 * without link addresses (tun, ppp) with the IP head.  One thread uses a sender.  Pace is the
 * caller's. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"

struct sender;

enum { SENDER_BATCH = 64, SENDER_BATCH_MAX = 1024 };

struct sender_spec {
    uint32_t interface; /* index */
    uint32_t batch;     /* frames queued before a flush is needed; 0: SENDER_BATCH */
    uint32_t frame_max; /* bytes of a frame with its link head; 0: MTU + Ethernet head + 2 tags */
    bool through_qdisc; /* pass the queueing discipline: traffic shaping and nftables' egress
                             hook stay in force, and captures see the frames; else they go straight
                             to the driver, seen by no capture here */
};

struct sender_stats { /* since sender_open */
    uint64_t sent;    /* taken by the kernel */
    uint64_t bytes;
    uint64_t refused; /* frames the kernel will never take (too long, malformed); dropped */
    uint64_t busy;    /* times the kernel was full: nothing lost, tried again */
};

int sender_open(struct sender **out, const struct sender_spec *spec, struct err *e) MUST_CHECK;

/* The same on a socket that another process opened, who has the right to: socket(AF_PACKET,
 * SOCK_RAW, 0), not bound.  It is this sender's from now on, also after a failure. */
int sender_adopt(struct sender **out, int fd, const struct sender_spec *spec,
                 struct err *e) MUST_CHECK;
void sender_close(struct sender *s); /* NULL is nothing; what is still queued is dropped */

/* Room for the next frame, sender_frame_max() bytes, zeroed by nobody; NULL: the batch is full,
 * flush first.  The frame counts from sender_commit on. */
uint8_t *sender_room(struct sender *s);
void sender_commit(struct sender *s, size_t len);

uint32_t sender_frame_max(const struct sender *s);
uint32_t sender_queued(const struct sender *s);

/* Hand the queue to the kernel.  0: all taken.  -EAGAIN: it is full for now, the rest stays queued
 * in order; flush again when sender_fd is writable or a little later.  -ENETDOWN: interface down or
 * gone.  A frame that the kernel refuses for itself is dropped and counted. */
int sender_flush(struct sender *s) MUST_CHECK;

int sender_fd(const struct sender *s); /* for LOOP_WRITE after -EAGAIN */

void sender_stats_read(const struct sender *s, struct sender_stats *out);
