/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of packet_decode, for packet.c and the layers only: the frame is walked head by head,
 * each layer's step reading one and naming the next.  A new layer is a step function and a row in
 * layer/number.def. */
#pragma once

#include "wire/packet/event.h"
#include "wire/packet/packet.h"

struct packet_walk;
typedef enum packet_verdict layer_step_fn(struct packet_walk *w);

struct packet_walk {
    struct bytes_in in; /* the rest of the frame; its end moves in as heads state lengths */
    struct packet *out;
    layer_step_fn *next;       /* who reads on; NULL: nobody, the rest is payload */
    struct event_list *events; /* packet_decode_level: what is odd goes there; else NULL */
};

static inline void walk_event(struct packet_walk *w, enum packet_event event)
{
    if (w->events)
        event_list_add(w->events, event);
}

/* A tunnel carries a frame of `link` from here on.  For a watcher the walk ends here. */
void walk_tunnel(struct packet_walk *w, enum packet_link link);

/* Asked by the steps of IP: is this a watcher's second network head?  Then the walk has ended. */
bool walk_ends_inside(struct packet_walk *w);

void walk_vlan(struct packet_walk *w, uint16_t tci); /* note the number of one tag */

/* Note that a head of this kind begins here; false when the frame has too many or begins too far
 * in. */
bool walk_enter(struct packet_walk *w, enum packet_kind kind);

/* The datagram ends `len` bytes from here.  When the frame ends before, PACKET_FLAG_CUT is set. */
void walk_limit(struct packet_walk *w, size_t len);

/* Read on by ethertype; PACKET_OTHER_LINK when nobody can. */
enum packet_verdict walk_ethertype(struct packet_walk *w, uint16_t type);

layer_step_fn *layer_by_ethertype(uint16_t type); /* NULL: not read */
layer_step_fn *layer_by_protocol(uint8_t ip_proto);

/* One declaration for each step named in the table (a name may stand there twice). */
#define BY_ETHERTYPE(number, name) layer_step_fn name##_step;
#define BY_PROTOCOL(number, name)  layer_step_fn name##_step;
#define BY_LINK(link, name)        layer_step_fn name##_step;
#include "wire/packet/layer/number.def"
#undef BY_ETHERTYPE
#undef BY_PROTOCOL
#undef BY_LINK
