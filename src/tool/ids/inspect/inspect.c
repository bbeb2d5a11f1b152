/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which protocol a flow speaks, and the list of its transactions. */
#include "tool/ids/inspect/inspect.h"

#include <string.h>

#include "core/base/counter.h"
#include "core/base/mem.h"
#include "tool/ids/inspect/inspect_private.h"
#include "wire/packet/layer/number.h"

enum {
    FRAME_MAX = 64,              /* live frames of a side */
    PROBE_BYTES_MAX = 64 * 1024, /* so much and still undecided: nothing known */
};

const struct inspect_settings inspect_settings_default = {
    .tx_max = 512,
    .request_body_max = 100 * 1024,
    .response_body_max = 100 * 1024,
    .decode_layer_max = 2,
    .decode_bomb_max = 1024 * 1024,
    .decode_response = true,
    .mqtt_message_max = 1024 * 1024,
    .mqtt_text_max = 1024,
    .ftp_line_max = 4096,
    .mqtt_passwords = true,
    .file_max = 128 * 1024,
    .dns = {.version = 3, .requests = true, .responses = true, .detailed = true, .grouped = true},
};

static unsigned transport_index(const struct flow *f)
{
    return f->proto == IP_PROTO_UDP;
}

static struct inspect_flow *flow_open(struct inspect_thread *t, struct flow *f)
{
    struct inspect_flow *i = f->inspect;
    if (!i) {
        f->inspect = i = mem_zero(sizeof *i);
        i->flow = f;
    }
    i->thread = t;
    return i;
}

/* ---- recognition ---- */

static bool is_row_usable(const struct inspect_flow *f, size_t row)
{
    const struct inspect_proto *p = inspect_protos[row];
    unsigned transport = transport_index(f->flow) ? INSPECT_UDP : INSPECT_TCP;
    return p->probe && p->transports & transport && !f->thread->settings->is_off[p->id];
}

/* YES: *out_proto; MORE: some may still be; NO: none is. */
static enum inspect_answer probe_all(struct inspect_flow *f, const struct inspect_probe *probe,
                                     const struct inspect_proto **out_proto)
{
    bool more = false;
    for (size_t row = 0; row < inspect_proto_rows; row++) {
        uint64_t bit = UINT64_C(1) << row;
        if (f->ruled_out[probe->side] & bit)
            continue;
        enum inspect_answer a =
            is_row_usable(f, row) ? inspect_protos[row]->probe(probe) : INSPECT_NO;
        if (a == INSPECT_YES && more && !probe->is_end)
            continue; /* an earlier row may still be it: earlier ones are the surer ones */
        if (a == INSPECT_YES) {
            *out_proto = inspect_protos[row];
            return INSPECT_YES;
        }
        if (a == INSPECT_NO)
            f->ruled_out[probe->side] |= bit;
        more |= a == INSPECT_MORE;
    }
    return more ? INSPECT_MORE : INSPECT_NO;
}

static void begin(struct inspect_flow *f, const struct inspect_proto *proto, enum flow_side side)
{
    struct flow *flow = f->flow;
    f->proto = proto;
    flow->app = flow->app_side[side] = (uint8_t)proto->id;
    f->finding[side] = FINDING_DONE;
    counter_add(&f->thread->flows[proto->id][transport_index(flow)], 1);
    bool parsed = proto->take && !f->thread->settings->only_recognise[proto->id];
    if (parsed && proto->open)
        f->state = proto->open(f);
    if (!parsed) {
        f->is_failed = true;
        if (flow->stream)
            stream_app_disable(flow->stream);
    }
}

static void give_up(struct inspect_flow *f, enum flow_side side)
{
    struct flow *flow = f->flow;
    f->finding[side] = FINDING_FAILED;
    flow->app_side[side] = INSPECT_FAILED;
    if (f->proto || f->finding[!side] != FINDING_FAILED)
        return;
    flow->app = INSPECT_FAILED;
    flow->flag |= FLOW_APP_DONE;
    counter_add(&f->thread->flows[INSPECT_FAILED][transport_index(flow)], 1);
    if (flow->stream)
        stream_app_disable(flow->stream);
}

