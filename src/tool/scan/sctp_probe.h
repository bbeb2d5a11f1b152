/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What both SCTP techniques share: a packet of one chunk, whose answer carries our tag back. */
#pragma once

#include "tool/scan/technique/technique.h"
#include "wire/packet/layer/sctp.h"

/* The tag that a cookie stands for: never zero (RFC 9260 3.3.2). */
static inline uint32_t sctp_probe_tag(uint32_t cookie)
{
    return cookie ? cookie : 1;
}

void sctp_probe_build(const struct frame_probe *probe, uint32_t tag, uint8_t type,
                      struct bytes_in value, struct bytes_out *out);

/* The first chunk of the answer, if it is one: its verification tag is ours, or was ours to choose
 * (an ABORT with the T bit set repeats the tag of what it answers, RFC 9260 8.5.1). */
bool sctp_probe_answer(const struct frame_answer *answer, struct sctp_chunk *out);
