/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all TCP techniques share: one segment with some flags, whose answer carries the cookie back.
 */
#pragma once

#include "tool/scan/technique/technique.h"
#include "wire/packet/layer/tcp.h"

/* SYN: sequence number = cookie, an MSS option; the answer acknowledges cookie + 1.  Segments with
 * ACK carry the cookie as acknowledgment, which a reset repeats as its sequence number (RFC
 * 9293 3.10.7). Others: sequence number = cookie; a reset acknowledges it, plus what the segment
 * counts for. */
void tcp_probe_build(const struct frame_probe *probe, struct bytes_out *out);

/* Read the TCP head of the answer and check the cookie.  False: not TCP, or a forgery. */
bool tcp_probe_answer(const struct frame_answer *answer, struct tcp_head *out);

/* The verdict of techniques that only tell resets from silence: their
 * `on_reset`, or the ICMP error. */
bool tcp_probe_judge_reset(const struct frame_answer *answer, struct scan_verdict *out);
