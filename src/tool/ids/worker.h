/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of pipeline.h, for its own files only. */
#pragma once

#include "tool/ids/eve/eve_flow.h"
#include "tool/ids/eve/eve_log.h"
#include "tool/ids/pipeline.h"
#include "wire/packet/defrag.h"

enum { IDS_LEVEL_MAX = 16 };

struct ids_counts {
    uint64_t pkts, bytes, invalid, max_size;
    uint64_t kind[PACKET_KINDS];
    uint64_t event[PACKET_EVENT_COUNT];
    uint64_t vlan_qinq, vlan_three, teredo, vxlan, geneve, raw, chdlc, unknown_ethertype,
        ip4_in_ip4, ip6_in_ip4, ip4_in_ip6, ip6_in_ip6;
    uint64_t accepted, blocked, rejected;
    uint64_t drop_reason[IDS_DROP_REASONS];
    uint64_t policy[8][IDS_POLICIES]; /* enum ids_policy_target */
    uint64_t bypassed_packets, bypassed_bytes, bypassed_flows;
    uint64_t fragments4, fragments6, rebuilt4, rebuilt6;
    uint64_t bad_sums;
};

struct ids_worker {
    const struct ids_settings *settings;
    struct detect_thread *detect;
    struct eve_sink sink;
    struct eve_record record;
    struct flow_table *flows;
    struct stream_engine *streams;
    struct defrag *defrag;
    struct inspect_thread inspect;
    struct ids_counts count;
    uint64_t first_ns, last_ns;
    uint64_t frame_number;
    uint64_t flow_seq;
    const struct ids_frame *frame;
    struct ids_packet *packet; /* the one being worked on */
    uint32_t sums_seen, sums_bad;
    bool ignore_sums; /* the capture was made before the card filled them in */
};

/* level.c: one level of a frame: a frame, or what a tunnel in it carries. */
struct ids_level {
    const uint8_t *data;
    uint32_t len;
    enum packet_link link;
    const char *source;
    uint32_t flag;
    uint8_t depth;
    const struct ids_packet *outer;
};
unsigned ids_level(struct ids_worker *w, const struct ids_level *level);

/* packet_path.c */
void ids_packet_process(struct ids_worker *w, struct ids_packet *p);
void ids_flow_end(void *ctx, struct flow *f);
struct stream_used ids_stream_data(void *ctx, struct flow *f, enum flow_side side,
                                   const struct stream_chunk *chunk);

/* policy.c */
enum ids_policy_target {
    IDS_TARGET_MIDSTREAM,
    IDS_TARGET_REASSEMBLY,
    IDS_TARGET_SESSION,
    IDS_TARGET_FLOW,
    IDS_TARGET_DEFRAG,
    IDS_TARGET_APP_ERROR,
    IDS_TARGETS,
};
const char *ids_target_name(enum ids_policy_target target);    /* "stream_midstream" */
const char *ids_target_counter(enum ids_policy_target target); /* "tcp.midstream" */
const char *ids_policy_counter(enum ids_policy policy);        /* "drop_flow" */
void ids_policy_apply(struct ids_worker *w, struct ids_packet *p, enum ids_policy_target target,
                      enum ids_policy policy, enum ids_drop_reason reason);
