/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules on packets: their heads, their payload, the raw bytes of their streams. */
#include <stdlib.h>

#include "tool/ids/detect/engine.h"
#include "wire/packet/layer/number.h"

static enum payload_class class_of(const struct ids_packet *p)
{
    bool server = !p->flow || p->side == FLOW_TO_SERVER;
    if (p->proto == IP_PROTO_TCP)
        return server ? CLASS_TCP_TO_SERVER : CLASS_TCP_TO_CLIENT;
    if (p->proto == IP_PROTO_UDP)
        return server ? CLASS_UDP_TO_SERVER : CLASS_UDP_TO_CLIENT;
    return CLASS_OTHER;
}

static int ascending(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static bool proto_fits(const struct rule *r, const struct ids_packet *p)
{
    if (r->proto == INSPECT_UNKNOWN)
        return true;
    const struct flow *f = p->flow;
    return f &&
           (inspect_proto_covers((enum inspect_proto_id)r->proto, (enum inspect_proto_id)f->app) ||
            inspect_proto_covers((enum inspect_proto_id)r->proto,
                                 (enum inspect_proto_id)f->app_side[p->side]));
}

static bool tests_hold(const struct rule *r, const struct look *look)
{
    for (uint16_t i = 0; i < r->test_count; i++)
        if (!r->test[i].holds(r->test[i].state, look))
            return false;
    return true;
}

/* All lists of a packet rule; *out_stream: what held was in the stream. */
static bool lists_hold(struct detect_thread *t, struct look *look, bool *out_stream)
{
    bool final;
    *out_stream = false;
    for (const struct rule_list *l = look->rule->list; l; l = l->next) {
        if (!list_holds(t, l, look, &final))
            return false;
        *out_stream |= look->rebuilt;
    }
    return true;
}

/* Rules that ask for nothing but a protocol hold once for each side of a flow that speaks it. */
static bool was_told(struct detect_thread *t, struct look *look, const struct engine_rule *r)
{
    if (!r->once || !look->flow)
        return false;
    return memory_once(look, look->rule->number * 2 + (uint32_t)look->side);
    (void)t;
}

/* Snort: does the flow's service let the rule be tried?  Where the service is not known yet, rules
 * with addresses are tried by these. */
static bool service_fits(const struct rule *r, const struct ids_packet *p)
{
    const struct flow *f = p->flow;
    uint8_t app = f ? f->app : 0;
    if (r->service == 0)
        return true;
    if (app <= INSPECT_FAILED)
        return !(r->trait & RULE_SERVICE_ONLY);
    return r->service >> app & 1;
}

/* What HTTP carries is looked at by its own buffers; payload was seen as long as nobody knew. */
static bool is_http(const struct ids_packet *p)
{
    const struct flow *f = p->flow;
    return f && (f->app_side[p->side] == INSPECT_HTTP1 || f->app_side[p->side] == INSPECT_HTTP2);
}

static bool has_payload_list(const struct rule *r)
{
    for (const struct rule_list *l = r->list; l; l = l->next)
        if (l->sticky->source == STICKY_PAYLOAD)
            return true;
    return false;
}

/* Where in the stream the packet's payload ends. */
static uint64_t place_of(const struct ids_packet *p)
{
    struct bytes_in in = packet_transport(p->packet);
    bytes_skip(&in, 4);
    return stream_place(p->flow->stream, (enum flow_side)p->side, bytes_u32be(&in)) +
           p->packet->payload_len;
}

/* Snort looks at TCP payload twice: at each packet as it comes, and at what the stream makes of
 * them. What a packet told of is not told again by the stream that holds it. */
static void try_twice(struct detect_thread *t, struct look *look, uint32_t number)
{
    struct ids_packet *p = look->packet;
    const struct engine_rule *r = &t->engine->rule[number];
    bool stream = p->flow && p->flow->stream, on_stream;
    t->one_view = -1;
    if (!(p->flag & IDS_PSEUDO) && r->payload & PAYLOAD_PACKET && lists_hold(t, look, &on_stream)) {
        alert_add(t, look, number, false);
        if (stream && !(r->rule->trait & RULE_NO_ALERT))
            memory_told(look, number, place_of(p));
    }
    for (int i = 0; r->payload & PAYLOAD_STREAM && i < p->raw_count; i++) {
        const struct stream_view *v = &p->raw[i];
        t->one_view = i;
        if (lists_hold(t, look, &on_stream) &&
            !memory_was_told(look, number, v->at + v->len - v->fresh, v->at + v->len))
            alert_add(t, look, number, true);
    }
    t->one_view = VIEW_ALL;
}

static void try_rule(struct detect_thread *t, struct ids_packet *p, uint32_t number)
{
    const struct engine_rule *r = &t->engine->rule[number];
    struct look look = {.packet = p,
                        .flow = p->flow,
                        .side = (enum flow_side)p->side,
                        .rule = r->rule,
                        .memory = &t->memory,
                        .scratch = &t->scratch,
                        .var = t->var};
    bool on_stream = false, snort = r->rule->dialect != RULE_SURICATA;
    if (r->kind != KIND_PACKET) {
        t->chosen_tx[t->chosen_tx_count++] = number;
        return;
    }
    if ((p->flag & IDS_PSEUDO && (r->rule->trait & RULE_HAS_PACKET_TEST || !r->rule->list)) ||
        !(snort ? service_fits(r->rule, p) : proto_fits(r->rule, p)) || !tests_hold(r->rule, &look))
        return;
    if (snort && has_payload_list(r->rule) && is_http(p))
        return;
    if (snort && p->proto == IP_PROTO_TCP && has_payload_list(r->rule)) {
        try_twice(t, &look, number);
        return;
    }
    if (r->rule->list && !lists_hold(t, &look, &on_stream))
        return;
    if (was_told(t, &look, r))
        return;
    alert_add(t, &look, number, on_stream);
}

static void scan_payload(struct detect_thread *t, const struct ids_packet *p, enum payload_class c)
{
    const struct prefilter *f = &t->engine->payload[c];
    if (p->packet->payload_len > 0 && !(p->flag & IDS_PSEUDO)) {
        struct bytes_in in = packet_payload(p->packet);
        prefilter_scan(t, f, (unsigned)c, in.pos, bytes_left(&in));
    }
    for (uint8_t i = 0; i < p->raw_count; i++)
        prefilter_scan(t, f, (unsigned)c, p->raw[i].data, p->raw[i].len);
}

void packet_rules_run(struct detect_thread *t, struct ids_packet *p)
{
    const struct detect_engine *e = t->engine;
    enum payload_class c = class_of(p);
    bool is_ip = p->packet->net == PACKET_IP4 || p->packet->net == PACKET_IP6;
    const struct number_list *always = is_ip ? &e->always[c] : &e->always_not_ip;
    t->chosen_count = 0;
    for (size_t i = 0; i < always->count; i++)
        choose(t, always->number[i]);
    if (is_ip && !(p->flag & IDS_NO_PAYLOAD))
        scan_payload(t, p, c);
    qsort(t->chosen, t->chosen_count, sizeof *t->chosen, ascending);
    for (uint32_t i = 0; i < t->chosen_count; i++)
        try_rule(t, p, t->chosen[i]);
}
