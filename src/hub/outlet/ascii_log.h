/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Snort's ASCII packet log (-K ascii): a folder for each foreign host, a file for each conversation
 * in it. */
#pragma once

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/net/cidr_set.h"
#include "hub/model/alert.h"
#include "wire/packet/print.h"

/* Where the packet is logged below the log folder: "192.0.2.7/TCP:40000-80", "ARP", "PACKET_NONIP".
 * `home` (sealed) is the home net; empty: the higher port is the foreign one. */
void ascii_log_path(const struct packet *p, const struct cidr_set *home, const char *log_to,
                    struct str *out);

/* Append the packet there, behind its alert's message where there is one (`a` may be NULL). */
int ascii_log_write(const char *folder, const struct packet_print *how, const struct cidr_set *home,
                    const struct packet *p, uint64_t wall_ns, const struct alert *a,
                    struct err *e) MUST_CHECK;
