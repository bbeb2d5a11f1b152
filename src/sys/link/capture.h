/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames as they pass an interface, from a ring shared with the kernel (packet(7), TPACKET_V3):
 * nothing is copied, a batch costs no system call while the ring has frames.  Needs CAP_NET_RAW.
 * One thread uses a capture.  Not for: files (wire/packet/pcap). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "sys/link/filter.h"
#include "wire/packet/packet.h"

struct capture;

enum {
    CAPTURE_PROTO_ALL = 0x0003, /* ETH_P_ALL: before ARP, IP and nftables' ingress hook see it */
    CAPTURE_BLOCK_SIZE = 256 * 1024,
    CAPTURE_BLOCK_COUNT = 32,
    CAPTURE_BLOCK_WAIT_MS = 8,
};

struct capture_spec {
    uint32_t interface; /* index; 0: all, frames then are told apart by capture_frame.interface */
    uint16_t protocol;  /* CAPTURE_PROTO_ALL or one ethertype; sent frames are seen by ALL only */
    const struct filter *filter; /* NULL: everything; copied */
    uint32_t block_size;         /* bytes, a multiple of the page; 0: CAPTURE_BLOCK_SIZE */
    uint32_t block_count;   /* 0: CAPTURE_BLOCK_COUNT; 512 KiB in all do for 200,000 frames/s */
    uint32_t block_wait_ms; /* a block not full is handed out after; 0: CAPTURE_BLOCK_WAIT_MS */
    bool promiscuous;       /* also frames to other stations; needs an interface */
    bool not_own;           /* frames sent by this machine are left out */
    uint16_t fanout;        /* share frames by flow with other captures of this number; 0: no */
};

/* One frame.  data points into the ring. */
struct capture_frame {
    const uint8_t *data;
    uint32_t len;       /* bytes captured */
    uint32_t wire_len;  /* bytes it had */
    uint32_t interface; /* index */
    uint64_t wall_ns;   /* the kernel's time stamp of arrival (or sending) */
    uint64_t mono_ns;   /* the same moment on clock_mono_ns' scale, for spans */
    uint16_t vlan_tci;  /* of the tag the kernel took off, when has_vlan */
    uint16_t vlan_tpid; /* 0x8100, 0x88a8 */
    bool has_vlan;
    bool own;       /* sent by this machine */
    bool sum_unset; /* the card was to fill in the transport checksum: it is not there yet */
    uint8_t link;   /* enum packet_link */
};

struct capture_stats { /* since capture_open */
    uint64_t frames;   /* that passed the filter; the kernel counts it at capture_stats_read */
    uint64_t dropped;  /* of these: lost because the ring was full */
    uint64_t freezes;  /* times the ring was full */
};

/* Frames are seen from the moment this returns 0 on.  It takes 20-50 ms (the kernel waits for its
 * other processors); do it beside other set-up.  -EPERM: the text names CAP_NET_RAW. */
int capture_open(struct capture **out, const struct capture_spec *spec, struct err *e) MUST_CHECK;

/* The same on a socket that another process opened, who has the right to: socket(AF_PACKET,
 * SOCK_RAW, 0), not bound.  It is this capture's from now on, also after a failure.  What follows
 * the opening needs no rights. */
int capture_adopt(struct capture **out, int fd, const struct capture_spec *spec,
                  struct err *e) MUST_CHECK;
void capture_close(struct capture *c); /* NULL is nothing; handed out frames die */

/* Readable (LOOP_READ) when a block waits.  Edge cases are the kernel's: after a wake-up read until
 * capture_read returns 0. */
int capture_fd(const struct capture *c);

/* Fill out[0..max) with the next frames; returns how many, 0: none now.  Those of the call before
 * die: their blocks go back to the kernel once all their frames were handed out.  Never blocks.
 * -ENETDOWN once the interface went down or away, then frames that came before are still handed
 * out first. */
int capture_read(struct capture *c, struct capture_frame *out, size_t max) MUST_CHECK;

/* Give back what was handed out, when nothing more will be read for a while. */
void capture_release(struct capture *c);

void capture_stats_read(struct capture *c, struct capture_stats *out);
