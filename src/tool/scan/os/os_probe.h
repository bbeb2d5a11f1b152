/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sixteen packets that stacks are told apart by, as the book "Nmap Network Scanning", chapter
 * "Remote OS Detection", gives them.  IPv4. */
#pragma once

#include "core/base/bytes.h"
#include "core/net/addr.h"

enum os_probe {
    OS_PROBE_SEQ, /* six SYNs to the open port, 100 ms apart */
    OS_PROBE_SEQ_LAST = 5,
    OS_PROBE_IE1, /* two ICMP echoes */
    OS_PROBE_IE2,
    OS_PROBE_ECN,
    OS_PROBE_T2, /* three odd segments to the open port, three to the closed one */
    OS_PROBE_T3,
    OS_PROBE_T4,
    OS_PROBE_T5,
    OS_PROBE_T6,
    OS_PROBE_T7,
    OS_PROBE_U1, /* a datagram to a closed UDP port */
    OS_PROBES,
};

enum {
    OS_SEQ_PROBES = 6,
    OS_U1_ID = 0x1042,
    OS_U1_DATA = 300,
    OS_U1_BYTE = 'C',
    OS_U1_TOTAL = 328
};

/* Who is asked, and with which numbers. */
struct os_ask {
    struct addr src, dst;
    uint16_t open_tcp, closed_tcp, closed_udp;
    uint32_t seq, ack;
    uint8_t ttl;
};

/* The whole IP datagram, from our port (or with that ICMP identifier). */
void os_probe_build(const struct os_ask *ask, enum os_probe probe, uint16_t our_port,
                    struct bytes_out *out);

/* Is it sent to the open TCP port? */
static inline bool os_probe_wants_open(enum os_probe probe)
{
    return probe <= OS_PROBE_SEQ_LAST || (probe >= OS_PROBE_ECN && probe <= OS_PROBE_T4);
}
