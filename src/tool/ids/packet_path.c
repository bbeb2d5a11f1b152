/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way of one decoded packet: its flow, its connection, what its bytes say, what the rules say,
 * and what is told of it. */
#include <string.h>

#include "core/base/mem.h"
#include "tool/ids/worker.h"
#include "wire/packet/layer/icmp4.h"
#include "wire/packet/layer/ip4.h"
#include "wire/packet/layer/ip6.h"
#include "wire/packet/layer/number.h"
#include "wire/packet/layer/tcp.h"

/* ---- the flow ---- */

/* Question and answer of ICMP are one flow. */
static uint8_t icmp_counterpart(uint8_t proto, uint8_t type)
{
    static const uint8_t pair4[][2] = {{8, 0}, {13, 14}, {15, 16}, {17, 18}, {10, 9}};
    static const uint8_t pair6[][2] = {{128, 129}, {133, 134}, {135, 136},
                                       {144, 145}, {139, 140}, {130, 131}};
    const uint8_t(*pair)[2] = proto == IP_PROTO_ICMP ? pair4 : pair6;
    size_t count = proto == IP_PROTO_ICMP ? ARRAY_COUNT(pair4) : ARRAY_COUNT(pair6);
    for (size_t i = 0; i < count; i++) {
        if (pair[i][0] == type)
            return pair[i][1];
        if (pair[i][1] == type)
            return pair[i][0];
    }
    return 0;
}

static bool has_flow(const struct ids_packet *p)
{
    if (p->flag & IDS_INVALID || p->src.family == ADDR_NONE ||
        p->packet->flag & PACKET_FLAG_FRAGMENT)
        return false;
    switch (p->proto) {
    case IP_PROTO_TCP:
        return p->packet->transport == PACKET_TCP;
    case IP_PROTO_UDP:
        return p->packet->transport == PACKET_UDP;
    case IP_PROTO_ICMP:
        return p->packet->transport == PACKET_ICMP4;
    case IP_PROTO_ICMP6: /* neighbour discovery is of the link, no conversation */
        return p->packet->transport == PACKET_ICMP6 &&
               !(p->packet->icmp_type >= 133 && p->packet->icmp_type <= 137);
    default:
        return p->proto == IP_PROTO_SCTP || p->proto == IP_PROTO_ESP || p->proto == 47 ||
               p->packet->inner_at;
    }
}

static struct flow_key key_of(const struct ids_packet *p)
{
    struct flow_key key = {.src = p->src,
                           .dst = p->dst,
                           .src_port = p->src_port,
                           .dst_port = p->dst_port,
                           .proto = p->proto,
                           .vlan_count = p->vlan_count,
                           .spi = p->packet->spi};
    memcpy(key.vlan, p->vlan, sizeof key.vlan);
    if (p->proto == IP_PROTO_ICMP || p->proto == IP_PROTO_ICMP6) {
        key.src_port = p->packet->icmp_type;
        key.dst_port = icmp_counterpart(p->proto, p->packet->icmp_type);
    }
    return key;
}

/* An ICMP error belongs to the flow whose packet it quotes. */
static struct flow *quoted_flow(struct ids_worker *w, struct ids_packet *p)
{
    struct packet quoted;
    enum flow_side side;
    if (!packet_is_icmp_error(p->packet) || packet_decode_quoted(&quoted, p->packet) != PACKET_OK ||
        (quoted.transport != PACKET_TCP && quoted.transport != PACKET_UDP))
        return NULL;
    struct flow_key key = {.src = packet_src(&quoted),
                           .dst = packet_dst(&quoted),
                           .src_port = quoted.src_port,
                           .dst_port = quoted.dst_port,
                           .proto = quoted.ip_proto,
                           .vlan_count = p->vlan_count};
    memcpy(key.vlan, p->vlan, sizeof key.vlan);
    struct flow *f = flow_table_find(w->flows, &key, &side);
    if (f) /* who sent the quoted packet is told */
        p->side = (uint8_t)!side;
    return f;
}

static uint64_t flow_id(uint64_t seq)
{
    uint64_t x = seq * UINT64_C(0x9e3779b97f4a7c15); /* splitmix64's first steps */
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    return (x ^ x >> 27) >> 12; /* JavaScript's numbers hold 53 bits */
}

