/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the layers of one frame lie.  Decoding allocates nothing, copies nothing and keeps nothing:
 * struct packet is a small descriptor beside the frame, which stays in its ring.  The heads
 * themselves are read by the layers (wire/packet/layer), each from the place noted here.
 * Not for: reassembly of fragments, streams, tunnels other than IP in IP. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/bytes.h"
#include "core/base/counter.h"
#include "core/net/addr.h"

/* What a frame begins with. */
enum packet_link {
    PACKET_LINK_ETHERNET, /* DLT_EN10MB */
    PACKET_LINK_RAW_IP,   /* an IPv4 or IPv6 head at once: tun, PPP, a reassembled datagram */
    PACKET_LINK_SLL,      /* LINUX_SLL, the cooked head of "any" captures, 16 bytes */
    PACKET_LINK_SLL2,     /* LINUX_SLL2, 20 bytes */
    PACKET_LINK_NULL,     /* BSD loopback: address family in the byte order of the machine */
    PACKET_LINK_PPP,      /* RFC 1662, with or without address and control */
    PACKET_LINK_CHDLC,    /* Cisco HDLC */
    PACKET_LINK_VLAN,     /* a tag without an Ethernet head: inside tunnels */
    PACKET_LINK_ERSPAN1,  /* Cisco's mirrored frames: version 0, without a head */
    PACKET_LINK_ERSPAN2,  /* version 1, 8 bytes */
    PACKET_LINK_COUNT,
};

enum packet_kind {
    PACKET_NONE,
    PACKET_ETH,
    PACKET_SLL,
    PACKET_SLL2,
    PACKET_NULL,
    PACKET_PPP,
    PACKET_PPPOE,
    PACKET_CHDLC,
    PACKET_VLAN,
    PACKET_AH1, /* IEEE 802.1AH, MAC in MAC */
    PACKET_VNTAG,
    PACKET_ETAG,
    PACKET_MPLS,
    PACKET_NSH,
    PACKET_ERSPAN,
    PACKET_GRE,
    PACKET_ARP,
    PACKET_IP4,
    PACKET_IP6,
    PACKET_TCP,
    PACKET_UDP,
    PACKET_ICMP4,
    PACKET_ICMP6,
    PACKET_SCTP,
    PACKET_IGMP,
    PACKET_ESP,
    PACKET_KINDS,
};

enum packet_verdict {
#define VERDICT(upper, lower, doc) PACKET_##upper,
#include "wire/packet/verdict.def"
#undef VERDICT
    PACKET_VERDICT_COUNT,
};

enum {                             /* struct packet.flag */
       PACKET_FLAG_FRAGMENT = 1,   /* a piece of a datagram: payload is the piece, transport NONE */
       PACKET_FLAG_CUT = 2,        /* the heads promise more bytes than the frame holds */
       PACKET_FLAG_QUOTED = 4,     /* read out of an ICMP error: the payload may be a stump */
       PACKET_FLAG_IP_OPTIONS = 8, /* IPv4 options or IPv6 extension headers are there */
       PACKET_FLAG_VLAN = 16,      /* at least one tag in the frame */
       PACKET_FLAG_TUNNEL = 32,    /* IP in IP: net_at is the innermost */
};

enum {
    PACKET_LAYER_MAX = 16,
    PACKET_VLAN_MAX = 3,
};

struct packet_layer {
    uint8_t kind; /* enum packet_kind */
    uint16_t at;  /* offset of its head in the frame */
};

