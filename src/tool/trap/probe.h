/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A probe: one packet, connection or datagram that came to a trapped port, and what its sender was
 * at.  The words are PortSentry's, for scripts that read its log. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/str.h"
#include "core/net/addr.h"
#include "hub/model/severity.h"

enum probe_kind {
    PROBE_CONNECT, /* a whole handshake, or a datagram read from a socket of ours */
    PROBE_SYN,
    PROBE_FIN,
    PROBE_NULL,
    PROBE_XMAS,
    PROBE_ACK,    /* which ports a firewall lets through: ACK alone */
    PROBE_MAIMON, /* FIN and ACK */
    PROBE_ODD,    /* flags that no stack sends to open a connection */
    PROBE_UDP,
    PROBE_SCTP,
    PROBE_KIND_COUNT,
};

struct probe {
    struct endpoint from, to;
    uint64_t mono_ns, wall_ns;
    enum probe_kind kind;
    enum strength strength; /* what it proves about `from` */
    uint8_t ip_proto;
    uint8_t tcp_flags;
    bool ip_options; /* "detection avoidance technique" */
    uint32_t seq;    /* of TCP */
};

/* What TCP flags without a connection mean.  RST and SYN-ACK are answers, not probes: false. */
bool probe_kind_of_flags(uint8_t tcp_flags, enum probe_kind *out);

/* PortSentry reacts to no packet with ACK: these two are told, but never blocked for. */
bool probe_is_quiet(enum probe_kind kind);

const char *probe_kind_name(enum probe_kind kind); /* "syn": in records */

/* "TCP SYN/Normal scan", "UDP scan", "Unknown Type: TCP Packet Flags: SYN: 0 FIN: 1 ..."; for
 * PROBE_CONNECT "Connect". */
void probe_write_words(const struct probe *p, struct str *out);

const char *probe_proto_name(const struct probe *p); /* "TCP", "UDP", "SCTP" */
