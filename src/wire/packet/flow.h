/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Flows: the packets of both directions between two ends, with what later stages keep about them.
 * A table of fixed size: the flows lie in one array, are found by a keyed hash of their ends, and
 * leave it by time-out, by the end of the input or because the table is full (then those that
 * proved least go first).  One table belongs to one thread.  Time is that of the packets.
 * Not for: what TCP says (stream.h), what the bytes mean (tool/ids/inspect). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/hash.h"
#include "core/net/addr.h"
#include "wire/packet/packet.h"

struct stream;

/* A side is a direction: FLOW_TO_SERVER packets are sent by the end that began. */
enum flow_side { FLOW_TO_SERVER, FLOW_TO_CLIENT, FLOW_SIDES };

enum flow_state {
    FLOW_NEW,         /* packets of one side only, or TCP before its handshake ended */
    FLOW_ESTABLISHED, /* both sides spoke; TCP: handshake done (or picked up midstream) */
    FLOW_CLOSED,      /* TCP: both FINs or an RST */
    FLOW_BYPASSED,    /* counted, no longer looked at */
};

enum flow_end { /* why a flow left the table */
                FLOW_END_NOT,
                FLOW_END_TIMEOUT,
                FLOW_END_FORCED,   /* the table was full, or the ends were taken again */
                FLOW_END_SHUTDOWN, /* the input ended */
                FLOW_END_REUSE,    /* TCP: a SYN began anew between the same ends */
};

enum {                            /* struct flow.flag */
       FLOW_NO_PAYLOAD = 1 << 0,  /* rules need not look into payload any more */
       FLOW_NO_PACKET = 1 << 1,   /* nor at packets at all */
       FLOW_DROP = 1 << 2,        /* every further packet is dropped (set by a verdict) */
       FLOW_PASS = 1 << 3,        /* a pass rule covers the whole flow */
       FLOW_ALERTED = 1 << 4,     /* a rule has alerted on it (flow.alerted) */
       FLOW_REJECTED = 1 << 5,    /* flow.action */
       FLOW_SEEN_SERVER = 1 << 6, /* packets to the server were seen; the next for the client */
       FLOW_SEEN_CLIENT = 1 << 7,
       FLOW_REVERSED = 1 << 8, /* sides were swapped when the first SYN+ACK or banner told so */
       FLOW_APP_DONE = 1 << 9, /* no application layer looks at it any more */
       FLOW_ELEPHANT = 1 << 10,
       FLOW_STORE_FILES = 1 << 11, /* a rule wants all files of the flow stored */
       FLOW_NO_LOG = 1 << 12,      /* a rule wants nothing of the flow logged */
};

enum { FLOW_VLAN_MAX = 3 };

struct flow {
    /* the ends; [FLOW_TO_SERVER] is the end that began (whose packets go to the server) */
    uint8_t ip[2][16];  /* network order; IPv4 in the first four bytes */
    uint16_t port[2];   /* TCP, UDP, SCTP; ICMP: type and code of the first packet */
    uint8_t family;     /* ADDR_IP4 or ADDR_IP6 */
    uint8_t proto;      /* IP protocol number */
    uint8_t state;      /* enum flow_state */
    uint8_t want_state; /* what stream.c found; the pipeline sets it with flow_set_state */
    uint8_t vlan_count;
    uint16_t vlan[FLOW_VLAN_MAX];
    uint16_t live; /* 0 while the slot is free */
    uint32_t flag; /* FLOW_... */
    uint32_t spi;  /* ESP */

    uint64_t first_ns, last_ns; /* wall clock of the first and the last packet */
    uint64_t packets[FLOW_SIDES], bytes[FLOW_SIDES]; /* frames, with their link heads */

    struct stream *stream; /* TCP: wire/packet/stream.h; else NULL */

    /* application protocol as each side's bytes told it, and of the flow (tool/ids/inspect's
     * numbers; 0: not known yet) */
    uint8_t app_side[FLOW_SIDES], app, app_before; /* app_before: before a change of protocol */
    uint8_t ttl_min[FLOW_SIDES], ttl_max[FLOW_SIDES];
    uint8_t icmp_type[FLOW_SIDES], icmp_code[FLOW_SIDES]; /* of the latest message each way */
    uint8_t mac[2][6];                                    /* of the first packet's frame */
    bool has_mac;

