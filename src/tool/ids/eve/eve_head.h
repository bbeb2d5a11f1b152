/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all EVE records begin with, and where their lines go.
 * Not for: what each kind of record says (eve/, detect/). */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/str.h"
#include "core/text/json.h"
#include "tool/ids/ids_packet.h"

/* Who takes finished lines (without newline).  One a thread, or locked by its owner. */
struct eve_sink {
    void (*line)(void *ctx, const char *text, size_t len);
    void *ctx;
};

/* One record in the making: begin, add members to .json, end. */
struct eve_record {
    struct str text;
    struct json_out json;
};

struct eve_settings;

enum eve_direction {
    EVE_AS_PACKET, /* source and destination of the packet */
    EVE_AS_FLOW,   /* source is who began the flow */
    EVE_TO_SERVER, /* of a transaction's record: client first */
    EVE_TO_CLIENT,
};

/* {"timestamp", "flow_id", "pcap_cnt", "event_type", "vlan", "src_ip", "src_port", "dest_ip",
 * "dest_port", "proto", "ip_v", "pkt_src", "ether", "community_id" ... as the settings ask.
 * `p` may be NULL for records of a flow (then `f` is not). */
void eve_begin(struct eve_record *r, const struct eve_settings *s, const char *event_type,
               const struct ids_packet *p, const struct flow *f, enum eve_direction direction,
               uint64_t wall_ns);
void eve_end(struct eve_record *r, const struct eve_sink *sink); /* closes and hands on the line */
/* "app_proto" and its kin, "flow": {...} of alert records (counters, start, ends). */
void eve_app_proto(struct json_out *json, const struct flow *f);
void eve_flow_brief(struct json_out *json, const struct flow *f);
