/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alerts and packets in unified2, Snort's binary log: records of type and length in big endian
 * (snort's README.unified2).  Events are of type 7 and 72, with VLAN and policy 104 and 105; the
 * packet follows as type 2. */
#pragma once

#include "core/base/bytes.h"
#include "hub/model/alert.h"

enum { UNIFIED2_EVENT_MAX = 8 + 84, UNIFIED2_PACKET_HEAD = 8 + 28 };

/* Append the event's record; `vlan_events`: type 104 or 105. */
void unified2_put_event(struct bytes_out *out, const struct alert *a, bool vlan_events);

/* Append the head of the packet's record; its `a->packet->len` bytes follow. */
void unified2_put_packet_head(struct bytes_out *out, const struct alert *a);
