/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A source package's part of a tracker as the store keeps it: what a match needs, without the rest.
 * One line a vulnerability and suite; fields parted by tabs, which no field holds. */
#pragma once

#include "core/base/str.h"
#include "tool/advisory/tracker.h"

void tracker_pack(const struct tracker_entry *entry, struct str *out);

/* Call `entry` of the events for each vulnerability.  Data of our own making: what is broken in it
 * is passed over. */
int tracker_unpack(struct json_span source, const char *data, size_t len,
                   const struct tracker_events *events, struct err *e) MUST_CHECK;
