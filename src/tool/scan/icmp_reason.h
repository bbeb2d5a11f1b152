/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an ICMP or ICMPv6 error is called as a reason. */
#pragma once

#include <stdbool.h>

#include "hub/model/scan_report.h"
#include "tool/scan/technique/technique.h"

/* False: the message is no "destination unreachable" (nor time exceeded, source quench, parameter
 * problem), so it says nothing about a probe. */
bool icmp_reason_of(bool ip6, int type, int code, enum scan_reason *out);

/* An ICMP error about a probe: `state` with the message's reason, its TTL, and who sent it when
 * that was not the target.  False: not an ICMP error about a probe of ours. */
bool icmp_reason_judge(const struct frame_answer *answer, enum scan_state state,
                       struct scan_verdict *out);

/* The TTL or hop limit that a packet came with. */
uint8_t icmp_reason_ttl(const struct packet *packet);