static void note_ttl(struct flow *f, enum flow_side side, const struct packet *packet)
{
    struct bytes_in in = packet_net(packet);
    const uint8_t *head = in.pos;
    uint8_t ttl = packet->net == PACKET_IP4 ? head[8] : head[7];
    if (f->packets[side] == 0) {
        f->ttl_min[side] = f->ttl_max[side] = ttl;
        return;
    }
    f->ttl_min[side] = ttl < f->ttl_min[side] ? ttl : f->ttl_min[side];
    f->ttl_max[side] = ttl > f->ttl_max[side] ? ttl : f->ttl_max[side];
}

static void note_first(struct ids_worker *w, struct flow *f, const struct ids_packet *p)
{
    const struct packet *packet = p->packet;
    f->id = flow_id(++w->flow_seq);
    f->icmp_type[0] = packet->icmp_type;
    f->icmp_code[0] = packet->icmp_code;
    if (packet->layer_count && packet->layer[0].kind == PACKET_ETH) {
        const uint8_t *head = packet->frame + packet->layer[0].at;
        memcpy(f->mac[FLOW_TO_CLIENT], head, 6);
        memcpy(f->mac[FLOW_TO_SERVER], head + 6, 6);
        f->has_mac = true;
    }
}

static bool is_established(const struct flow *f)
{
    return f->state == FLOW_ESTABLISHED ||
           (f->stream && stream_state(f->stream) >= STREAM_ESTABLISHED);
}

static void note_direction(struct ids_worker *w, struct ids_packet *p)
{
    struct flow *f = p->flow;
    f->flag |= p->side == FLOW_TO_SERVER ? FLOW_SEEN_SERVER : FLOW_SEEN_CLIENT;
    if (is_established(f)) {
        p->flag |= IDS_ESTABLISHED;
    } else if (f->proto != IP_PROTO_TCP && (f->flag & (FLOW_SEEN_SERVER | FLOW_SEEN_CLIENT)) ==
                                               (FLOW_SEEN_SERVER | FLOW_SEEN_CLIENT)) {
        p->flag |= IDS_ESTABLISHED;
        if (f->state == FLOW_NEW)
            flow_set_state(w->flows, f, FLOW_ESTABLISHED);
    }
    if (p->side == FLOW_TO_CLIENT && f->proto != IP_PROTO_TCP &&
        (f->proto == IP_PROTO_ICMP || f->proto == IP_PROTO_ICMP6)) {
        f->icmp_type[1] = p->packet->icmp_type;
        f->icmp_code[1] = p->packet->icmp_code;
    }
}

static void find_flow(struct ids_worker *w, struct ids_packet *p)
{
    enum flow_side side = FLOW_TO_SERVER;
    struct flow *f = quoted_flow(w, p);
    if (f)
        side = (enum flow_side)p->side;
    if (!f && !has_flow(p))
        return;
    struct flow_key key = key_of(p);
    if (!f)
        f = flow_table_get(w->flows, &key, p->wall_ns, &side);
    if (f->stream && p->packet->transport == PACKET_TCP &&
        stream_is_reused(f->stream, p->packet, side)) {
        flow_table_end(w->flows, f, FLOW_END_REUSE);
        f = flow_table_get(w->flows, &key, p->wall_ns, &side);
    }
    p->flow = f;
    p->side = (uint8_t)side;
    if (f->packets[0] + f->packets[1] == 0) {
        note_first(w, f, p);
        p->flag |= IDS_FIRST_OF_FLOW;
    }
    note_ttl(f, side, p->packet);
    flow_count(w->flows, f, side, p->frame_len, p->wall_ns);
    note_direction(w, p);
}

/* ---- checksums ---- */

static void check_sums(struct ids_worker *w, struct ids_packet *p)
{
    if (w->settings->checksums == IDS_SUMS_NONE || w->ignore_sums || p->flag & IDS_REBUILT)
        return;
    enum packet_sum sum = packet_sum_check(p->packet);
    if (sum == PACKET_SUM_BAD_NET || sum == PACKET_SUM_BAD_TRANSPORT) {
        p->flag |= IDS_BAD_SUM;
        w->count.bad_sums++;
    }
}

/* ---- TCP and what its bytes say ---- */

struct stream_used ids_stream_data(void *ctx, struct flow *f, enum flow_side side,
                                   const struct stream_chunk *chunk)
{
    struct ids_worker *w = ctx;
    return inspect_take(&w->inspect, f, side, chunk);
}

static void midstream(struct ids_worker *w, struct ids_packet *p)
{
    enum ids_policy policy = w->settings->midstream_policy;
    bool picked_up = p->flow->stream && stream_is_midstream(p->flow->stream);
    if (p->flow->stream && !picked_up)
        return;
    if (policy == IDS_POLICY_AUTO)
        return;
    ids_policy_apply(w, p, IDS_TARGET_MIDSTREAM, policy, IDS_DROP_STREAM_MIDSTREAM);
}

