/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bytes of a connection: put in as segments come, handed on as the receiver acknowledges them,
 * kept for rules over raw data, dropped when no one needs them. */
#include <string.h>

#include "core/base/mem.h"
#include "wire/packet/stream_private.h"

enum { RAW_BEFORE = 64 * 1024 }; /* most of what was inspected is kept no longer than this */

void stream_side_begin(struct stream_side *side, uint32_t isn)
{
    side->isn = isn;
    side->base_seq = isn + 1;
    side->base_at = 0;
}

static bool is_app_off(const struct stream *s, const struct stream_side *side)
{
    return s->flag & STREAM_APP_OFF || side->flag & SIDE_NO_BYTES;
}

/* The place up to which the receiver has acknowledged; its FIN counts as a byte. */
static uint64_t acked_place(const struct stream_side *side)
{
    if (side->last_ack == 0 || seq_before(side->last_ack, side->base_seq))
        return side->base_at;
    return side_place(side, side->last_ack);
}

/* ---- handing on ---- */

struct hand {
    struct stream_engine *engine;
    struct flow *flow;
    struct stream *s;
    enum flow_side at;
    struct event_list *events; /* may be NULL */
    bool all;                  /* acknowledged or not: the flow ends */
    bool is_end;
};

static struct stream_used give(const struct hand *h, struct stream_chunk *c)
{
    c->is_midstream = h->s->flag & STREAM_MIDSTREAM;
    c->is_depth = h->s->side[h->at].flag & SIDE_DEPTH;
    return h->engine->data(h->engine->ctx, h->flow, h->at, c);
}

/* How many of `len` bytes may be handed on now? */
static uint32_t allowed(const struct hand *h, const struct stream_side *side, uint32_t len)
{
    if (h->engine->config.is_inline || h->all)
        return len;
    uint64_t acked = acked_place(side);
    if (side->app_at >= acked)
        return 0;
    return side->app_at + len > acked ? (uint32_t)(acked - side->app_at) : len;
}

/* Bytes that were acknowledged, but never seen: they are lost to us. */
static uint32_t lost(const struct hand *h, const struct stream_side *side)
{
    uint64_t next = stream_buffer_next(&side->buffer, side->app_at);
    uint64_t acked = acked_place(side);
    if (h->s->state >= STREAM_FIN_WAIT1 && acked > 0)
        acked--; /* the FIN's own number */
    if (h->all && next != UINT64_MAX)
        return (uint32_t)(next - side->app_at);
    if (acked <= side->app_at)
        return 0;
    if (next == UINT64_MAX) /* an acknowledgment alone proves no loss: it may be forged */
        return seq_after(side->last_ack, side->next_seq) ? 0 : (uint32_t)(acked - side->app_at);
    if (next < acked)
        return (uint32_t)(next - side->app_at);
    return seq_after(side->last_ack, side->next_seq) ? 0 : (uint32_t)(acked - side->app_at);
}

static bool hand_gap(const struct hand *h, struct stream_side *side, uint32_t len)
{
    struct stream_chunk c = {.at = side->app_at, .gap = len};
    counter_add(&h->engine->value[STREAM_COUNT_GAP], 1);
    h->s->flag |= STREAM_LOSSY;
    side->flag |= SIDE_GAP;
    if (h->events)
        event_list_add(h->events, EVENT_STREAM_REASSEMBLY_SEQ_GAP);
    (void)give(h, &c);
    side = &h->s->side[h->at];
    side->need = side->need > len ? side->need - len : 0;
    side->app_at += len;
    return !is_app_off(h->s, side);
}

static void hand_end(struct hand *h)
{
    struct stream_side *side = &h->s->side[h->at];
    if (side->flag & SIDE_END_TOLD || is_app_off(h->s, side))
        return;
    side->flag |= SIDE_END_TOLD;
    struct stream_chunk c = {.at = side->app_at, .is_end = true};
    (void)give(h, &c);
}

