/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the pipeline calls; the states lie in stream_state.c, the bytes in stream_bytes.c. */
#include "wire/packet/stream.h"

#include <string.h>

#include "core/base/mem.h"
#include "wire/packet/stream_private.h"

enum {
    FASTOPEN = 34,             /* RFC 7413 */
    FASTOPEN_EXPERIMENT = 254, /* RFC 6994, with the magic below */
    FASTOPEN_MAGIC = 0xf989,
};

const struct counter stream_counter[STREAM_COUNTERS] = {
    {"tcp.sessions", "connections followed"},
    {"tcp.syn", "SYN segments"},
    {"tcp.synack", "SYN+ACK segments"},
    {"tcp.rst", "RST segments"},
    {"tcp.midstream_pickups", "connections taken up without a handshake"},
    {"tcp.reassembly_gap", "gaps: bytes acknowledged, but never seen"},
    {"tcp.overlap", "segments over bytes that were there"},
    {"tcp.overlap_diff_data", "of them, with other bytes"},
    {"tcp.stream_depth_reached", "segments beyond the depth"},
    {"tcp.segment_memcap_drop", "segments without room"},
    {"tcp.urgent_oob_data", "urgent bytes taken out of band"},
    {"tcp.invalid", "segments that do not fit"},
};

const char *stream_state_name(enum stream_state state)
{
    static const char *const name[] = {
        "none",      "listen",    "syn_sent", "syn_recv",   "established", "fin_wait1",
        "fin_wait2", "time_wait", "last_ack", "close_wait", "closing",     "closed",
    };
    return name[state];
}

enum stream_state stream_state(const struct stream *s)
{
    return s ? (enum stream_state)s->state : STREAM_NONE;
}

bool stream_is_established(const struct stream *s)
{
    return s->state >= STREAM_ESTABLISHED;
}

bool stream_is_midstream(const struct stream *s)
{
    return s->flag & STREAM_MIDSTREAM;
}

bool stream_is_closed_by_reset(const struct stream *s)
{
    return s->flag & STREAM_RESET;
}

uint16_t stream_regions(const struct stream *s, enum flow_side side)
{
    uint16_t most = s->side[side].buffer.region_max;
    return most ? most : 1;
}

/* As Suricata's stream_size counts: sequence numbers used, so that gaps count, too. */
uint64_t stream_size(const struct stream *s, enum flow_side side)
{
    return s->side[side].next_seq - s->side[side].isn;
}

uint8_t stream_flags(const struct stream *s, enum flow_side side)
{
    return s->side[side].tcp_flags;
}

bool stream_raw_is_ready(const struct stream *s, enum flow_side at)
{
    const struct stream_side *side = &s->side[at];
    if (side->flag & SIDE_NO_RAW || side->buffer.edge == side->raw_at ||
        side->buffer.run_count == 0)
        return false;
    return side->flag & (SIDE_DEPTH | SIDE_TRIGGER) || s->state > STREAM_TIME_WAIT;
}

struct stream_engine *stream_engine_new(const struct stream_config *config, stream_data_fn *data,
                                        void *ctx)
{
    struct stream_engine *engine = mem_zero(sizeof *engine);
    engine->config = *config;
    engine->store.bytes_max = config->bytes_max;
    engine->data = data;
    engine->ctx = ctx;
    return engine;
}

void stream_engine_free(struct stream_engine *engine)
{
    if (!engine)
        return;
    while (engine->free_list) {
        struct stream *s = engine->free_list;
        engine->free_list = s->next_free;
        mem_free(s);
    }
    stream_store_done(&engine->store);
    mem_free(engine);
}

uint64_t *stream_engine_counters(struct stream_engine *engine)
{
    return engine->value;
}

uint64_t stream_engine_bytes(const struct stream_engine *engine)
{
    return engine->store.bytes;
}

static struct stream *session_new(struct stream_engine *engine)
{
    struct stream *s = engine->free_list;
    if (s) {
        engine->free_list = s->next_free;
        s->next_free = NULL;
    } else {
        s = mem_zero(sizeof *s);
    }
    s->depth = engine->config.depth;
    if (!engine->config.raw)
        s->side[0].flag = s->side[1].flag = SIDE_NO_RAW;
    counter_add(&engine->value[STREAM_COUNT_SESSIONS], 1);
    return s;
}

static bool asks_fastopen(const struct tcp_head *head)
{
    struct bytes_in in = bytes_in_of(head->option, head->option_len);
    struct tcp_option o;
    while (tcp_option_next(&in, &o)) {
        if (o.kind == FASTOPEN)
            return true;
        if (o.kind == FASTOPEN_EXPERIMENT && o.len >= 2 &&
            (o.data[0] << 8 | o.data[1]) == FASTOPEN_MAGIC)
            return true;
    }
    return false;
}