/* The other side told the protocol: these bytes should be of it, too. */
static void check_other_side(struct inspect_flow *f, const struct inspect_probe *probe)
{
    const struct inspect_proto *seen = NULL;
    enum flow_side side = probe->side;
    enum inspect_answer a = f->proto->probe ? f->proto->probe(probe) : INSPECT_YES;
    f->finding[side] = FINDING_DONE;
    f->flow->app_side[side] = (uint8_t)f->proto->id;
    if (a != INSPECT_NO || probe_all(f, probe, &seen) != INSPECT_YES || seen == f->proto)
        return;
    f->flow->app_side[side] = (uint8_t)seen->id;
    inspect_flow_event(f, INSPECT_EVENT_APPLAYER_MISMATCH_PROTOCOL_BOTH_DIRECTIONS);
}

/* The answer came first: who was taken for the client is the server. */
static void turn(struct inspect_flow *f)
{
    flow_swap_sides(f->flow);
    if (f->flow->stream)
        stream_swap_sides(f->flow->stream);
    uint64_t mask = f->ruled_out[0];
    f->ruled_out[0] = f->ruled_out[1];
    f->ruled_out[1] = mask;
    uint8_t finding = f->finding[0];
    f->finding[0] = f->finding[1];
    f->finding[1] = finding;
}

static bool may_turn(const struct inspect_flow *f, enum flow_side side)
{
    if (f->finding[!side] == FINDING_DONE)
        return false;
    return !f->flow->stream || stream_is_midstream(f->flow->stream);
}

static bool same_ends(const struct inspect_expect *x, const struct flow *flow)
{
    struct addr client = flow_client(flow), server = flow_server(flow);
    return (addr_equal(&x->a, &client) && addr_equal(&x->b, &server)) ||
           (addr_equal(&x->a, &server) && addr_equal(&x->b, &client));
}

void inspect_expect(struct inspect_flow *f, struct inspect_expect *what)
{
    struct inspect_thread *t = f->thread;
    what->a = flow_client(f->flow);
    what->b = flow_server(f->flow);
    if (t->expect[t->expect_next].port == 0)
        t->expect_count++;
    t->expect[t->expect_next] = *what;
    t->expect_next = (t->expect_next + 1) % INSPECT_EXPECT_MAX;
}

/* Was this flow announced by another? */
static const struct inspect_proto *expected(struct inspect_flow *f)
{
    struct inspect_thread *t = f->thread;
    if (!t->expect_count || transport_index(f->flow))
        return NULL;
    for (uint32_t i = 0; i < INSPECT_EXPECT_MAX; i++) {
        struct inspect_expect *x = &t->expect[i];
        if (x->port == 0 || x->port != f->flow->port[FLOW_TO_CLIENT] || !same_ends(x, f->flow))
            continue;
        if (!f->expected)
            f->expected = mem_zero(sizeof *x);
        *f->expected = *x;
        x->port = 0;
        t->expect_count--;
        return inspect_proto_of((enum inspect_proto_id)f->expected->proto);
    }
    return NULL;
}

/* True when the bytes may be parsed now. */
static bool find_proto(struct inspect_flow *f, enum flow_side *at, const struct stream_chunk *c)
{
    enum flow_side side = *at;
    bool reversed = false;
    struct inspect_probe probe = {.data = c->data,
                                  .len = c->len,
                                  .side = side,
                                  .flow = f->flow,
                                  .port = f->flow->port[FLOW_TO_CLIENT],
                                  .src_port = f->flow->port[FLOW_TO_SERVER],
                                  .reversed = &reversed,
                                  .is_end = c->is_end || c->is_depth};
    if (f->proto) {
        if (f->finding[side] == FINDING_PENDING && c->len)
            check_other_side(f, &probe);
        return true;
    }
    if (f->finding[side] == FINDING_FAILED || c->len == 0)
        return false;
    const struct inspect_proto *proto = expected(f);
    if (proto) {
        begin(f, proto, side);
        f->finding[!side] = FINDING_DONE;
        f->flow->app_side[!side] = (uint8_t)proto->id;
        return true;
    }
    enum inspect_answer a = probe_all(f, &probe, &proto);
    if (a == INSPECT_YES) {
        if (reversed && may_turn(f, side)) {
            turn(f);
            *at = side = (enum flow_side) !side;
        }
        begin(f, proto, side);
        return true;
    }
    if (a == INSPECT_NO || c->len > PROBE_BYTES_MAX || probe.is_end)
        give_up(f, side);
    return false;
}

/* ---- bytes ---- */

