/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/detect/engine.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/match/regex.h"
#include "tool/ids/detect/eve_alert.h"
#include "tool/ids/detect/make.h"
#include "tool/ids/keyword/content.h"

/* ---- what kind of rule is it? ---- */

static enum rule_kind kind_of(const struct rule *r)
{
    enum rule_kind kind = KIND_PACKET;
    for (const struct rule_list *l = r->list; l; l = l->next) {
        if (l->sticky->source == STICKY_FRAME)
            return KIND_FRAME;
        if (l->sticky->source == STICKY_TX || l->sticky->source == STICKY_NUMBER ||
            l->sticky->source == STICKY_STATE)
            kind = KIND_TX;
    }
    return kind;
}

static bool has_placed_content(const struct rule *r)
{
    for (const struct rule_list *l = r->list; l; l = l->next)
        for (const struct rule_step *s = l->step; s; s = s->next) {
            const struct content_step *c = content_of(s);
            if (c && c->has & (1 << CONTENT_OFFSET | 1 << CONTENT_DEPTH))
                return true;
        }
    return false;
}

/* Suricata: a TCP rule looks into the stream; where it asks for a packet's heads or a place from
 * the beginning, (also) into packets. */
static uint8_t payload_of(const struct rule *r, bool snort)
{
    if (!(r->link & RULE_TCP) || r->link & RULE_PACKETS_ONLY || r->flow & RULE_NO_STREAM)
        return PAYLOAD_PACKET |
               (r->link & RULE_TCP && !(r->link & RULE_PACKETS_ONLY) && !(r->flow & RULE_NO_STREAM)
                    ? PAYLOAD_STREAM
                    : 0);
    if (r->link & RULE_STREAM_ONLY || r->flow & RULE_ONLY_STREAM)
        return PAYLOAD_STREAM;
    if (r->trait & RULE_HAS_PACKET_TEST)
        return PAYLOAD_PACKET;
    if (snort || has_placed_content(r))
        return PAYLOAD_PACKET | PAYLOAD_STREAM;
    return PAYLOAD_STREAM;
}

static uint8_t sides_of(const struct rule *r)
{
    uint8_t sides = r->flow & RULE_TO_SERVER   ? BUFFER_TO_SERVER
                    : r->flow & RULE_TO_CLIENT ? BUFFER_TO_CLIENT
                                               : BUFFER_BOTH;
    if (r->trait & RULE_FULL_FLOW)
        return BUFFER_BOTH;
    for (const struct rule_list *l = r->list; l; l = l->next) {
        const struct buffer_row *row = sticky_row(l->sticky);
        if (l->side)
            sides &= l->side;
        if (row && !l->of_request && (r->dialect == RULE_SURICATA || r->fast))
            sides &= row->side;
    }
    return sides;
}

