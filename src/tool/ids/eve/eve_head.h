/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all EVE records begin with, and where their lines go.
 * Not for: what each kind of record says (eve/, detect/). */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/str.h"
#include "core/text/json.h"
#include "tool/ids/ids_packet.h"
#include "tool/ids/inspect/inspect.h"

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

enum { /* kinds of records that are not of a protocol; struct eve_settings.kinds */
       EVE_ALERT = 1 << 0,
       EVE_ANOMALY = 1 << 1,
       EVE_FLOW = 1 << 2,
       EVE_NETFLOW = 1 << 3,
       EVE_STATS = 1 << 4,
       EVE_FILES = 1 << 5,
       EVE_DROP = 1 << 6,
       EVE_FRAME = 1 << 7,
       EVE_METADATA = 1 << 8,
       EVE_ARP = 1 << 9,
       EVE_STREAM_TCP = 1 << 10,
};

struct eve_settings {
    uint32_t kinds;                     /* EVE_ALERT ... */
    bool protocol[INSPECT_PROTO_COUNT]; /* records of transactions */
    bool ether, community_id;
    uint16_t community_seed;
    bool anomaly_decode, anomaly_stream, anomaly_applayer, anomaly_packethdr;
    bool stats_zero; /* counters that are 0, too */
    bool force_hash_log;
    const char *sensor; /* "host" */
};
extern const struct eve_settings eve_settings_default;

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
/* "EN10MB": a link type by libpcap's name. */
const char *eve_link_name(uint32_t link);
/* Bytes as a text: UTF-8 as it is; when it is none, bytes above 127 become "\\xNN". */
void eve_bytes(struct json_out *json, const char *key, const void *data, size_t len);
/* Lower-case hex. */
void eve_hex(struct json_out *json, const char *key, const void *data, size_t len);
/* "2024-01-31T12:00:00.000001+0000" */
void eve_time(struct json_out *json, const char *key, uint64_t wall_ns);
/* IPv6 in full: eight groups of four digits. */
const char *eve_addr_text(const struct addr *a, char to[ADDR_TEXT_MAX]);
void eve_addr(struct json_out *json, const char *key, const struct addr *a);
/* TCP, UDP, ... or the number */
void eve_proto(struct json_out *json, uint8_t proto);
/* "app_proto" and its kin, "flow": {...} of alert records (counters, start, ends). */
void eve_app_proto(struct json_out *json, const struct flow *f);
void eve_flow_brief(struct json_out *json, const struct flow *f);
