/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From answers to the probes to the fingerprint. */
#pragma once

#include "tool/scan/os/os_print.h"
#include "tool/scan/os/os_probe.h"
#include "wire/packet/packet.h"

/* One answer to the SYNs of the sequence. */
struct os_seq_answer {
    bool heard, has_timestamp;
    uint32_t isn, timestamp;
    uint16_t ip_id;
    uint64_t sent_ns; /* of the probe */
};

struct os_seen {
    struct os_print print;
    bool heard[OS_PROBES];
    uint8_t ttl[OS_TESTS]; /* of the answer behind a test; 0: none */
    struct os_seq_answer seq[OS_SEQ_PROBES];
    uint16_t closed_id[3]; /* IP IDs of T5, T6, T7 */
    uint16_t echo_id[2];
    uint8_t echo_code[2];
    bool echo_df[2];
    uint8_t distance; /* hops; 0: unknown */
    /* what os_seen_finish works out beside the print */
    double timestamp_hz; /* 0: unknown */
    int sp;              /* sequence predictability; -1: unknown */
};

/* Take an answer to a probe.  `quoted` is our probe inside an ICMP error; NULL: it is none.  False:
 * it is no answer to it. */
bool os_reply_take(struct os_seen *seen, const struct os_ask *ask, enum os_probe probe,
                   const struct packet *packet, const struct packet *quoted);

/* No more answers come: make the tests of the sequence, and those that nobody answered.  Which
 * ports were asked tells `ask`: 0 is none. */
void os_reply_finish(struct os_seen *seen, const struct os_ask *ask);
