/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the user wants our frames to look, whatever is asked by them (nmap(1), FIREWALL/IDS EVASION
 * AND SPOOFING).  Zero is: as usual. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/net/addr.h"
#include "core/net/mac.h"
#include "hub/model/scan_report.h"
#include "tool/scan/data/payload.h"
#include "wire/packet/layer/ip4.h"

enum {
    FRAME_DECOYS_MAX = 128,
    FRAME_DATA_MAX = 1400, /* so that a probe fits a frame */
    FRAME_PIECE_LEN = 8,   /* -f; given twice: twice that */
    FRAME_TTL_USUAL = 64,
};

struct frame_shape {
    uint8_t ttl;         /* --ttl; 0: FRAME_TTL_USUAL */
    const uint8_t *data; /* --data, --data-string, --data-length: behind the transport head */
    size_t data_len;
    const struct payload_set *payloads; /* what UDP probes say where `data` does not; may be NULL */
    uint16_t piece_len;                 /* bytes a fragment holds, a multiple of 8; 0: whole */
    bool bad_sum;                       /* --badsum: of TCP, UDP and SCTP */
    bool adler32;                       /* --adler32 */
    uint8_t option[IP4_OPTION_LEN_MAX]; /* --ip-options */
    uint8_t option_len;
    const struct addr *decoy; /* -D: who else seems to send; in the order of sending */
    size_t decoy_count;
    size_t decoy_self; /* before which of them we send ourselves; decoy_count: last */
    bool spoofs_mac;   /* --spoof-mac */
    struct mac mac;
};

/* What a probe says behind its transport head: one text, or the several that a UDP port may need.
 * Returns how many; at least one, which may be empty. */
size_t frame_shape_data(const struct frame_shape *shape, enum scan_proto proto, uint16_t port,
                        struct bytes_in out[PAYLOAD_PER_PORT_MAX]);
