/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scan technique: one file and one row each.  It says what a probe is and what an answer, or
 * none, means; when to send, how often and how fast is the prober's business, and how the bytes
 * travel the transport's. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/bytes.h"
#include "core/net/mac.h"
#include "hub/model/scan_report.h"
#include "wire/packet/packet.h"

enum scan_way {
    SCAN_WAY_SOCKET, /* ordinary sockets: no rights needed */
    SCAN_WAY_FRAME,  /* frames of our own making: CAP_NET_RAW */
    SCAN_WAY_IDLE,   /* frames in another's name, who is watched */
    SCAN_WAY_BOUNCE, /* through an FTP server */
    SCAN_WAY_COUNT,
};

/* What one answer says about a port. */
struct scan_verdict {
    enum scan_state state;
    struct scan_because because;
};

/* What a frame is made of.  Ports are numbers that come back in the answer: ICMP puts `src_port`
 * into its identifier. */
struct frame_probe {
    struct addr src, dst;
    uint16_t src_port, dst_port;
    uint32_t cookie; /* a keyed hash of addresses and ports: only who got the probe can echo it */
    struct mac src_mac;
    uint8_t proto;     /* of the IP head around it */
    uint8_t tcp_flags; /* the technique's, or those of --scanflags */
    bool adler32;      /* SCTP: the old checksum */
    const void *data;  /* --data and the like: behind the transport head */
    size_t data_len;
};

/* What came back: either `packet` is the answer itself, or it is an ICMP error and `quoted` is our
 * probe inside it.  Addresses and ports were matched before; the rest is the technique's to check.
 */
struct frame_answer {
    const struct packet *packet;
    const struct packet *quoted; /* NULL: no ICMP error */
    uint32_t cookie;             /* of the probe, as are the flags */
    uint8_t tcp_flags;
    enum scan_state on_reset; /* the technique's */
    struct mac *out_mac;      /* the target's, where the answer tells it */
    bool *out_has_mac;
};

struct scan_technique {
    const char *name;   /* "connect": the file and the row */
    const char *option; /* "sT"; NULL: for discovery only */
    const char *type;   /* as nmap.dtd names it: "connect" */
    const char *title;  /* "Connect Scan": what progress lines say */
    const char *doc;    /* one line for --help */
    enum scan_proto proto;
    enum scan_way way;
    enum scan_state silent; /* the state of a port that answers no try */

    /* SCAN_WAY_SOCKET: what a finished connect says; `error` is 0 or a negative errno value,
     * `icmp_type` and `icmp_code` (-1: none) what the error queue of the socket held (ip(7),
     * IP_RECVERR). */
    struct scan_verdict (*judge_socket)(int error, bool ip6, int icmp_type, int icmp_code);

    /* SCAN_WAY_FRAME: the IP protocol number in either family (0 in both: it is no IP, as ARP), or
     * -1 where the family has no such thing. */
    int ip4_proto, ip6_proto;
    uint8_t tcp_flags;        /* of TCP probes (layer/tcp.h) */
    enum scan_state on_reset; /* what a reset means to TCP probes */
    bool by_protocol;         /* the number of its items is an IP protocol, not a port */
    bool asks_link; /* asks the whole link who has the address: needs no MAC, and its answer no
                       number */
    void (*build)(const struct frame_probe *probe,
                  struct bytes_out *out); /* all behind the IP head */
    bool (*judge)(const struct frame_answer *answer,
                  struct scan_verdict *out); /* false: not an answer to us */
};

extern const struct scan_technique
    *const scan_techniques[]; /* in the order of modules.def; ends with NULL */

const struct scan_technique *scan_technique_find(const char *name); /* NULL: no such row */

/* Can it be used against addresses of this family? */
bool scan_technique_fits(const struct scan_technique *t, uint8_t family);
