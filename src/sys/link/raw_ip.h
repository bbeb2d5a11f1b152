/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole IP datagrams out, head included (raw(7)): for what stays on this machine.  A frame that is
 * put on the loopback device by packet(7) lacks the route that the kernel's own output gives it,
 * and is dropped there as a martian.  Needs CAP_NET_RAW. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/net/addr.h"

/* A socket for one family, non-blocking; the caller closes it. */
int raw_ip_open(uint8_t family, int *out_fd, struct err *e) MUST_CHECK;

/* 0 or a negative errno value.  `datagram` begins with its IP head. */
int raw_ip_send(int fd, const struct addr *to, const void *datagram, size_t len) MUST_CHECK;