static void follow(struct ids_worker *w, struct ids_packet *p)
{
    struct flow *f = p->flow;
    struct stream_packet sp = {.packet = p->packet,
                               .flow = f,
                               .side = (enum flow_side)p->side,
                               .wall_ns = p->wall_ns,
                               .events = &p->event};
    bool had_stream = f->stream != NULL;
    uint8_t events = p->event.count;
    f->want_state = f->state;
    enum stream_verdict verdict = stream_take(w->streams, &sp);
    p->side = (uint8_t)sp.side;
    for (; events < p->event.count; events++)
        w->count.event[p->event.id[events]]++;
    if (f->state != FLOW_BYPASSED && f->want_state > f->state)
        flow_set_state(w->flows, f, (enum flow_state)f->want_state);
    if (verdict == STREAM_TAKEN)
        p->flag |= IDS_STREAM_PART;
    if (!had_stream && !(p->packet->tcp_flags & TCP_RST) &&
        (verdict == STREAM_UNTRACKED || (f->stream && stream_is_midstream(f->stream))))
        midstream(w, p);
    if (f->stream && stream_state(f->stream) == STREAM_ESTABLISHED && p->packet->payload_len)
        p->flag |= IDS_ESTABLISHED;
    if (!w->settings->is_inline)
        return;
    if (verdict == STREAM_INVALID && w->settings->drop_invalid)
        ids_packet_drop(p, IDS_DROP_STREAM_ERROR);
    else if (verdict == STREAM_URGENT)
        ids_packet_drop(p, IDS_DROP_STREAM_URGENT);
    else if (verdict == STREAM_FULL)
        ids_policy_apply(w, p, IDS_TARGET_REASSEMBLY, w->settings->reassembly_policy,
                         IDS_DROP_STREAM_REASSEMBLY);
}

static void bypass_wanted(struct ids_worker *w, struct ids_packet *p)
{
    struct inspect_flow *i = inspect_of(p->flow);
    if (!i || !i->wants_bypass || p->flow->state == FLOW_BYPASSED)
        return;
    flow_set_state(w->flows, p->flow, FLOW_BYPASSED);
    w->count.bypassed_flows++;
}

static void app_error(struct ids_worker *w, struct ids_packet *p)
{
    struct inspect_flow *i = inspect_of(p->flow);
    if (!i || !i->is_failed || i->error_told || !i->has_error)
        return;
    i->error_told = true;
    ids_policy_apply(w, p, IDS_TARGET_APP_ERROR, w->settings->app_error_policy,
                     IDS_DROP_APPLAYER_ERROR);
}

/* ---- raw bytes for rules ---- */

static void raw_inline(struct ids_worker *w, struct ids_packet *p)
{
    const struct stream *s = p->flow->stream;
    enum flow_side side = (enum flow_side)p->side;
    struct bytes_in in = packet_transport(p->packet);
    struct tcp_head head;
    uint64_t progress = 0;
    struct stream_view *v = &p->raw[0];
    if (!(p->flag & IDS_STREAM_PART) || !tcp_decode(&in, &head))
        return;
    uint64_t at = stream_place(s, side, head.seq + (head.flags & TCP_SYN ? 1 : 0));
    progress = at;
    if (!stream_raw_next(s, side, &progress, v) || v->at > at) {
        *v = (struct stream_view){.data = p->packet->frame + p->packet->payload_at,
                                  .len = p->packet->payload_len,
                                  .fresh = p->packet->payload_len,
                                  .at = at};
    } else {
        uint32_t chunk = w->settings->stream.raw_chunk[side], len = p->packet->payload_len;
        if (chunk / 3 * 2 < len)
            chunk = len + chunk / 3;
        uint64_t end = at + len;
        uint64_t view_end = v->at + v->len;
        if (view_end > end) /* what lies behind was not let through yet */
            view_end = end;
        v->len = (uint32_t)(view_end - v->at);
        if (v->len > chunk) {
            v->data += v->len - chunk;
            v->at += v->len - chunk;
            v->len = chunk;
        }
        v->fresh = len < v->len ? len : v->len;
    }
    p->raw_count = 1;
}

