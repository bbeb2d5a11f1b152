/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a stack chooses its numbers: initial sequence numbers, IP IDs, time stamps (the tests SEQ).
 */
#pragma once

#include "tool/scan/os/os_reply.h"

/* Fill in SEQ from the answers; seen->sp and timestamp_hz, too. */
void os_sequence_make(struct os_seen *seen);

/* The class of IP IDs in the order they came: "Z" zero, "RD" random, "RI" random increments, "BI"
 * increments by 256 (wrong byte order), "I" increments, or the constant in hex.  False: none of
 * these. */
bool os_sequence_ids(const uint16_t *id, size_t count, bool may_be_random, char to[8]);
