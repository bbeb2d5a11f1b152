/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A second look at the heads of a packet that packet_decode_level has read: options that are wrong
 * or twice there, extension headers out of place, ICMP types that do not exist.  Costs little where
 * there are none.
 * Not for: what stops the reading (verdict_event.def). */
#pragma once

#include "wire/packet/event.h"
#include "wire/packet/packet.h"

/* False: one of the events means that no machine would take the packet. */
bool packet_review(const struct packet *p, enum packet_verdict verdict, struct event_list *events);
