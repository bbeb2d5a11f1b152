/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the ICMP queries of host discovery share: identifier and sequence number are the probe's,
 * the reply repeats them. */
#pragma once

#include "tool/scan/technique/technique.h"

void icmp_probe_build4(const struct frame_probe *probe, uint8_t type, size_t data_len,
                       struct bytes_out *out);

/* A reply of the type is SCAN_OPEN for `reason`, an ICMP error SCAN_FILTERED for its own. */
bool icmp_probe_judge(const struct frame_answer *answer, uint8_t type4, uint8_t type6,
                      enum scan_reason reason, struct scan_verdict *out);