struct packet {
    const uint8_t *frame; /* the owner's */
    uint32_t len;         /* bytes captured */
    uint32_t payload_len; /* bytes captured behind the last head, without padding of the link */
    uint16_t payload_at;
    uint16_t net_at;             /* head of the innermost ARP, IPv4 or IPv6 */
    uint16_t transport_at;       /* head of TCP, UDP, ICMP or SCTP */
    uint16_t src_port, dst_port; /* TCP, UDP and SCTP, host order */
    uint8_t net;                 /* PACKET_ARP, PACKET_IP4, PACKET_IP6 or PACKET_NONE */
    uint8_t transport;           /* PACKET_TCP .. PACKET_SCTP, or NONE */
    uint8_t ip_proto;            /* IP protocol number behind net and its extension headers */
    uint8_t tcp_flags;           /* TCP_FIN ... TCP_CWR of layer/tcp.h */
    uint8_t icmp_type, icmp_code;
    uint8_t flag; /* PACKET_FLAG_* */
    uint8_t layer_count;
    uint8_t vlan_count;
    uint8_t inner_link; /* enum packet_link of what a tunnel carries, when inner_at is not 0 */
    uint16_t inner_at;  /* packet_decode_level: where the carried frame begins */
    uint16_t vlan[PACKET_VLAN_MAX];              /* VLAN numbers, outermost first */
    uint32_t spi;                                /* ESP */
    struct packet_layer layer[PACKET_LAYER_MAX]; /* outermost first */
};

/* Read the heads of `frame`, which must live as long as *out is used.  A fault leaves the layers
 * before it in *out, so that the event about it can name addresses; fields behind it are zero. */
enum packet_verdict packet_decode(struct packet *out, const void *frame, size_t len,
                                  enum packet_link link);

/* The same for a watcher: the walk ends where a tunnel begins (IP in IP, GRE, ERSPAN), which stands
 * in inner_at and inner_link, so that each level is a packet of its own; a datagram that is cut is
 * not read beyond its IP head; and what is odd is told in *events. */
struct event_list;
enum packet_verdict packet_decode_level(struct packet *out, const void *frame, size_t len,
                                        enum packet_link link, struct event_list *events);

/* Read the datagram that an ICMP or ICMPv6 error quotes (RFC 792, RFC 4443 2.4).  Offsets in *out
 * are in the same frame.  Eight bytes of the transport head are enough: what lies behind them is
 * zero, PACKET_FLAG_QUOTED is set, and PACKET_FLAG_CUT where the stump ends early.
 * PACKET_NOT_QUOTED when `error` is no ICMP error. */
enum packet_verdict packet_decode_quoted(struct packet *out, const struct packet *error);

bool packet_is_icmp_error(const struct packet *p);

/* Source and destination of the innermost IPv4 or IPv6 head (of the message, for ARP);
 * ADDR_NONE where there is none. */
struct addr packet_src(const struct packet *p);
struct addr packet_dst(const struct packet *p);

static inline struct bytes_in packet_payload(const struct packet *p)
{
    return bytes_in_of(p->frame + p->payload_at, p->payload_len);
}

/* From the transport head to the end of the datagram, for the decoders of layer/. */
static inline struct bytes_in packet_transport(const struct packet *p)
{
    return bytes_in_of(p->frame + p->transport_at,
                       (size_t)(p->payload_at - p->transport_at) + p->payload_len);
}

/* From the innermost network head to the end of the datagram. */
static inline struct bytes_in packet_net(const struct packet *p)
{
    return bytes_in_of(p->frame + p->net_at, (size_t)(p->payload_at - p->net_at) + p->payload_len);
}

enum packet_sum {
    PACKET_SUM_GOOD,
    PACKET_SUM_BAD_NET,       /* of the innermost IPv4 head */
    PACKET_SUM_BAD_TRANSPORT, /* of TCP, UDP, ICMP, ICMPv6 or SCTP */
    PACKET_SUM_UNKNOWN,       /* nothing to check, a piece, a stump, or UDP over IPv4 without one */
};

/* Check the checksums of a decoded packet.  A frame of this machine's own that was captured before
 * the card filled them in is bad by this: the capture says so (capture_frame.sum_unset). */
enum packet_sum packet_sum_check(const struct packet *p);

extern const struct counter packet_counter[PACKET_VERDICT_COUNT];

/* Count a verdict in one thread's values, in the order of packet_counter. */
static inline void packet_count(uint64_t value[PACKET_VERDICT_COUNT], enum packet_verdict verdict)
{
    counter_add(&value[verdict], 1);
}