static void count_kind(uint64_t *value, uint8_t flags)
{
    if (flags & TCP_RST)
        counter_add(&value[STREAM_COUNT_RST], 1);
    else if ((flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK))
        counter_add(&value[STREAM_COUNT_SYNACK], 1);
    else if (flags & TCP_SYN)
        counter_add(&value[STREAM_COUNT_SYN], 1);
}

/* Segments that the receiver has already, and those that only say it is still there. */
static void note_again(const struct tcp_packet *t)
{
    const struct stream_side *mine = &t->s->side[t->p->side];
    uint32_t end = t->head.seq + t->len;
    if (t->s->state < STREAM_ESTABLISHED || t->len == 0 ||
        (t->len == 1 && t->head.seq == mine->next_seq - 1))
        return;
    if (!seq_after(end, mine->last_ack))
        stream_event(t, EVENT_STREAM_PKT_SPURIOUS_RETRANSMISSION);
}

static enum stream_verdict step(struct tcp_packet *t)
{
    if (!(t->head.flags & TCP_ACK) && t->head.ack)
        stream_event(t, EVENT_STREAM_PKT_BROKEN_ACK);
    if (t->head.flags & TCP_FIN && t->head.flags & TCP_SYN) {
        stream_event(t, EVENT_STREAM_FIN_SYN);
        return STREAM_INVALID;
    }
    if (t->engine->config.urgent == STREAM_URGENT_DROP && t->head.flags & TCP_URG &&
        t->engine->config.is_inline)
        return STREAM_URGENT;
    note_again(t);
    return stream_step(t);
}

static void note_state(const struct tcp_packet *t, uint8_t before)
{
    struct flow *f = t->p->flow;
    if (t->s->state == before)
        return;
    if (t->s->state == STREAM_LAST_ACK || t->s->state == STREAM_TIME_WAIT ||
        t->s->state == STREAM_CLOSED)
        f->want_state = FLOW_CLOSED;
    else if (t->s->state >= STREAM_ESTABLISHED)
        f->want_state = FLOW_ESTABLISHED;
}

enum stream_verdict stream_take(struct stream_engine *engine, struct stream_packet *p)
{
    struct tcp_packet t = {.engine = engine, .p = p};
    struct bytes_in in = packet_transport(p->packet);
    if (!tcp_decode(&in, &t.head))
        return STREAM_INVALID;
    t.data = p->packet->frame + p->packet->payload_at;
    t.len = p->packet->payload_len;
    if (t.head.option_len) {
        t.option = tcp_options_of(&t.head);
        t.has_fastopen = t.head.flags & TCP_SYN && asks_fastopen(&t.head);
    }
    count_kind(engine->value, t.head.flags);
    bool fresh = !p->flow->stream;
    if (fresh)
        p->flow->stream = session_new(engine);
    t.s = p->flow->stream;
    uint8_t before = t.s->state;
    enum stream_verdict verdict = step(&t);
    if (fresh && t.s->state == STREAM_NONE) { /* nothing was begun */
        stream_free(engine, p->flow);
        counter_add(&engine->value[STREAM_COUNT_SESSIONS], (uint64_t)-1);
        return verdict;
    }
    t.s->side[p->side].tcp_flags |= t.head.flags;
    note_state(&t, before);
    if (verdict == STREAM_INVALID)
        counter_add(&engine->value[STREAM_COUNT_INVALID], 1);
    return verdict;
}

bool stream_is_reused(const struct stream *s, const struct packet *p, enum flow_side side)
{
    struct bytes_in in = packet_transport(p);
    struct tcp_head head;
    if (!s || (p->tcp_flags & (TCP_SYN | TCP_ACK | TCP_RST | TCP_FIN)) != TCP_SYN ||
        !tcp_decode(&in, &head))
        return false;
    if (side == FLOW_TO_CLIENT) /* the ends change roles: only after the old one is over */
        return s->state == STREAM_CLOSED;
    if (s->state == STREAM_CLOSED)
        return true;
    /* another initial number, after the old connection is closing */
    return head.seq != s->side[FLOW_TO_SERVER].isn && s->state >= STREAM_LAST_ACK;
}

void stream_swap_sides(struct stream *s)
{
    struct stream_side room = s->side[0];
    s->side[0] = s->side[1];
    s->side[1] = room;
}

void stream_app_disable(struct stream *s)
{
    s->flag |= STREAM_APP_OFF;
}

void stream_app_enable(struct stream *s)
{
    s->flag &= ~(uint32_t)STREAM_APP_OFF;
    s->side[0].need = s->side[1].need = 0;
}

void stream_set_depth(struct stream *s, uint32_t depth)
{
    s->depth = depth;
}