/* Sides may be turned by who takes the bytes: `at` follows. */
static void hand_on(struct hand *h)
{
    for (;;) {
        struct stream_side *side = &h->s->side[h->at];
        const uint8_t *data;
        if (is_app_off(h->s, side))
            return;
        uint32_t have = stream_buffer_at(&side->buffer, side->app_at, &data);
        uint32_t len = allowed(h, side, have);
        if (have == 0) {
            uint32_t gap = lost(h, side);
            if (gap == 0 || !hand_gap(h, side, gap))
                break;
            continue;
        }
        if (len == 0 || (len < side->need && !h->is_end && !(side->flag & SIDE_DEPTH)))
            break;
        struct stream_chunk c = {.data = data, .len = len, .at = side->app_at};
        c.is_end = h->is_end && len == have && side->app_at + len >= side->buffer.edge;
        if (c.is_end)
            side->flag |= SIDE_END_TOLD;
        bool turned = h->flow->flag & FLOW_REVERSED;
        struct stream_used used = give(h, &c);
        if (turned != ((h->flow->flag & FLOW_REVERSED) != 0))
            h->at = !h->at;
        side = &h->s->side[h->at];
        side->need = used.need;
        if (used.used == 0)
            break;
        side->app_at += used.used < len ? used.used : len;
    }
    if (h->is_end)
        hand_end(h);
}

/* ---- putting in ---- */

/* How many of the packet's bytes lie within the depth; notes when it is reached. */
static uint32_t within_depth(struct tcp_packet *t, struct stream_side *side, uint64_t at,
                             uint32_t len)
{
    uint64_t depth = t->s->depth;
    if (depth == 0)
        return len;
    if (side->flag & SIDE_DEPTH)
        return 0;
    if (at + len <= depth)
        return len;
    side->flag |= SIDE_DEPTH;
    return at < depth ? (uint32_t)(depth - at) : 0;
}

/* The urgent byte (RFC 6093: the last one before the pointer) and what the policy says of it.
 * Returns the bytes of the segment that belong to the stream. */
static uint32_t without_urgent(struct tcp_packet *t, struct stream_side *side)
{
    uint8_t policy = t->engine->config.urgent;
    if (!(t->head.flags & TCP_URG) || t->head.urgent == 0 || t->head.urgent > t->len ||
        (policy != STREAM_URGENT_OOB && policy != STREAM_URGENT_GAP))
        return t->len;
    bool full = side->urgent == UINT16_MAX;
    if (full && t->engine->config.urgent_limit == STREAM_URGENT_INLINE)
        return t->len;
    if (policy == STREAM_URGENT_OOB) {
        counter_add(&t->engine->value[STREAM_COUNT_URGENT], 1);
        if (!full && ++side->urgent == UINT16_MAX)
            stream_event(t, EVENT_STREAM_REASSEMBLY_URGENT_OOB_LIMIT_REACHED);
    }
    return t->len - 1;
}

static void find_policy(struct tcp_packet *t, struct stream_side *side)
{
    const struct stream_config *config = &t->engine->config;
    struct addr receiver = flow_addr(t->p->flow, (enum flow_side) !t->p->side);
    side->has_policy = true;
    side->policy = config->policy_of ? (uint8_t)config->policy_of(config->policy_ctx, &receiver)
                                     : STREAM_POLICY_BSD;
}

static enum stream_verdict put_bytes(struct tcp_packet *t)
{
    struct stream_side *side = &t->s->side[t->p->side];
    uint64_t *value = t->engine->value;
    if (!side->has_policy)
        find_policy(t, side);
    if (is_app_off(t->s, side) && side->flag & SIDE_NO_RAW)
        return STREAM_NO_BYTES;
    uint32_t seq = t->head.seq - side->urgent;
    uint32_t len = without_urgent(t, side);
    if (t->head.flags & TCP_SYN)
        seq++; /* RFC 7413: data of a SYN follow its own number */
    int64_t place = (int64_t)side_place(side, seq);
    uint32_t before = place < 0 ? (uint32_t)-place : 0; /* older than the connection */
    if (before >= len)
        return STREAM_NO_BYTES;
    uint64_t at = place < 0 ? 0 : (uint64_t)place;
    len = within_depth(t, side, at, len - before);
    if (side->flag & SIDE_DEPTH) {
        stream_event(t, EVENT_STREAM_REASSEMBLY_DEPTH_REACHED);
        counter_add(&value[STREAM_COUNT_DEPTH], 1);
    }
    if (len == 0)
        return STREAM_TAKEN;
    bool overlaps, differs;
    struct stream_put_options o = {.policy = (enum stream_policy)side->policy,
                                   .from = side->base_at,
                                   .keep_old = t->engine->config.is_inline};
    enum stream_put rc = stream_buffer_put(&side->buffer, &t->engine->store, at, t->data + before,
                                           len, &o, &overlaps, &differs);
    counter_add(&value[STREAM_COUNT_OVERLAP], overlaps);
    counter_add(&value[STREAM_COUNT_OVERLAP_DIFFERENT], differs);
    if (differs)
        stream_event(t, EVENT_STREAM_REASSEMBLY_OVERLAP_DIFFERENT_DATA);
    if (rc == STREAM_PUT_OK)
        return STREAM_TAKEN;
    stream_event(t, rc == STREAM_PUT_MEMORY ? EVENT_STREAM_REASSEMBLY_INSERT_MEMCAP
                                            : EVENT_STREAM_REASSEMBLY_INSERT_LIMIT);
    counter_add(&value[STREAM_COUNT_MEMORY], 1);
    t->s->flag |= STREAM_LOSSY;
    return STREAM_FULL;
}

