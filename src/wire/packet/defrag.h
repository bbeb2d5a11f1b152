/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fragments of IPv4 (RFC 791) and IPv6 (RFC 8200 4.5) put together as the receiving machine would:
 * where pieces overlap, its policy decides whose bytes stay (Shankar, Paxson, "Active Mapping",
 * 2003; Novak, "Target-Based Fragmentation Reassembly", 2005).  Bounded: trackers, pieces and bytes
 * have caps, the oldest go first.
 * Not for: making fragments. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/net/addr.h"
#include "wire/packet/event.h"
#include "wire/packet/packet.h"

enum defrag_policy {
    DEFRAG_FIRST,     /* bytes that came first stay */
    DEFRAG_LAST,      /* bytes that came last stay */
    DEFRAG_BSD,       /* first, unless the later piece begins before the earlier one */
    DEFRAG_BSD_RIGHT, /* last, unless the later piece begins before the earlier one */
    DEFRAG_LINUX,     /* as BSD, but a later piece that begins at the same place wins, too */
    DEFRAG_WINDOWS,   /* first, unless the later piece begins before and ends behind */
    DEFRAG_SOLARIS,   /* as Windows, but a piece that ends at the same place wins, too */
};

struct defrag_config {
    uint32_t tracker_max, piece_max; /* pieces of all trackers together */
    uint64_t bytes_max;
    uint32_t timeout_s;
};

struct defrag;

struct defrag *defrag_new(const struct defrag_config *config);
void defrag_free(struct defrag *d);

/* Take the fragment *p (PACKET_FLAG_FRAGMENT is set).  When it completes a datagram, true: its IP
 * head and payload lie in *out_datagram until the next call (an IPv4 head without fragment bits and
 * with a right checksum; an IPv6 head without the fragment header).  Events are added to *events.
 */
bool defrag_take(struct defrag *d, const struct packet *p, enum defrag_policy policy,
                 const uint16_t *vlan, uint64_t wall_ns, struct event_list *events,
                 struct bytes_in *out_datagram);