static void collect_raw(struct ids_worker *w, struct ids_packet *p)
{
    struct stream *s = p->flow->stream;
    enum flow_side side = (enum flow_side)p->side;
    if (!s || !w->detect)
        return;
    if (w->settings->is_inline && !(p->flag & IDS_PSEUDO)) {
        raw_inline(w, p);
        return;
    }
    uint64_t progress = stream_raw_progress(s, side), acked = stream_acked(s, side);
    bool all = p->flag & IDS_PSEUDO;
    bool many = acked > progress && acked - progress >= w->settings->stream.raw_chunk[side];
    if (!all && !many && !stream_raw_is_ready(s, side))
        return;
    while (p->raw_count < IDS_RAW_MAX) {
        struct stream_view *v = &p->raw[p->raw_count];
        if (!stream_raw_next(s, side, &progress, v))
            break;
        uint64_t end = v->at + v->len;
        if (!all && end > acked) { /* the rest may still come in another form */
            if (acked <= v->at + v->len - v->fresh)
                break;
            uint32_t over = (uint32_t)(end - acked);
            v->len -= over;
            v->fresh -= over;
            progress = acked;
        }
        p->raw_count++;
        if (progress == acked && !all)
            break;
    }
}

static void raw_inspected(struct ids_packet *p)
{
    if (!p->raw_count)
        return;
    const struct stream_view *last = &p->raw[p->raw_count - 1];
    stream_raw_done(p->flow->stream, (enum flow_side)p->side, last->at + last->len);
}

/* ---- the rules ---- */

static void judge_without_rules(struct ids_packet *p)
{
    for (struct inspect_tx *tx = inspect_tx_first(p->flow); tx; tx = tx->next)
        if (tx->progress[p->side] == INSPECT_DONE)
            tx->inspected[p->side] = true;
}

static void files_inspected(const struct flow *f, enum flow_side side)
{
    for (struct inspect_tx *tx = inspect_tx_first(f); tx; tx = tx->next)
        for (size_t i = 0;; i++) {
            struct inspect_file *file = inspect_file_at(f, tx, side, i);
            if (!file)
                break;
            inspect_file_set_inspected(file);
        }
}

static bool is_known_dropped(struct ids_worker *w, struct ids_packet *p)
{
    if (!p->flow || !(p->flow->flag & FLOW_DROP) || !w->settings->is_inline)
        return false;
    ids_packet_drop(p, IDS_DROP_FLOW_DROP);
    return true;
}

static void judge(struct ids_worker *w, struct ids_packet *p)
{
    bool skip = p->flag & IDS_NO_RULES || (p->flow && p->flow->flag & FLOW_NO_PACKET) ||
                (p->action & IDS_ACTION_DROP);
    if (p->flow)
        p->flag |= p->flow->flag & FLOW_NO_PAYLOAD ? IDS_NO_PAYLOAD : 0u;
    if (w->detect && !skip)
        detect_packet(w->detect, p);
    if (!p->flow)
        return;
    if (!w->detect || skip)
        judge_without_rules(p);
    files_inspected(p->flow, (enum flow_side)p->side);
    for (struct inspect_tx *tx = inspect_tx_first(p->flow); tx; tx = tx->next)
        tx->fresh[p->side] = false;
}

/* ---- what is told ---- */

static void tell(struct ids_worker *w, const struct ids_packet *p)
{
    const struct eve_settings *s = &w->settings->eve;
    if (s->kinds & EVE_ANOMALY && p->event.count)
        eve_packet_anomalies(&w->record, s, &w->sink, p);
    if (p->action & IDS_ACTION_DROP && s->kinds & EVE_DROP && !(p->flag & IDS_PSEUDO))
        eve_drop(&w->record, s, &w->sink, p, w->detect);
    if (!p->flow || !p->flow->inspect)
        return;
    bool last = p->flag & IDS_LAST_OF_FLOW;
    eve_app_anomalies(&w->record, s, &w->sink, p);
    if (s->kinds & EVE_FILES)
        eve_files(&w->record, s, &w->sink, p, last);
    eve_transactions(&w->record, s, &w->sink, p, last);
}

static void count_action(struct ids_worker *w, const struct ids_packet *p)
{
    if (p->flag & (IDS_PSEUDO | IDS_REBUILT))
        return;
    if (p->action & (IDS_ACTION_REJECT | IDS_ACTION_REJECT_DST | IDS_ACTION_REJECT_BOTH))
        w->count.rejected++;
    if (p->action & IDS_ACTION_DROP) {
        w->count.blocked++;
        w->count.drop_reason[p->drop_reason]++;
    } else {
        w->count.accepted++;
    }
}