enum { MINE = 1, OTHER = 2 };

/* Whose bytes does this segment set free: those that it acknowledges; its own where nobody will
 * acknowledge them or where we are between the two. */
static unsigned free_by(const struct tcp_packet *t)
{
    const struct stream *s = t->s;
    if (t->engine->config.is_inline || t->head.flags & TCP_RST)
        return MINE;
    if (t->head.flags & TCP_FIN && s->state > STREAM_TIME_WAIT)
        return t->head.flags & TCP_ACK ? MINE | OTHER : MINE;
    if (s->state == STREAM_CLOSED)
        return MINE | OTHER;
    return s->flag & STREAM_ASYNC ? MINE : OTHER;
}

static void free_side(struct tcp_packet *t, enum flow_side at)
{
    struct hand h = {.engine = t->engine,
                     .flow = t->p->flow,
                     .s = t->s,
                     .at = at,
                     .events = t->p->events,
                     .is_end = t->s->state >= STREAM_CLOSING};
    hand_on(&h);
}

enum stream_verdict stream_add(struct tcp_packet *t)
{
    enum stream_verdict verdict = STREAM_NO_BYTES;
    unsigned whose = free_by(t);
    enum flow_side mine = t->p->side;
    if (whose & OTHER) {
        bool turned = t->p->flow->flag & FLOW_REVERSED;
        free_side(t, (enum flow_side) !mine);
        if (turned != ((t->p->flow->flag & FLOW_REVERSED) != 0)) {
            mine = (enum flow_side) !mine;
            t->p->side = mine;
        }
    }
    struct stream_side *side = &t->s->side[mine];
    if (t->len && !(side->flag & SIDE_NO_BYTES) && !(t->head.flags & TCP_RST))
        verdict = put_bytes(t);
    if (side->flag & SIDE_DEPTH && !(side->flag & SIDE_DEPTH_TOLD)) {
        side->flag |= SIDE_DEPTH_TOLD;
        whose |= MINE;
    }
    if (whose & MINE)
        free_side(t, mine);
    return verdict;
}

void stream_finish(struct stream_engine *engine, struct flow *f, enum flow_side side)
{
    struct hand h = {.engine = engine, .flow = f, .s = f->stream, .at = side, .is_end = true};
    if (!f->stream)
        return;
    h.all = f->stream->state < STREAM_CLOSED || f->stream->flag & STREAM_RESET;
    hand_on(&h);
}

void stream_hand_on(struct stream_engine *engine, struct flow *f, enum flow_side side)
{
    struct hand h = {.engine = engine, .flow = f, .s = f->stream, .at = side};
    if (f->stream)
        hand_on(&h);
}

bool stream_has_rest(const struct stream *s, enum flow_side at)
{
    const struct stream_side *side = &s->side[at];
    if (!(side->flag & SIDE_NO_RAW) && side->buffer.edge > side->raw_at)
        return true;
    return !is_app_off(s, side) && side->buffer.edge > side->app_at;
}

/* ---- raw bytes ---- */

uint64_t stream_raw_progress(const struct stream *s, enum flow_side side)
{
    return s->side[side].raw_at;
}