    void *inspect; /* application state: owned by tool/ids/inspect */
    void *detect;  /* bits and variables of rules: owned by the detection engine, which frees it
                      when detect_flow_end is called */
    void *owner;   /* what the pipeline keeps of the flow for its own records */

    uint64_t id; /* the flow_id of records: the same on every run over the same capture */
    uint32_t index, hash, next_in_bucket, older, newer; /* the table's */
    uint8_t queue, end;
};

/* What finds a flow. */
struct flow_key {
    struct addr src, dst;
    uint16_t src_port, dst_port;
    uint8_t proto, vlan_count;
    uint16_t vlan[FLOW_VLAN_MAX];
    uint32_t spi;
};

struct addr flow_addr(const struct flow *f, enum flow_side from); /* who sends in this direction */
static inline struct addr flow_client(const struct flow *f)
{
    return flow_addr(f, FLOW_TO_SERVER);
}
static inline struct addr flow_server(const struct flow *f)
{
    return flow_addr(f, FLOW_TO_CLIENT);
}

/* Seconds without a packet after which a flow of this kind and state goes. */
struct flow_timeout {
    uint32_t fresh_s, established_s, closed_s, bypassed_s;
};

/* The defaults of Suricata's manual: tcp 60/600/60/100, udp 30/300/-/100, icmp 30/300, other
 * 30/300. */
extern const struct flow_timeout flow_timeout_tcp, flow_timeout_udp, flow_timeout_icmp,
    flow_timeout_other;

struct flow_config {
    uint32_t count_max; /* flows held at once */
    struct flow_timeout tcp, udp, icmp, other;
    bool vlan_matters; /* the same ends in another VLAN are another flow (default) */
    struct hash_key secret;
};

enum flow_counter {
    FLOW_COUNT_TOTAL,
    FLOW_COUNT_TCP,
    FLOW_COUNT_UDP,
    FLOW_COUNT_ICMP4,
    FLOW_COUNT_ICMP6,
    FLOW_COUNT_TIMED_OUT,
    FLOW_COUNT_FORCED,
    FLOW_COUNT_REUSED,
    FLOW_COUNTERS,
};
extern const struct counter flow_counter[FLOW_COUNTERS];

struct flow_table;

/* Called for each flow just before its slot is freed; `f->end` says why. */
typedef void flow_end_fn(void *ctx, struct flow *f);

struct flow_table *flow_table_new(const struct flow_config *config, flow_end_fn *end, void *ctx);
void flow_table_free(struct flow_table *t); /* all flows end with FLOW_END_SHUTDOWN first */

/* The flow of a packet, made if it is not there; *out_side is the packet's direction.  Its
 * counters are not touched (flow_count does).  NULL for what has no flow (ARP, fragments). */
struct flow *flow_table_get(struct flow_table *t, const struct flow_key *key, uint64_t wall_ns,
                            enum flow_side *out_side);
struct flow *flow_table_find(struct flow_table *t, const struct flow_key *key,
                             enum flow_side *out_side); /* NULL: not there */

/* Count the packet and move the flow to the young end of its queue. */
void flow_count(struct flow_table *t, struct flow *f, enum flow_side side, uint32_t frame_len,
                uint64_t wall_ns);
void flow_set_state(struct flow_table *t, struct flow *f, enum flow_state state);
void flow_swap_sides(struct flow *f); /* the other end began */

/* End one flow now; and all whose time is over at `wall_ns` (at most `most` of them). */
void flow_table_end(struct flow_table *t, struct flow *f, enum flow_end why);
size_t flow_table_expire(struct flow_table *t, uint64_t wall_ns, size_t most);
void flow_table_end_all(struct flow_table *t, enum flow_end why);

size_t flow_table_count(const struct flow_table *t);
uint64_t *flow_table_counters(struct flow_table *t); /* FLOW_COUNTERS of them */
