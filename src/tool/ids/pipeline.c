/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/pipeline.h"

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "tool/ids/worker.h"
#include "wire/packet/pcap_file.h"

enum { EXPIRE_AT_ONCE = 64 }; /* flows ended for one packet: the rest at the next */

static void hand_on(void *ctx, struct flow *f, enum flow_side side)
{
    struct ids_worker *w = ctx;
    stream_hand_on(w->streams, f, side);
}

static void tx_end(void *ctx, const struct flow *f, struct inspect_tx *tx)
{
    struct ids_worker *w = ctx;
    if (w->detect)
        detect_tx_end(w->detect, f, tx);
}

static void frame_end(void *ctx, struct inspect_frame *frame)
{
    struct ids_worker *w = ctx;
    if (w->detect)
        detect_frame_end(w->detect, frame);
}

struct ids_worker *ids_worker_new(const struct ids_settings *settings, struct detect_thread *detect,
                                  const struct eve_sink *sink)
{
    struct ids_worker *w = mem_zero(sizeof *w);
    struct stream_config stream = settings->stream;
    w->settings = settings;
    w->detect = detect;
    w->sink = *sink;
    stream.raw = stream.raw && detect;
    w->flows = flow_table_new(&settings->flow, ids_flow_end, w);
    w->streams = stream_engine_new(&stream, ids_stream_data, w);
    w->defrag = defrag_new(&settings->defrag);
    w->inspect = (struct inspect_thread){.settings = &settings->inspect,
                                         .tx_end = tx_end,
                                         .frame_end = frame_end,
                                         .hand_on = hand_on,
                                         .ctx = w};
    return w;
}

void ids_worker_want(struct ids_worker *w, uint8_t want, bool frames)
{
    w->inspect.want = want;
    w->inspect.wants_frames = frames;
}

uint64_t ids_worker_wall_ns(const struct ids_worker *w)
{
    return w->last_ns;
}

uint64_t ids_worker_span_s(const struct ids_worker *w)
{
    return (w->last_ns - w->first_ns) / NS_PER_S;
}

void ids_worker_finish(struct ids_worker *w)
{
    flow_table_end_all(w->flows, FLOW_END_SHUTDOWN);
}

void ids_worker_free(struct ids_worker *w)
{
    if (!w)
        return;
    flow_table_free(w->flows);
    stream_engine_free(w->streams);
    defrag_free(w->defrag);
    str_done(&w->record.text);
    mem_free(w);
}

int ids_link_of(uint16_t type)
{
    switch (type) {
    case PCAP_LINK_ETHERNET:
        return PACKET_LINK_ETHERNET;
    case PCAP_LINK_RAW:
    case PCAP_LINK_RAW_BSD:
    case PCAP_LINK_RAW_OPENBSD:
    case PCAP_LINK_IP4:
    case PCAP_LINK_IP6:
        return PACKET_LINK_RAW_IP;
    case PCAP_LINK_SLL:
        return PACKET_LINK_SLL;
    case PCAP_LINK_SLL2:
        return PACKET_LINK_SLL2;
    case PCAP_LINK_NULL:
    case PCAP_LINK_LOOP:
        return PACKET_LINK_NULL;
    case PCAP_LINK_PPP:
    case PCAP_LINK_PPP_SERIAL:
        return PACKET_LINK_PPP;
    case PCAP_LINK_CHDLC:
        return PACKET_LINK_CHDLC;
    default:
        return -1;
    }
}

unsigned ids_worker_frame(struct ids_worker *w, const struct ids_frame *frame)
{
    int link = ids_link_of(frame->link_type);
    w->frame = frame;
    w->frame_number = frame->number;
    if (!w->first_ns)
        w->first_ns = frame->wall_ns;
    if (frame->wall_ns > w->last_ns)
        w->last_ns = frame->wall_ns;
    (void)flow_table_expire(w->flows, w->last_ns, EXPIRE_AT_ONCE);
    w->count.pkts++;
    w->count.bytes += frame->len;
    if (frame->len > w->count.max_size)
        w->count.max_size = frame->len;
    if (link < 0) {
        w->count.invalid++;
        return 0;
    }
    w->count.raw += link == PACKET_LINK_RAW_IP;
    struct ids_level level = {.data = frame->data,
                              .len = frame->len,
                              .link = (enum packet_link)link,
                              .source = "wire/pcap"};
    unsigned action = ids_level(w, &level);
    w->frame = NULL;
    return action;
}

/* ---- statistics ---- */

static const struct {
    uint8_t kind;
    const char *name;
} kind_name[] = {
    {PACKET_ETH, "decoder.ethernet"},   {PACKET_SLL, "decoder.sll"},
    {PACKET_SLL2, "decoder.sll2"},      {PACKET_NULL, "decoder.null"},
    {PACKET_PPP, "decoder.ppp"},        {PACKET_PPPOE, "decoder.pppoe"},
    {PACKET_CHDLC, "decoder.chdlc"},    {PACKET_VLAN, "decoder.vlan"},
    {PACKET_AH1, "decoder.ieee8021ah"}, {PACKET_VNTAG, "decoder.vntag"},
    {PACKET_ETAG, "decoder.etag"},      {PACKET_MPLS, "decoder.mpls"},
    {PACKET_NSH, "decoder.nsh"},        {PACKET_ERSPAN, "decoder.erspan"},
    {PACKET_GRE, "decoder.gre"},        {PACKET_ARP, "decoder.arp"},
    {PACKET_IP4, "decoder.ipv4"},       {PACKET_IP6, "decoder.ipv6"},
    {PACKET_TCP, "decoder.tcp"},        {PACKET_UDP, "decoder.udp"},
    {PACKET_ICMP4, "decoder.icmpv4"},   {PACKET_ICMP6, "decoder.icmpv6"},
    {PACKET_IGMP, "decoder.igmp"},      {PACKET_ESP, "decoder.esp"},
};