static int by_progress(const void *a, const void *b)
{
    const struct rule_list *x = *(const struct rule_list *const *)a;
    const struct rule_list *y = *(const struct rule_list *const *)b;
    if (x->progress != y->progress)
        return x->progress < y->progress ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

static void describe(struct detect_engine *e, struct engine_rule *out, const struct rule *r)
{
    bool snort = r->dialect != RULE_SURICATA;
    out->rule = r;
    out->kind = (uint8_t)kind_of(r);
    out->payload = payload_of(r, snort);
    out->sides = sides_of(r);
    bool bare = out->kind == KIND_PACKET && !r->list && !(r->trait & RULE_HAS_PACKET_TEST);
    bool any_port = r->src.ports->any && r->dst.ports->any;
    out->about_flow = bare && !snort &&
                      (r->proto != INSPECT_UNKNOWN || r->trait & RULE_ASKS_PROTO ||
                       (r->test_count == 0 && r->flow == 0 && any_port));
    out->once = out->about_flow && r->proto == INSPECT_UNKNOWN;
    out->every_section = snort && out->kind == KIND_TX && !r->fast;
    if (out->kind == KIND_TX) {
        out->order = arena_array(&e->arena, r->list_count, sizeof *out->order);
        for (const struct rule_list *l = r->list; l; l = l->next)
            out->order[l->place] = l;
        qsort(out->order, r->list_count, sizeof *out->order, by_progress);
    }
    if (out->kind == KIND_FRAME)
        e->wants_frames = true;
    if (r->want_files & FILE_WANT_MD5)
        e->want |= INSPECT_MD5_ALL;
    if (r->want_files & FILE_WANT_SHA1)
        e->want |= INSPECT_SHA1_ALL;
    if (r->want_files & FILE_WANT_SHA256)
        e->want |= INSPECT_SHA256_ALL;
    for (const struct rule_list *l = r->list; l; l = l->next)
        if (l->sticky->source == STICKY_TX) {
            uint16_t id = l->sticky->id;
            if (id == BUFFER_JA3_HASH || id == BUFFER_JA3_STRING || id == BUFFER_JA3S_HASH ||
                id == BUFFER_JA3S_STRING)
                e->want |= INSPECT_JA3;
            if (id == BUFFER_JA4_HASH)
                e->want |= INSPECT_JA4;
            if (id == BUFFER_EMAIL_BODY_MD5)
                e->want |= INSPECT_BODY_MD5;
            if (id >= BUFFER_SSH_HASSH && id <= BUFFER_SSH_HASSH_SERVER_STRING)
                e->want |= INSPECT_HASSH;
        }
}

/* ---- the order in which rules are tried ---- */

/* Actions that share a place in the order: of pass, drop, reject, alert, log. */
enum { ORDER_PASS, ORDER_DROP, ORDER_REJECT, ORDER_ALERT, ORDER_LOG };

static int action_group(enum rule_action action)
{
    switch (action) {
    case RULE_PASS:
        return ORDER_PASS;
    case RULE_DROP:
    case RULE_SDROP:
    case RULE_BLOCK:
        return ORDER_DROP;
    case RULE_REJECT:
    case RULE_REJECT_DST:
    case RULE_REJECT_BOTH:
    case RULE_REACT:
        return ORDER_REJECT;
    case RULE_LOG:
    case RULE_CONFIG:
        return ORDER_LOG;
    default:
        return ORDER_ALERT;
    }
}

/* Who sets a bit goes before who asks for it. */
static int bits_place(const struct rule *r)
{
    bool sets = r->trait & RULE_SETS_BITS, asks = r->trait & RULE_ASKS_BITS;
    return sets && !asks ? 0 : sets ? 1 : asks ? 2 : 3;
}

static int by_order(const void *a, const void *b, void *ctx)
{
    const struct rule *x = *(const struct rule *const *)a, *y = *(const struct rule *const *)b;
    const uint8_t *place = ctx;
    int order = place[action_group((enum rule_action)x->action)] -
                place[action_group((enum rule_action)y->action)];
    if (!order)
        order = bits_place(x) - bits_place(y);
    if (!order)
        order = (x->priority > y->priority) - (x->priority < y->priority);
    return order ? order : (x->number > y->number) - (x->number < y->number);
}

/* Filters of configuration files that concern a rule, in their order.  One for a rule alone stands
 * in place of one for all. */
static void attach_filters(struct detect_engine *e, struct engine_rule *r,
                           const struct filter_conf *filters)
{
    const struct filter *found[16];
    uint16_t count = 0;
    for (size_t i = 0; i < filters->count && count < ARRAY_COUNT(found); i++) {
        const struct filter *f = &filters->filter[i];
        if ((f->gid != 0 && f->gid != r->rule->gid) || (f->sid != 0 && f->sid != r->rule->sid))
            continue;
        bool own = f->sid != 0, rate = f->limit.kind == LIMIT_RATE;
        for (uint16_t j = 0; e->is_snort && own && !rate && j < count; j++)
            if (found[j]->sid == f->sid && found[j]->limit.kind != LIMIT_RATE)
                found[j--] = found[--count]; /* Snort keeps the last one given for a signature */
        found[count++] = f;
    }
    if (count == 0)
        return;
    const struct filter **list = arena_array(&e->arena, count, sizeof *list);
    memcpy(list, found, count * sizeof *list);
    r->filter = list;
    r->filter_count = count;
}

int detect_engine_new(struct detect_engine **out, const struct detect_spec *spec, struct err *err)
{
    struct detect_engine *e = mem_zero(sizeof *e);
    const struct rule_set *rules = spec->rules;
    e->rules = rules;
    e->is_snort = spec->is_snort;
    e->is_inline = spec->is_inline;
    e->eve = spec->eve;
    e->tell = spec->tell;
    e->tell_ctx = spec->tell_ctx;
    e->alert_max = spec->alert_max;
    e->count = (uint32_t)rules->count;
    e->rule = arena_array(&e->arena, e->count, sizeof *e->rule);
    struct rule **sorted = arena_array(&e->arena, e->count, sizeof *sorted);
    if (e->count)
        memcpy(sorted, rules->rule, e->count * sizeof *sorted);
    uint8_t place[] = {0, 1, 2, 3, 4};
    for (uint8_t i = 0; i < spec->order_count && i < ARRAY_COUNT(place); i++)
        place[action_group(spec->order[i])] = i;
    qsort_r(sorted, e->count, sizeof *sorted, by_order, place);
    for (uint32_t i = 0; i < e->count; i++) {
        sorted[i]->number = i;
        describe(e, &e->rule[i], sorted[i]);
        attach_filters(e, &e->rule[i], spec->filters);
    }
    if (prefilter_build(e, err) < 0) {
        detect_engine_free(e);
        return err->code;
    }
    *out = e;
    return 0;
}

void detect_engine_free(struct detect_engine *e)
{
    if (!e)
        return;
    prefilter_free(e);
    arena_done(&e->arena);
    mem_free(e);
}

uint8_t detect_engine_want(const struct detect_engine *e, bool *out_frames)
{
    *out_frames = e->wants_frames;
    return e->want;
}

/* ---- threads ---- */

struct detect_thread *detect_thread_new(const struct detect_engine *e, const struct eve_sink *sink,
                                        const struct eve_settings *eve)
{
    struct detect_thread *t = mem_zero(sizeof *t);
    t->engine = e;
    t->sink = sink;
    t->eve = eve;
    memory_init(&t->memory, e->rules);
    t->scratch.regex = regex_match_new(REGEX_GROUPS_MAX, 0);
    t->scratch.decoded = mem_zero(STEP_SCRATCH_MAX);
    t->transformed[0] = mem_zero(STEP_SCRATCH_MAX);
    t->transformed[1] = mem_zero(STEP_SCRATCH_MAX);
    t->multi = mem_zero((size_t)(PAYLOAD_CLASSES + e->buffer_count) * sizeof *t->multi);
    t->seen = mem_zero((e->count + 1) * sizeof *t->seen);
    t->chosen = mem_zero((e->count + 1) * sizeof *t->chosen);
    t->chosen_tx = mem_zero((e->count + 1) * sizeof *t->chosen_tx);
    t->limits = limit_table_new();
    t->stamp = 1;
    t->one_view = VIEW_ALL;
    return t;
}

void detect_thread_free(struct detect_thread *t)
{
    if (!t)
        return;
    for (unsigned i = 0; i < (unsigned)PAYLOAD_CLASSES + t->engine->buffer_count; i++)
        multi_scratch_free(t->multi[i]);
    mem_free(t->multi);
    memory_done(&t->memory);
    regex_match_free(t->scratch.regex);
    mem_free(t->scratch.decoded);
    mem_free(t->transformed[0]);
    mem_free(t->transformed[1]);
    mem_free(t->seen);
    mem_free(t->chosen);
    mem_free(t->chosen_tx);
    limit_table_free(t->limits);
    tx_states_free(t);
    str_done(&t->record.text);
    mem_free(t);
}

uint64_t detect_thread_count(const struct detect_thread *t, enum detect_count what)
{
    return what == DETECT_ALERTS       ? t->alerts_total
           : what == DETECT_SUPPRESSED ? t->alerts_suppressed
                                       : t->alerts_discarded;
}

/* ---- what the pipeline asks ---- */

void detect_packet(struct detect_thread *t, struct ids_packet *p)
{
    t->packet = p;
    t->alert_count = t->alerts_told = 0;
    t->chosen_tx_count = 0;
    t->memory.packet_var_count = 0;
    if (p->flag & IDS_NO_RULES || t->engine->count == 0)
        return;
    if (++t->stamp == 0) {
        memset(t->seen, 0, t->engine->count * sizeof *t->seen);
        t->stamp = 1;
    }
    packet_rules_run(t, p);
    if (p->flow && p->flow->inspect) {
        if (t->engine->wants_frames)
            frame_rules_run(t, p);
        tx_rules_run(t, p);
    }
    if (t->alert_count > 0)
        alerts_finish(t, p);
}

void detect_flow_end(struct detect_thread *t, struct flow *f)
{
    memory_end_flow(&t->memory, f);
}

unsigned detect_alert_count(const struct detect_thread *t)
{
    return t->alerts_told;
}

void detect_eve_drop_alert(struct detect_thread *t, const struct ids_packet *p,
                           struct json_out *json)
{
    if (t->alert_count > 0 &&
        (p->drop_reason == IDS_DROP_RULES || p->drop_reason == IDS_DROP_RULES_THRESHOLD))
        eve_alert_members(json, t, p, &t->drop_alert);
}

static void put_vars(struct json_out *json, const struct detect_thread *t,
                     const struct flow_var *var, uint8_t count)
{
    const struct rule_names_table *names = &t->engine->rules->names[RULE_NAMES_FLOWVAR];
    for (uint8_t i = 0; i < count; i++) {
        json_object(json, NULL);
        json_text_len(json, names->name[var[i].name], (const char *)var[i].byte, var[i].len);
        json_end(json);
    }
}

static bool any_bit(const struct flow_memory *f, size_t count)
{
    for (size_t i = 0; f && i < (count + 63) / 64; i++)
        if (f->bit[i])
            return true;
    return false;
}

static bool any_number(const struct flow_memory *f, size_t count)
{
    for (size_t i = 0; f && i < (count + 63) / 64; i++)
        if (f->number_set[i])
            return true;
    return false;
}

void detect_eve_metadata(struct detect_thread *t, const struct flow *f, struct json_out *json)
{
    const struct flow_memory *m = f ? f->detect : NULL;
    const struct rule_names_table *bits = &t->engine->rules->names[RULE_NAMES_FLOWBIT];
    const struct rule_names_table *ints = &t->engine->rules->names[RULE_NAMES_FLOWINT];
    bool has_bits = any_bit(m, bits->count), has_ints = any_number(m, ints->count);
    bool has_vars = m && m->var_count > 0, has_packet = t->memory.packet_var_count > 0;
    if (!has_bits && !has_ints && !has_vars && !has_packet)
        return;
    json_object(json, "metadata");
    if (has_bits) {
        json_array(json, "flowbits");
        for (uint32_t i = 0; i < bits->count; i++)
            if (m->bit[i / 64] >> i % 64 & 1)
                json_text(json, NULL, bits->name[i]);
        json_end(json);
    }
    if (has_ints) {
        json_object(json, "flowints");
        for (uint32_t i = 0; i < ints->count; i++)
            if (m->number_set[i / 64] >> i % 64 & 1)
                json_u64(json, ints->name[i], m->number[i]);
        json_end(json);
    }
    if (has_vars) {
        json_array(json, "flowvars");
        put_vars(json, t, m->var, m->var_count);
        json_end(json);
    }
    if (has_packet) {
        json_array(json, "pktvars");
        put_vars(json, t, t->memory.packet_var, t->memory.packet_var_count);
        json_end(json);
    }
    json_end(json);
}
