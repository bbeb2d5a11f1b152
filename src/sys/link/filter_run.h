/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Classic BPF without the kernel: for frames that come from files, and for tests. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "sys/link/filter.h"

/* Run the program as the kernel would: bytes to keep, 0: no pass.  `packet_type` is one of
 * PACKET_HOST ... PACKET_OUTGOING of packet(7).  A load beyond the frame passes nothing, as in the
 * kernel; neither does a program that is none (a jump out of bounds, an unknown instruction). */
uint32_t filter_run(const struct filter *f, const void *frame, size_t len, uint8_t packet_type);