static void decoder_stats(const struct ids_worker *w, struct stat_list *list)
{
    const struct ids_counts *c = &w->count;
    stat_add(list, "decoder.pkts", c->pkts);
    stat_add(list, "decoder.bytes", c->bytes);
    stat_add(list, "decoder.invalid", c->invalid);
    stat_add(list, "decoder.max_pkt_size", c->max_size);
    stat_add(list, "decoder.avg_pkt_size", c->pkts ? c->bytes / c->pkts : 0);
    stat_add(list, "decoder.raw", c->raw);
    stat_add(list, "decoder.vlan_qinq", c->vlan_qinq);
    stat_add(list, "decoder.vlan_qinqinq", c->vlan_three);
    stat_add(list, "decoder.vxlan", c->vxlan);
    stat_add(list, "decoder.geneve", c->geneve);
    stat_add(list, "decoder.teredo", c->teredo);
    stat_add(list, "decoder.ipv4_in_ipv4", c->ip4_in_ip4);
    stat_add(list, "decoder.ipv6_in_ipv4", c->ip6_in_ip4);
    stat_add(list, "decoder.ipv4_in_ipv6", c->ip4_in_ip6);
    stat_add(list, "decoder.ipv6_in_ipv6", c->ip6_in_ip6);
    stat_add(list, "decoder.unknown_ethertype", c->unknown_ethertype);
    for (size_t i = 0; i < ARRAY_COUNT(kind_name); i++)
        stat_add(list, kind_name[i].name, c->kind[kind_name[i].kind]);
    for (int i = 0; i < PACKET_EVENT_COUNT; i++)
        if (!packet_event_is_stream((enum packet_event)i))
            stat_addf(list, c->event[i], "decoder.event.%s", packet_event_row[i].name + 8);
    stat_add(list, "defrag.ipv4.fragments", c->fragments4);
    stat_add(list, "defrag.ipv4.reassembled", c->rebuilt4);
    stat_add(list, "defrag.ipv6.fragments", c->fragments6);
    stat_add(list, "defrag.ipv6.reassembled", c->rebuilt6);
}

static void verdict_stats(const struct ids_worker *w, struct stat_list *list)
{
    const struct ids_counts *c = &w->count;
    stat_add(list, "flow_bypassed.local_pkts", c->bypassed_packets);
    stat_add(list, "flow_bypassed.local_bytes", c->bypassed_bytes);
    stat_add(list, "flow_bypassed.closed", c->bypassed_flows);
    for (int t = 0; t < IDS_TARGETS; t++)
        for (int p = IDS_POLICY_IGNORE; p < IDS_POLICIES; p++)
            if (c->policy[t][p])
                stat_addf(list, c->policy[t][p], "exception_policy.%s.%s",
                          ids_target_counter((enum ids_policy_target)t),
                          ids_policy_counter((enum ids_policy)p));
    if (!w->settings->is_inline)
        return;
    stat_add(list, "ips.accepted", c->accepted);
    stat_add(list, "ips.blocked", c->blocked);
    stat_add(list, "ips.rejected", c->rejected);
    stat_add(list, "ips.replaced", 0);
    for (int i = IDS_DROP_NONE + 1; i < IDS_DROP_REASONS; i++)
        stat_addf(list, c->drop_reason[i], "ips.drop_reason.%s",
                  ids_drop_reason_counter((enum ids_drop_reason)i));
}

static void app_stats(const struct ids_worker *w, struct stat_list *list)
{
    static const char *const error[INSPECT_ERRORS] = {"gap", "alloc", "parser", "internal"};
    static const struct {
        const char *name[2];
    } proto[INSPECT_PROTO_COUNT] = {
#define PROTO(upper, name, tcp, udp, doc) {{tcp, udp}},
#include "tool/ids/inspect/proto.def"
#undef PROTO
    };
    for (size_t row = 0; row < inspect_proto_rows; row++) {
        const struct inspect_proto *p = inspect_protos[row];
        for (int t = 0; t < 2; t++) {
            if (!(p->transports & (t ? INSPECT_UDP : INSPECT_TCP)) ||
                (t && (p->transports & INSPECT_TCP) &&
                 proto[p->id].name[0] == proto[p->id].name[1]))
                continue;
            const char *name = proto[p->id].name[t];
            stat_addf(list, w->inspect.flows[p->id][t], "app_layer.flow.%s", name);
            stat_addf(list, w->inspect.txs[p->id][t], "app_layer.tx.%s", name);
            for (int e = 0; e < INSPECT_ERRORS; e++)
                stat_addf(list, w->inspect.errors[p->id][t][e], "app_layer.error.%s.%s", name,
                          error[e]);
        }
    }
    stat_add(list, "app_layer.flow.failed_tcp", w->inspect.flows[INSPECT_FAILED][0]);
    stat_add(list, "app_layer.flow.failed_udp", w->inspect.flows[INSPECT_FAILED][1]);
}

void ids_worker_stats(struct ids_worker *w, struct stat_list *list)
{
    decoder_stats(w, list);
    verdict_stats(w, list);
    app_stats(w, list);
    for (int i = 0; i < STREAM_COUNTERS; i++)
        stat_add(list, stream_counter[i].name, stream_engine_counters(w->streams)[i]);
    stat_add(list, "tcp.reassembly_memuse", stream_engine_bytes(w->streams));
    for (int i = 0; i < FLOW_COUNTERS; i++)
        stat_add(list, flow_counter[i].name, flow_table_counters(w->flows)[i]);
}