/* The flow goes on as another protocol: what follows is recognised anew. */
static struct stream_used start_again(struct inspect_flow *f, struct stream_used used)
{
    struct inspect_thread *t = f->thread;
    struct flow *flow = f->flow;
    uint8_t to = f->change_to;
    f->change_to = INSPECT_UNKNOWN;
    flow->app_before = flow->app;
    inspect_clean(t, flow);
    f->old_proto = f->proto;
    f->old_state = f->state;
    f->state = NULL;
    f->proto = NULL;
    f->ruled_out[0] = f->ruled_out[1] = 0;
    f->finding[0] = f->finding[1] = FINDING_PENDING;
    flow->app = flow->app_side[0] = flow->app_side[1] = INSPECT_UNKNOWN;
    f->expect = to;
    if (flow->stream)
        stream_app_enable(flow->stream);
    return used;
}

struct stream_used inspect_take(struct inspect_thread *t, struct flow *flow, enum flow_side side,
                                const struct stream_chunk *chunk)
{
    struct inspect_flow *f = flow_open(t, flow);
    struct stream_used none = {0, 0};
    if (flow->flag & FLOW_APP_DONE || f->is_failed)
        return inspect_all(chunk);
    if (!f->proto && chunk->gap) {
        give_up(f, side);
        return none;
    }
    bool knew = f->proto != NULL;
    if (!find_proto(f, &side, chunk))
        return none;
    if (!knew && t->hand_on && f->finding[!side] != FINDING_DONE)
        t->hand_on(t->ctx, flow, (enum flow_side) !side); /* it spoke first: hear it first */
    if (f->is_failed || !f->proto->take)
        return inspect_all(chunk);
    struct stream_used used = f->proto->take(f, f->state, side, chunk);
    return f->change_to ? start_again(f, used) : used;
}

enum flow_side inspect_datagram(struct inspect_thread *t, struct flow *flow, enum flow_side side,
                                const uint8_t *data, uint32_t len)
{
    struct inspect_flow *f = flow_open(t, flow);
    struct stream_chunk chunk = {.data = data, .len = len};
    f->datagram = (struct stream_chunk){0}; /* the one before is gone */
    if (flow->flag & FLOW_APP_DONE || f->is_failed || len == 0)
        return side;
    f->datagram = chunk;
    if (!find_proto(f, &side, &chunk)) {
        if (f->finding[side] == FINDING_PENDING) /* a datagram is whole */
            give_up(f, side);
    } else if (!f->is_failed && f->proto->take) {
        (void)f->proto->take(f, f->state, side, &chunk);
    }
    return side;
}

/* ---- transactions ---- */

static void tx_free(struct inspect_flow *f, struct inspect_tx *tx)
{
    const struct inspect_proto *proto = inspect_proto_of((enum inspect_proto_id)tx->proto);
    if (f->thread->tx_end && (tx->detect[0] || tx->detect[1]))
        f->thread->tx_end(f->thread->ctx, f->flow, tx);
    if (proto && proto->tx_free)
        proto->tx_free(f, tx);
    mem_free(tx);
}

void *inspect_tx_new(struct inspect_flow *f, size_t size)
{
    if (f->count >= f->thread->settings->tx_max)
        return NULL;
    struct inspect_tx *tx = mem_zero(size);
    tx->id = f->next_id++;
    tx->proto = (uint8_t)f->proto->id;
    tx->first_frame = f->thread->frame;
    tx->fresh[0] = tx->fresh[1] = true;
    if (f->last)
        f->last->next = tx;
    else
        f->first = tx;
    f->last = tx;
    f->count++;
    counter_add(&f->thread->txs[tx->proto][transport_index(f->flow)], 1);
    return tx;
}

void inspect_tx_progress(struct inspect_flow *f, struct inspect_tx *tx, enum flow_side side,
                         uint8_t progress)
{
    if (progress > tx->progress[side])
        tx->progress[side] = progress;
    tx->fresh[side] = true;
    tx->last_frame = f->thread->frame;
}

void inspect_tx_done(struct inspect_flow *f, struct inspect_tx *tx)
{
    inspect_tx_progress(f, tx, FLOW_TO_SERVER, INSPECT_DONE);
    inspect_tx_progress(f, tx, FLOW_TO_CLIENT, INSPECT_DONE);
}

static bool is_finished(const struct inspect_tx *tx)
{
    return tx->progress[0] == INSPECT_DONE && tx->progress[1] == INSPECT_DONE && tx->inspected[0] &&
           tx->inspected[1] && tx->flag & (INSPECT_TX_LOGGED | INSPECT_TX_NO_LOG) &&
           tx->event_logged >= tx->event_count;
}

