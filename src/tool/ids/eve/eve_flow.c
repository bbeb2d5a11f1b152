/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/eve/eve_flow.h"

#include "core/base/clock.h"
#include "tool/ids/detect/detect.h"
#include "tool/ids/inspect/inspect_private.h"
#include "wire/packet/layer/number.h"
#include "wire/packet/layer/tcp.h"

static const char *state_name(const struct flow *f)
{
    static const char *const name[] = {"new", "established", "closed", "bypassed"};
    return name[f->state];
}

static const char *reason_name(const struct flow *f)
{
    switch (f->end) {
    case FLOW_END_FORCED:
        return "forced";
    case FLOW_END_SHUTDOWN:
        return "shutdown";
    case FLOW_END_REUSE:
        return "tcp_reuse";
    default:
        return "timeout";
    }
}

static void put_hex(struct json_out *json, const char *key, uint8_t flags)
{
    static const char hex[] = "0123456789abcdef";
    char text[2] = {hex[flags >> 4], hex[flags & 0xf]};
    json_text_len(json, key, text, sizeof text);
}

static void put_flag_names(struct json_out *json, uint8_t flags)
{
    static const struct {
        uint8_t bit;
        const char *name;
    } flag[] = {
        {TCP_SYN, "syn"}, {TCP_FIN, "fin"}, {TCP_RST, "rst"}, {TCP_PSH, "psh"},
        {TCP_ACK, "ack"}, {TCP_URG, "urg"}, {TCP_ECE, "ecn"}, {TCP_CWR, "cwr"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(flag); i++)
        if (flags & flag[i].bit)
            json_bool(json, flag[i].name, true);
}

static void put_tcp(struct json_out *json, const struct stream *s)
{
    uint8_t client = s ? stream_flags(s, FLOW_TO_SERVER) : 0;
    uint8_t server = s ? stream_flags(s, FLOW_TO_CLIENT) : 0;
    json_object(json, "tcp");
    put_hex(json, "tcp_flags", client | server);
    put_hex(json, "tcp_flags_ts", client);
    put_hex(json, "tcp_flags_tc", server);
    put_flag_names(json, client | server);
    json_text(json, "state", stream_state_name(stream_state(s)));
    if (s) {
        json_u64(json, "ts_max_regions", stream_regions(s, FLOW_TO_SERVER));
        json_u64(json, "tc_max_regions", stream_regions(s, FLOW_TO_CLIENT));
    }
    json_end(json);
}

static void put_notes(struct json_out *json, const struct eve_flow_note *note)
{
    if (!note || !note->count)
        return;
    json_array(json, "exception_policy");
    for (uint8_t i = 0; i < note->count; i++) {
        json_object(json, NULL);
        json_text(json, "target", note->policy[i].target);
        json_text(json, "policy", note->policy[i].policy);
        json_end(json);
    }
    json_end(json);
}

static uint64_t age_s(const struct flow *f)
{
    return f->last_ns / NS_PER_S - f->first_ns / NS_PER_S;
}

static void put_action(struct json_out *json, const struct flow *f)
{
    if (f->flag & FLOW_REJECTED)
        json_text(json, "action", "drop");
    else if (f->flag & FLOW_DROP)
        json_text(json, "action", "drop");
    else if (f->flag & FLOW_PASS)
        json_text(json, "action", "pass");
}

void eve_flow(struct eve_record *r, const struct eve_settings *s, const struct eve_sink *sink,
              const struct flow *f, struct detect_thread *detect)
{
    struct json_out *json = &r->json;
    const struct inspect_flow *inspect = inspect_of(f);
    eve_begin(r, s, "flow", NULL, f, EVE_AS_FLOW, f->last_ns);
    eve_app_proto(json, f);
    json_object(json, "flow");
    json_u64(json, "pkts_toserver", f->packets[FLOW_TO_SERVER]);
    json_u64(json, "pkts_toclient", f->packets[FLOW_TO_CLIENT]);
    json_u64(json, "bytes_toserver", f->bytes[FLOW_TO_SERVER]);
    json_u64(json, "bytes_toclient", f->bytes[FLOW_TO_CLIENT]);
    eve_time(json, "start", f->first_ns);
    eve_time(json, "end", f->last_ns);
    json_u64(json, "age", age_s(f));
    json_text(json, "state", state_name(f));
    json_text(json, "reason", reason_name(f));
    json_bool(json, "alerted", f->flag & FLOW_ALERTED);
    if (inspect && inspect->next_id)
        json_u64(json, "tx_cnt", inspect->next_id);
    put_action(json, f);
    put_notes(json, f->owner);
    json_end(json);
    if (f->proto == IP_PROTO_TCP)
        put_tcp(json, f->stream);
    if (detect)
        detect_eve_metadata(detect, f, json);
    eve_end(r, sink);
}

static void netflow_side(struct eve_record *r, const struct eve_settings *s,
                         const struct eve_sink *sink, const struct flow *f, enum flow_side side)
{
    struct json_out *json = &r->json;
    eve_begin(r, s, "netflow", NULL, f, side == FLOW_TO_SERVER ? EVE_AS_FLOW : EVE_TO_CLIENT,
              f->last_ns);
    eve_app_proto(json, f);
    json_object(json, "netflow");
    json_u64(json, "pkts", f->packets[side]);
    json_u64(json, "bytes", f->bytes[side]);
    eve_time(json, "start", f->first_ns);
    eve_time(json, "end", f->last_ns);
    json_u64(json, "age", age_s(f));
    json_u64(json, "min_ttl", f->ttl_min[side]);
    json_u64(json, "max_ttl", f->ttl_max[side]);
    if (inspect_of(f) && inspect_of(f)->next_id)
        json_u64(json, "tx_cnt", inspect_of(f)->next_id);
    json_end(json);
    if (f->proto == IP_PROTO_TCP) {
        uint8_t flags = f->stream ? stream_flags(f->stream, side) : 0;
        json_object(json, "tcp");
        put_hex(json, "tcp_flags", flags);
        put_flag_names(json, flags);
        json_end(json);
    }
    eve_end(r, sink);
}

void eve_netflow(struct eve_record *r, const struct eve_settings *s, const struct eve_sink *sink,
                 const struct flow *f)
{
    netflow_side(r, s, sink, f, FLOW_TO_SERVER);
    if (f->packets[FLOW_TO_CLIENT])
        netflow_side(r, s, sink, f, FLOW_TO_CLIENT);
}
