/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Classic BPF programs (Documentation/networking/filter.rst), made from a wish in a struct: what a
 * capture shall see is decided in the kernel, before a frame is copied.  Not for: expressions typed
 * by users (pcap-filter(7)). */
#pragma once

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/net/addr.h"
#include "wire/packet/packet.h"

enum {
    FILTER_CODE_MAX = 256, /* instructions */
    FILTER_ADDR_MAX = 16,  /* addresses of each family */
    FILTER_PROTO_MAX = 8,
};

struct filter {
    struct sock_filter code[FILTER_CODE_MAX];
    uint16_t count;
};

/* A frame passes when it is (ARP and arp is set) or (IP, to one of the addresses, of one of the
 * protocols, and, for TCP and UDP, to a port of the range).
 * IPv6 extension headers are not walked: a packet whose first next header is an extension passes,
 * the reader decides.  So does a later fragment, which has no ports, and with no_ack the first one.
 * VLAN tags: the kernel has
 * taken the outer one off before the filter sees the frame; a frame with a further tag does not
 * pass.  */
struct filter_want {
    enum packet_link link;           /* ETHERNET or RAW_IP */
    const struct addr *to;           /* own addresses; both families mixed */
    size_t to_count;                 /* 0: any destination of both families */
    uint8_t proto[FILTER_PROTO_MAX]; /* IP protocol numbers, of both families */
    size_t proto_count;              /* 0: any */
    uint16_t port_first, port_last;  /* destination, inclusive; 0, 0: any */
    bool arp;
    bool no_ack;       /* TCP segments with ACK do not pass: what opens a connection, or is odd */
    bool not_own;      /* frames sent by this machine do not pass (SKF_AD_PKTTYPE) */
    uint32_t snap_len; /* bytes kept of a frame; 0: all */
};

/* 0, or -E2BIG when the lists are longer than the limits. */
int filter_build(struct filter *out, const struct filter_want *want, struct err *e) MUST_CHECK;

/* Attach to a socket (SO_ATTACH_FILTER). */
int filter_attach(int fd, const struct filter *f, struct err *e) MUST_CHECK;