void inspect_clean(struct inspect_thread *t, struct flow *flow)
{
    struct inspect_flow *f = flow->inspect;
    if (!f)
        return;
    f->thread = t;
    f->datagram = (struct stream_chunk){0}; /* it goes with its packet */
    struct inspect_tx **link = &f->first;
    f->last = NULL;
    while (*link) {
        struct inspect_tx *tx = *link;
        if (is_finished(tx) && !(tx->flag & INSPECT_TX_KEEP)) {
            *link = tx->next;
            f->count--;
            tx_free(f, tx);
        } else {
            f->last = tx;
            link = &tx->next;
        }
    }
}

void inspect_flow_free(struct inspect_thread *t, struct flow *flow)
{
    struct inspect_flow *f = flow->inspect;
    if (!f)
        return;
    f->thread = t;
    while (f->first) {
        struct inspect_tx *tx = f->first;
        f->first = tx->next;
        tx_free(f, tx);
    }
    if (f->old_proto && f->old_proto->close && f->old_state)
        f->old_proto->close(f, f->old_state);
    if (f->proto && f->proto->close && f->state)
        f->proto->close(f, f->state);
    for (int side = 0; side < FLOW_SIDES; side++) {
        for (uint32_t i = 0; i < f->frame_count[side]; i++)
            if (t->frame_end && f->frame[side][i].detect)
                t->frame_end(t->ctx, &f->frame[side][i]);
        mem_free(f->frame[side]);
    }
    mem_free(f->expected);
    mem_free(f);
    flow->inspect = NULL;
}

/* ---- told by the protocols ---- */

void inspect_event(struct inspect_flow *f, struct inspect_tx *tx, enum inspect_event event)
{
    if (!tx) {
        inspect_flow_event(f, event);
        return;
    }
    if (tx->event_count < INSPECT_TX_EVENT_MAX && !inspect_tx_has_event(tx, event))
        tx->event[tx->event_count++] = (uint16_t)event;
    tx->fresh[0] = tx->fresh[1] = true;
}

void inspect_flow_event(struct inspect_flow *f, enum inspect_event event)
{
    if (f->event_count < INSPECT_FLOW_EVENT_MAX)
        f->event[f->event_count++] = (uint16_t)event;
}

struct stream_used inspect_fail(struct inspect_flow *f, enum inspect_error why)
{
    counter_add(&f->thread->errors[f->proto->id][transport_index(f->flow)][why], 1);
    f->is_failed = f->has_error = true;
    if (f->flow->stream)
        stream_app_disable(f->flow->stream);
    for (struct inspect_tx *tx = f->first; tx; tx = tx->next)
        inspect_tx_done(f, tx);
    return (struct stream_used){UINT32_MAX, 0};
}

void inspect_change(struct inspect_flow *f, enum inspect_proto_id to)
{
    f->change_to = to == INSPECT_UNKNOWN ? INSPECT_FAILED : (uint8_t)to;
}

void inspect_raw_trigger(struct inspect_flow *f, enum flow_side side)
{
    if (f->flow->stream)
        stream_raw_trigger(f->flow->stream, side);
}

struct inspect_frame *inspect_frame_new(struct inspect_flow *f, enum flow_side side,
                                        const char *type, uint64_t at, int64_t len)
{
    if (!f->thread->wants_frames)
        return NULL;
    uint32_t *count = &f->frame_count[side], *capacity = &f->frame_capacity[side];
    if (*count == FRAME_MAX) { /* the oldest goes */
        if (f->thread->frame_end && f->frame[side][0].detect)
            f->thread->frame_end(f->thread->ctx, &f->frame[side][0]);
        memmove(f->frame[side], f->frame[side] + 1, (FRAME_MAX - 1) * sizeof **f->frame);
        --*count;
    }
    if (*count == *capacity) {
        *capacity = *capacity ? *capacity * 2 : 8;
        f->frame[side] = mem_resize(f->frame[side], *capacity, sizeof **f->frame);
    }
    struct inspect_frame *frame = &f->frame[side][(*count)++];
    *frame = (struct inspect_frame){.type = type,
                                    .at = at,
                                    .len = len,
                                    .id = ++f->frame_id,
                                    .is_done = len >= 0,
                                    .side = (uint8_t)side};
    return frame;
}

/* ---- asked by rules and records ---- */

size_t inspect_tx_count(const struct flow *f)
{
    return f && f->inspect ? inspect_of(f)->count : 0;
}

struct inspect_tx *inspect_tx_first(const struct flow *f)
{
    return f && f->inspect ? inspect_of(f)->first : NULL;
}

struct inspect_tx *inspect_tx_at(const struct flow *f, size_t index)
{
    struct inspect_tx *tx = inspect_tx_first(f);
    while (tx && index--)
        tx = tx->next;
    return tx;
}