bool stream_raw_next(const struct stream *s, enum flow_side at, uint64_t *progress,
                     struct stream_view *out)
{
    const struct stream_side *side = &s->side[at];
    uint64_t from = stream_buffer_next(&side->buffer, *progress);
    if (from == UINT64_MAX)
        return false;
    const uint8_t *data;
    uint32_t len = stream_buffer_at(&side->buffer, from, &data);
    uint64_t start = stream_buffer_run_start(&side->buffer, from);
    uint64_t before = from - start < RAW_BEFORE ? from - start : RAW_BEFORE;
    *out = (struct stream_view){.data = data - before,
                                .len = (uint32_t)(len + before),
                                .fresh = len,
                                .at = from - before,
                                .gap_before = from > *progress};
    *progress = from + len;
    return true;
}

void stream_raw_done(struct stream *s, enum flow_side side, uint64_t progress)
{
    if (progress > s->side[side].raw_at)
        s->side[side].raw_at = progress;
    s->side[side].flag &= (uint16_t)~SIDE_TRIGGER;
}

void stream_raw_trigger(struct stream *s, enum flow_side side)
{
    s->side[side].flag |= SIDE_TRIGGER;
}

void stream_raw_disable(struct stream *s, enum flow_side side)
{
    s->side[side].flag |= SIDE_NO_RAW;
}

uint32_t stream_bytes_at(const struct stream *s, enum flow_side side, uint64_t at,
                         const uint8_t **out_data)
{
    return stream_buffer_at(&s->side[side].buffer, at, out_data);
}

uint64_t stream_app_progress(const struct stream *s, enum flow_side side)
{
    return s->side[side].app_at;
}

bool stream_log_view(const struct stream *s, enum flow_side side, uint32_t most,
                     struct stream_view *out)
{
    const struct stream_buffer *b = &s->side[side].buffer;
    uint64_t at = stream_buffer_next(b, 0);
    if (at == UINT64_MAX)
        return false;
    *out = (struct stream_view){.at = at};
    uint32_t len = stream_buffer_at(b, at, &out->data);
    out->len = out->fresh = len < most ? len : most;
    return true;
}

uint64_t stream_place(const struct stream *s, enum flow_side side, uint32_t seq)
{
    return side_place(&s->side[side], seq);
}

uint64_t stream_acked(const struct stream *s, enum flow_side side)
{
    return acked_place(&s->side[side]);
}

/* ---- dropping ---- */

static void prune_side(struct stream_engine *engine, struct stream *s, enum flow_side at)
{
    struct stream_side *side = &s->side[at];
    uint64_t keep = side->buffer.edge;
    /* inline, a packet's bytes are looked at together with those around them */
    uint64_t around = engine->config.is_inline ? engine->config.raw_chunk[at] : 0;
    if (!is_app_off(s, side) && side->app_at < keep)
        keep = side->app_at;
    if (!(side->flag & SIDE_NO_RAW) && side->raw_at < keep + around)
        keep = side->raw_at > around ? side->raw_at - around : 0;
    if (is_app_off(s, side) && side->flag & SIDE_NO_RAW)
        side->app_at = side->raw_at = keep;
    /* what is not acknowledged yet may come again with other bytes */
    uint64_t acked = acked_place(side);
    if (!engine->config.is_inline && acked < keep)
        keep = acked;
    if (side->buffer.run_count == 0 && keep < side->buffer.edge)
        keep = side->buffer.edge;
    if (keep <= side->base_at)
        return;
    stream_buffer_drop(&side->buffer, &engine->store, keep);
    side->base_seq += (uint32_t)(keep - side->base_at);
    side->base_at = keep;
}

void stream_prune(struct stream_engine *engine, struct flow *f)
{
    if (!f->stream)
        return;
    prune_side(engine, f->stream, FLOW_TO_SERVER);
    prune_side(engine, f->stream, FLOW_TO_CLIENT);
}

void stream_free(struct stream_engine *engine, struct flow *f)
{
    struct stream *s = f->stream;
    if (!s)
        return;
    stream_buffer_done(&s->side[0].buffer, &engine->store);
    stream_buffer_done(&s->side[1].buffer, &engine->store);
    mem_free(s->handshake);
    memset(s, 0, sizeof *s);
    s->next_free = engine->free_list;
    engine->free_list = s;
    f->stream = NULL;
}