static void finish_packet(struct ids_worker *w, struct ids_packet *p)
{
    if (p->flow && p->flow->stream)
        collect_raw(w, p);
    judge(w, p);
    tell(w, p);
    if (!p->flow)
        return;
    raw_inspected(p);
    inspect_clean(&w->inspect, p->flow);
    stream_prune(w->streams, p->flow);
}

static void bypassed(struct ids_worker *w, struct ids_packet *p)
{
    w->count.bypassed_packets++;
    w->count.bypassed_bytes += p->frame_len;
}

void ids_packet_process(struct ids_worker *w, struct ids_packet *p)
{
    w->packet = p;
    w->inspect.frame = p->number;
    w->inspect.wall_ns = p->wall_ns;
    check_sums(w, p);
    find_flow(w, p);
    if (p->flow && p->flow->state == FLOW_BYPASSED) {
        bypassed(w, p);
    } else if (!p->flow) {
        finish_packet(w, p);
    } else if (is_known_dropped(w, p)) {
        tell(w, p);
    } else {
        bool usable = !(p->flag & IDS_BAD_SUM);
        if (usable && p->flow->proto == IP_PROTO_TCP && p->packet->transport == PACKET_TCP)
            follow(w, p);
        else if (usable && p->flow->proto == IP_PROTO_UDP && p->packet->transport == PACKET_UDP &&
                 p->packet->payload_len)
            p->side = (uint8_t)inspect_datagram(&w->inspect, p->flow, (enum flow_side)p->side,
                                                p->packet->frame + p->packet->payload_at,
                                                p->packet->payload_len);
        app_error(w, p);
        finish_packet(w, p);
        bypass_wanted(w, p);
    }
    count_action(w, p);
    w->packet = NULL;
}

/* ---- the end of a flow ---- */

static bool wants_end(const struct flow *f, enum flow_side side)
{
    return stream_has_rest(f->stream, side) || inspect_tx_count(f) > 0 ||
           (f->inspect && !(f->flag & FLOW_APP_DONE));
}

/* A packet that was never sent, so that the last bytes of a side are looked at. */
static void last_look(struct ids_worker *w, struct flow *f, enum flow_side side, bool last)
{
    struct packet packet = {.net = f->family == ADDR_IP4 ? PACKET_IP4 : PACKET_IP6,
                            .ip_proto = f->proto,
                            .transport = PACKET_NONE};
    struct ids_packet p = {.packet = &packet,
                           .wall_ns = w->last_ns > f->last_ns ? f->last_ns : w->last_ns,
                           .src = flow_addr(f, side),
                           .dst = flow_addr(f, (enum flow_side) !side),
                           .src_port = f->port[side],
                           .dst_port = f->port[!side],
                           .proto = f->proto,
                           .side = (uint8_t)side,
                           .flow = f,
                           .flag = IDS_PSEUDO | IDS_ESTABLISHED | (last ? IDS_LAST_OF_FLOW : 0),
                           .vlan_count = f->vlan_count};
    memcpy(p.vlan, f->vlan, sizeof p.vlan);
    struct ids_packet *before = w->packet;
    w->packet = &p;
    w->inspect.wall_ns = p.wall_ns;
    if (!(f->flag & FLOW_DROP))
        stream_finish(w->streams, f, side);
    finish_packet(w, &p);
    w->packet = before;
}

void ids_flow_end(void *ctx, struct flow *f)
{
    struct ids_worker *w = ctx;
    const struct eve_settings *s = &w->settings->eve;
    bool dropped = f->flag & FLOW_DROP && w->settings->is_inline;
    if (f->stream && f->state != FLOW_BYPASSED && !dropped &&
        (wants_end(f, FLOW_TO_SERVER) || wants_end(f, FLOW_TO_CLIENT))) {
        last_look(w, f, FLOW_TO_SERVER, false);
        last_look(w, f, FLOW_TO_CLIENT, true);
    } else if (!f->stream && f->inspect && f->state != FLOW_BYPASSED) {
        last_look(w, f, FLOW_TO_SERVER, false);
        last_look(w, f, FLOW_TO_CLIENT, true);
    }
    if (s->kinds & EVE_FLOW)
        eve_flow(&w->record, s, &w->sink, f, w->detect);
    if (s->kinds & EVE_NETFLOW)
        eve_netflow(&w->record, s, &w->sink, f);
    if (w->detect)
        detect_flow_end(w->detect, f);
    inspect_flow_free(&w->inspect, f);
    stream_free(w->streams, f);
    mem_free(f->owner);
}
