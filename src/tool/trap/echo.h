/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is the sender of a SYN really where it says?  The trap answers with a SYN-ACK that acknowledges a
 * keyed cookie instead of ISN + 1.  A stack that gets it refuses it with a reset whose sequence
 * number is that acknowledgment number (RFC 9293 3.10.7.1 and 3.10.7.3); who forged the address
 * never sees the cookie.  The kernel's own reset for the closed port is held back by one rule of a
 * table of ours in nftables; it is the only sender of resets with sequence number 0 there. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "tool/trap/probe.h"

struct echo;

/* Opens raw sockets and holds the kernel's resets back.  Needs CAP_NET_RAW, CAP_NET_ADMIN and
 * nft(8). */
int echo_open(struct echo **out, struct err *e) MUST_CHECK;
void echo_close(struct echo *o); /* lets the kernel answer again; takes NULL */

/* Answer a SYN.  What cannot be sent is not answered: then nobody is blocked for it. */
void echo_answer(struct echo *o, const struct probe *syn);

/* Does this reset bear the cookie of its ends? */
bool echo_is_proven(const struct echo *o, const struct probe *reset);

uint32_t echo_cookie(const struct echo *o, const struct endpoint *from, const struct endpoint *to);