static bool side_fits(const struct buffer_row *row, enum flow_side side)
{
    return row->side & (side == FLOW_TO_SERVER ? BUFFER_TO_SERVER : BUFFER_TO_CLIENT);
}

bool inspect_buffer(const struct flow *f, const struct inspect_tx *tx, enum flow_side side,
                    enum buffer_id buffer, unsigned index, struct span *out)
{
    const struct buffer_row *row = &buffer_row[buffer];
    const struct inspect_proto *proto = inspect_proto_of((enum inspect_proto_id)tx->proto);
    if (!side_fits(row, side) || tx->progress[side] < row->progress || !proto)
        return false;
    if (proto->buffer && proto->buffer(inspect_of(f), tx, side, buffer, index, out))
        return true;
    if (buffer != BUFFER_FILE_DATA && buffer != BUFFER_FILE_NAME)
        return false;
    const struct inspect_file *file = proto->file ? proto->file(tx, side, index) : NULL;
    if (!file)
        return false;
    return buffer == BUFFER_FILE_DATA ? inspect_file_data(file, out)
                                      : inspect_span(out, file->name, file->name_len);
}

bool inspect_number(const struct flow *f, const struct inspect_tx *tx, enum flow_side side,
                    enum number_id number, unsigned index, uint64_t *out)
{
    const struct buffer_row *row = &number_row[number];
    const struct inspect_proto *proto = inspect_proto_of((enum inspect_proto_id)tx->proto);
    if (!side_fits(row, side) || tx->progress[side] < row->progress || !proto)
        return false;
    if (number == NUMBER_FILE_SIZE) {
        const struct inspect_file *file = proto->file ? proto->file(tx, side, index) : NULL;
        if (file)
            *out = file->size;
        return file != NULL;
    }
    return proto->number && proto->number(inspect_of(f), tx, side, number, index, out);
}

bool inspect_flow_has_event(const struct flow *f, enum inspect_event event)
{
    const struct inspect_flow *i = inspect_of(f);
    for (uint8_t n = 0; i && n < i->event_count; n++)
        if (i->event[n] == event)
            return true;
    return false;
}

size_t inspect_file_count(const struct flow *f, const struct inspect_tx *tx, enum flow_side side)
{
    size_t count = 0;
    while (inspect_file_at(f, tx, side, count))
        count++;
    return count;
}

struct inspect_file *inspect_file_at(const struct flow *f, const struct inspect_tx *tx,
                                     enum flow_side side, size_t index)
{
    const struct inspect_proto *proto = inspect_proto_of((enum inspect_proto_id)tx->proto);
    (void)f;
    return proto && proto->file ? proto->file(tx, side, index) : NULL;
}

void inspect_eve(const struct flow *f, const struct inspect_tx *tx, struct json_out *json)
{
    const struct inspect_proto *proto = inspect_proto_of((enum inspect_proto_id)tx->proto);
    if (proto && proto->eve)
        proto->eve(inspect_of(f), tx, json);
}

size_t inspect_frame_count(const struct flow *f, enum flow_side side)
{
    return f && f->inspect ? inspect_of(f)->frame_count[side] : 0;
}

struct inspect_frame *inspect_frame_at(const struct flow *f, enum flow_side side, size_t index)
{
    return index < inspect_frame_count(f, side) ? &inspect_of(f)->frame[side][index] : NULL;
}

bool inspect_frame_data(const struct flow *f, const struct inspect_frame *frame, struct span *out)
{
    const uint8_t *data = NULL;
    uint32_t len = 0;
    if (f->stream) {
        len = stream_bytes_at(f->stream, (enum flow_side)frame->side, frame->at, &data);
    } else if (frame->at < inspect_of(f)->datagram.len) {
        data = inspect_of(f)->datagram.data + frame->at;
        len = inspect_of(f)->datagram.len - (uint32_t)frame->at;
    }
    if (!data)
        return false;
    bool whole = frame->len >= 0 && (uint64_t)frame->len <= len;
    *out = (struct span){.data = data, .len = whole ? (size_t)frame->len : len, .is_last = whole};
    return true;
}

const struct inspect_proto *inspect_proto_of(enum inspect_proto_id id)
{
    for (size_t row = 0; row < inspect_proto_rows; row++)
        if (inspect_protos[row]->id == id)
            return inspect_protos[row];
    return NULL;
}

bool inspect_proto_is_parsed(enum inspect_proto_id id)
{
    const struct inspect_proto *proto = inspect_proto_of(id);
    return proto && proto->take;
}
