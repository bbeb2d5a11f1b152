/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The states of a connection as an observer between the ends sees them (RFC 9293 3.3.2, both ends
 * at once).  FLOW_TO_SERVER is the side of who sent the first SYN.  The file is long because each
 * state has its own answer to each kind of segment. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "wire/packet/stream_private.h"

enum { WSCALE_MAX = 14 }; /* RFC 7323 2.3 */

static struct stream_side *mine(const struct tcp_packet *t)
{
    return &t->s->side[t->p->side];
}

static struct stream_side *other(const struct tcp_packet *t)
{
    return &t->s->side[!t->p->side];
}

static bool to_server(const struct tcp_packet *t)
{
    return t->p->side == FLOW_TO_SERVER;
}

static enum stream_verdict refuse(const struct tcp_packet *t, enum packet_event event)
{
    stream_event(t, event);
    return STREAM_INVALID;
}

void stream_set_state(struct tcp_packet *t, enum stream_state state)
{
    if (t->s->state == state)
        return;
    t->s->before = t->s->state;
    t->s->state = (uint8_t)state;
}

static void move_last_ack(struct stream_side *side, uint32_t ack)
{
    if (seq_after(ack, side->last_ack) && seq_after(ack, side->base_seq - 1))
        side->last_ack = ack;
}

static void move_next_seq(const struct tcp_packet *t, struct stream_side *side, uint32_t seq)
{
    side->next_seq = seq;
    if (t->s->flag & STREAM_ASYNC && seq_after(seq, side->last_ack))
        side->last_ack = seq; /* no one else will say that it arrived */
}

static void move_window(const struct tcp_packet *t)
{
    struct stream_side *o = other(t);
    o->window = (uint32_t)t->head.window << o->wscale;
    if (seq_after(o->last_ack + o->window, o->next_win))
        o->next_win = o->last_ack + o->window;
}

static void note_timestamps(struct tcp_packet *t)
{
    if (!t->option.has_timestamp)
        return;
    mine(t)->last_ts = t->option.timestamp;
    other(t)->last_ts = t->option.timestamp_echo;
    mine(t)->last_ts_s = (uint32_t)(t->p->wall_ns / NS_PER_S);
    t->s->flag |= STREAM_TIMESTAMP;
}

/* ---- nothing known yet ---- */

/* The middle of a connection: both windows are taken to be as wide as they can be. */
static void pick_up(struct tcp_packet *t, enum stream_state state)
{
    struct stream_side *m = mine(t), *o = other(t);
    bool fin = t->head.flags & TCP_FIN;
    t->s->flag |= STREAM_MIDSTREAM | STREAM_SACK;
    if (t->engine->config.async_oneside)
        t->s->flag |= STREAM_ASYNC;
    stream_set_state(t, state);
    m->wscale = o->wscale = WSCALE_MAX;
    stream_side_begin(m, t->head.seq - 1);
    m->next_seq = t->head.seq + t->len + fin;
    m->window = (uint32_t)t->head.window << WSCALE_MAX;
    m->last_ack = t->head.seq;
    m->next_win = m->last_ack + m->window;
    stream_side_begin(o, t->head.ack - 1);
    o->next_seq = o->isn + 1;
    o->last_ack = t->head.ack;
    o->window = (uint32_t)t->head.window << WSCALE_MAX;
    o->next_win = o->last_ack + o->window;
    note_timestamps(t);
    counter_add(&t->engine->value[STREAM_COUNT_MIDSTREAM], 1);
}

static void pick_up_synack(struct tcp_packet *t)
{
    if (to_server(t)) { /* who answers is the server */
        flow_swap_sides(t->p->flow);
        t->p->side = FLOW_TO_CLIENT;
    }
    struct stream_side *server = mine(t), *client = other(t);
    t->s->flag |= STREAM_MIDSTREAM | STREAM_MIDSTREAM_SYNACK;
    if (t->engine->config.async_oneside)
        t->s->flag |= STREAM_ASYNC;
    stream_set_state(t, STREAM_SYN_RECV);
    stream_side_begin(server, t->head.seq);
    server->next_seq = server->isn + 1;
    server->window = t->head.window;
    server->last_ack = server->isn;
    server->next_win = server->last_ack + server->window;
    stream_side_begin(client, t->head.ack - 1);
    client->next_seq = client->isn + 1;
    client->last_ack = t->head.ack;
    client->window = t->head.window;
    client->next_win = client->last_ack + client->window;
    if (t->option.has_window_scale) {
        client->wscale = t->option.window_scale;
        server->wscale = WSCALE_MAX;
    }
    note_timestamps(t);
    counter_add(&t->engine->value[STREAM_COUNT_MIDSTREAM], 1);
}

static void take_syn(struct tcp_packet *t, struct stream_side *client, struct stream_side *server)
{
    stream_side_begin(client, t->head.seq);
    client->next_seq = client->isn + 1;
    client->flag &= (uint16_t)~SIDE_TIMESTAMP;
    client->last_ts = 0;
    if (t->option.has_timestamp) {
        client->last_ts = t->option.timestamp;
        client->last_ts_s = (uint32_t)(t->p->wall_ns / NS_PER_S);
        client->flag |= SIDE_TIMESTAMP;
    }
    server->window = t->head.window;
    server->wscale = 0;
    t->s->flag &= ~(uint32_t)(STREAM_CLIENT_WSCALE | STREAM_SACK);
    if (t->option.has_window_scale) {
        t->s->flag |= STREAM_CLIENT_WSCALE;
        server->wscale = t->option.window_scale > WSCALE_MAX ? WSCALE_MAX : t->option.window_scale;
    }
    if (t->option.sack_permitted)
        t->s->flag |= STREAM_SACK;
}

static enum stream_verdict begin_by_syn(struct tcp_packet *t)
{
    stream_set_state(t, STREAM_SYN_SENT);
    if (t->engine->config.async_oneside)
        t->s->flag |= STREAM_ASYNC;
    take_syn(t, mine(t), other(t));
    if (!t->has_fastopen)
        return STREAM_NO_BYTES;
    t->s->flag |= STREAM_FASTOPEN;
    if (t->len == 0)
        return STREAM_NO_BYTES;
    t->s->flag |= STREAM_FASTOPEN_DATA;
    move_next_seq(t, mine(t), mine(t)->next_seq + t->len);
    return stream_add(t);
}

static enum stream_verdict in_none(struct tcp_packet *t)
{
    const struct stream_config *config = &t->engine->config;
    if (t->head.flags & TCP_RST)
        return refuse(t, EVENT_STREAM_RST_BUT_NO_SESSION);
    if (t->head.flags & TCP_FIN) {
        if (!config->midstream || t->len == 0)
            return refuse(t, EVENT_STREAM_FIN_BUT_NO_SESSION);
        pick_up(t, STREAM_FIN_WAIT1);
        return stream_add(t);
    }
    if ((t->head.flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK)) {
        if (!config->midstream && !config->async_oneside)
            return STREAM_UNTRACKED;
        pick_up_synack(t);
        return STREAM_NO_BYTES;
    }
    if (t->head.flags & TCP_SYN)
        return begin_by_syn(t);
    if (!(t->head.flags & TCP_ACK) || !config->midstream)
        return STREAM_UNTRACKED;
    pick_up(t, STREAM_ESTABLISHED);
    return stream_add(t);
}

/* ---- the handshake ---- */

static struct handshake handshake_of(const struct tcp_packet *t)
{
    return (struct handshake){.seq = t->head.seq,
                              .ack = t->head.ack,
                              .ts = t->option.has_timestamp ? t->option.timestamp : 0,
                              .window = t->head.window,
                              .wscale = t->option.window_scale,
                              .has_wscale = t->option.has_window_scale,
                              .has_ts = t->option.has_timestamp,
                              .sack = t->option.sack_permitted};
}

/* Remember one; when there are too many the oldest goes.  False when that happened. */
static bool remember(struct tcp_packet *t, const struct handshake *h, uint8_t most)
{
    struct stream *s = t->s;
    if (most > STREAM_HANDSHAKE_MAX)
        most = STREAM_HANDSHAKE_MAX;
    if (!s->handshake)
        s->handshake = mem_zero(STREAM_HANDSHAKE_MAX * sizeof *s->handshake);
    for (uint8_t i = 0; i < s->handshake_count; i++)
        if (s->handshake[i].seq == h->seq && s->handshake[i].ack == h->ack &&
            s->handshake[i].ts == h->ts)
            return true;
    bool fits = s->handshake_count < most;
    if (!fits)
        memmove(s->handshake, s->handshake + 1, (most - 1u) * sizeof *s->handshake);
    else
        s->handshake_count++;
    s->handshake[s->handshake_count - 1] = *h;
    return fits;
}

static void forget_handshakes(struct stream *s)
{
    s->handshake_count = 0;
}

/* The SYN that was used is one of several: go back to the one that this acknowledges. */
static bool use_remembered_syn(struct tcp_packet *t, uint32_t ack)
{
    struct stream_side *client = other(t), *server = mine(t);
    for (uint8_t i = 0; i < t->s->handshake_count; i++) {
        const struct handshake *h = &t->s->handshake[i];
        if (h->seq + 1 != ack)
            continue;
        stream_side_begin(client, h->seq);
        client->next_seq = client->isn + 1;
        client->last_ts = h->ts;
        client->flag =
            (uint16_t)(h->has_ts ? client->flag | SIDE_TIMESTAMP : client->flag & ~SIDE_TIMESTAMP);
        server->window = h->window;
        server->wscale = h->has_wscale ? h->wscale : 0;
        t->s->flag |= h->has_wscale ? STREAM_CLIENT_WSCALE : 0u;
        return true;
    }
    return false;
}

static void take_synack(struct tcp_packet *t, const struct handshake *h)
{
    struct stream_side *server = &t->s->side[FLOW_TO_CLIENT];
    struct stream_side *client = &t->s->side[FLOW_TO_SERVER];
    stream_set_state(t, STREAM_SYN_RECV);
    stream_side_begin(server, h->seq);
    server->next_seq = server->isn + 1;
    client->window = h->window;
    if (h->has_ts && client->flag & SIDE_TIMESTAMP) {
        server->last_ts = h->ts;
        server->last_ts_s = (uint32_t)(t->p->wall_ns / NS_PER_S);
        t->s->flag |= STREAM_TIMESTAMP;
    } else {
        client->last_ts = server->last_ts = 0;
        t->s->flag &= ~(uint32_t)STREAM_TIMESTAMP;
    }
    client->last_ack = h->ack;
    server->last_ack = server->isn + 1;
    bool scale = t->s->flag & STREAM_CLIENT_WSCALE && h->has_wscale;
    client->wscale = scale ? (h->wscale > WSCALE_MAX ? WSCALE_MAX : h->wscale) : 0;
    if (!scale)
        server->wscale = 0;
    server->next_win = server->last_ack + server->window;
    client->next_win = client->last_ack + client->window;
    t->s->flag &= ~(uint32_t)STREAM_FOUR_WAY;
}

/* RFC 7323 3.2: a SYN+ACK echoes the SYN's stamp. */
static bool echo_is_good(const struct tcp_packet *t)
{
    const struct stream_side *client = other(t);
    if (to_server(t) || !t->option.has_timestamp)
        return true;
    uint32_t echo = t->option.timestamp_echo;
    if (client->flag & SIDE_TIMESTAMP)
        return client->last_ts == 0 || echo == 0 || echo == client->last_ts;
    return client->last_ts != 0 || echo == 0;
}

static enum stream_verdict answer_to_syn(struct tcp_packet *t)
{
    struct stream_side *client = other(t);
    bool bad_echo = !t->engine->config.liberal_timestamps && !echo_is_good(t);
    bool fast = t->s->flag & STREAM_FASTOPEN;
    bool matches = t->head.ack == (fast ? client->next_seq : client->isn + 1) && !bad_echo;
    if (!matches && fast && t->head.ack == client->isn + 1 && !bad_echo) {
        /* RFC 7413 3: the server did not take the SYN's data, they will come again */
        client->next_seq = client->isn + 1;
        stream_event(t, EVENT_STREAM_3WHS_SYNACK_TFO_DATA_IGNORED);
        stream_buffer_done(&client->buffer, &t->engine->store);
        client->app_at = client->raw_at = 0;
        matches = true;
    }
    if (!matches && !use_remembered_syn(t, t->head.ack))
        return refuse(t, bad_echo && t->head.ack == client->isn + 1
                             ? EVENT_STREAM_PKT_INVALID_TIMESTAMP
                             : EVENT_STREAM_3WHS_SYNACK_WITH_WRONG_ACK);
    forget_handshakes(t->s);
    struct handshake h = handshake_of(t);
    take_synack(t, &h);
    return fast ? stream_add(t) : STREAM_NO_BYTES;
}

/* The client answers a SYN of the server's: both opened at once. */
static enum stream_verdict four_way_synack(struct tcp_packet *t)
{
    struct stream_side *client = mine(t), *server = other(t);
    if (!(t->s->flag & STREAM_FOUR_WAY))
        return refuse(t, EVENT_STREAM_3WHS_SYNACK_IN_WRONG_DIRECTION);
    if (t->head.ack != server->isn + 1)
        return refuse(t, EVENT_STREAM_4WHS_SYNACK_WITH_WRONG_ACK);
    if (t->head.seq != client->isn)
        return refuse(t, EVENT_STREAM_4WHS_SYNACK_WITH_WRONG_SYN);
    stream_set_state(t, STREAM_SYN_RECV);
    server->window = t->head.window;
    server->last_ack = t->head.ack;
    client->last_ack = client->isn + 1;
    server->wscale = t->s->flag & STREAM_CLIENT_WSCALE && t->option.has_window_scale
                         ? t->option.window_scale
                         : 0;
    if (t->option.has_timestamp && server->flag & SIDE_TIMESTAMP) {
        client->last_ts = t->option.timestamp;
        t->s->flag |= STREAM_TIMESTAMP;
    } else {
        client->last_ts = server->last_ts = 0;
    }
    client->next_win = client->last_ack + client->window;
    server->next_win = server->last_ack + server->window;
    return STREAM_NO_BYTES;
}

static enum stream_verdict another_syn(struct tcp_packet *t)
{
    if (!to_server(t)) {
        t->s->flag |= STREAM_FOUR_WAY;
        take_syn(t, mine(t), mine(t)); /* the server's own window is told to the client only */
        return STREAM_NO_BYTES;
    }
    struct handshake fresh = handshake_of(t);
    const struct stream_side *client = mine(t), *server = other(t);
    if (fresh.seq != client->isn || fresh.ts != client->last_ts) {
        struct handshake old = {.seq = client->isn,
                                .ts = client->last_ts,
                                .window = (uint16_t)server->window,
                                .wscale = server->wscale,
                                .has_wscale = t->s->flag & STREAM_CLIENT_WSCALE,
                                .has_ts = client->flag & SIDE_TIMESTAMP};
        if (!remember(t, &old, t->engine->config.syn_max))
            stream_event(t, EVENT_STREAM_3WHS_SYN_FLOOD);
    }
    if (t->s->flag & STREAM_FASTOPEN_DATA && fresh.seq == client->isn)
        return STREAM_NO_BYTES;
    take_syn(t, mine(t), other(t));
    return STREAM_NO_BYTES;
}

/* One direction only is seen: the ACK follows the SYN. */
static enum stream_verdict async_ack(struct tcp_packet *t)
{
    struct stream_side *m = mine(t), *o = other(t);
    if (!t->engine->config.async_oneside)
        return STREAM_NO_BYTES;
    if (t->head.seq != m->next_seq)
        return refuse(t, EVENT_STREAM_3WHS_ASYNC_WRONG_SEQ);
    t->s->flag |= STREAM_ASYNC;
    stream_set_state(t, STREAM_ESTABLISHED);
    m->window = t->head.window;
    m->last_ack = t->head.seq;
    m->next_win = m->last_ack + m->window;
    if (t->s->flag & STREAM_CLIENT_WSCALE)
        m->wscale = WSCALE_MAX;
    stream_side_begin(o, t->head.ack - 1);
    o->next_seq = o->last_ack = o->isn + 1;
    o->next_win = o->last_ack;
    move_next_seq(t, m, t->head.seq + t->len);
    return stream_add(t);
}

static enum stream_verdict in_syn_sent(struct tcp_packet *t)
{
    if ((t->head.flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK))
        return to_server(t) ? four_way_synack(t) : answer_to_syn(t);
    if (!echo_is_good(t))
        return refuse(t, EVENT_STREAM_PKT_INVALID_TIMESTAMP);
    if (t->head.flags & TCP_RST) {
        if (!stream_reset_is_good(t))
            return STREAM_INVALID;
        if (!to_server(t) || (t->head.seq == mine(t)->isn && t->head.window == 0)) {
            t->s->flag |= STREAM_RESET;
            stream_set_state(t, STREAM_CLOSED);
        }
        return STREAM_NO_BYTES;
    }
    if (t->head.flags & TCP_FIN)
        return STREAM_NO_BYTES;
    if (t->head.flags & TCP_SYN)
        return another_syn(t);
    return t->head.flags & TCP_ACK ? async_ack(t) : STREAM_NO_BYTES;
}

/* ---- both ends have spoken ---- */

static enum stream_verdict take_reset(struct tcp_packet *t)
{
    struct stream_side *m = mine(t), *o = other(t);
    if (!stream_reset_is_good(t))
        return STREAM_INVALID;
    if (t->len)
        stream_event(t, EVENT_STREAM_RST_WITH_DATA);
    t->s->flag |= STREAM_RESET;
    stream_set_state(t, STREAM_CLOSED);
    if (t->head.flags & TCP_ACK && stream_ack_is_good(t, o))
        move_last_ack(o, t->head.ack);
    m->next_seq = t->head.seq + t->len;
    move_last_ack(m, t->head.seq);
    stream_timestamp_note(t);
    return stream_add(t);
}

static enum stream_verdict take_fin(struct tcp_packet *t)
{
    struct stream_side *m = mine(t), *o = other(t);
    if (!stream_ack_is_good(t, o))
        return refuse(t, EVENT_STREAM_FIN_INVALID_ACK);
    if (seq_before(t->head.seq, m->last_ack) || seq_after(t->head.seq + t->len, m->next_win)) {
        if (!(t->s->flag & (STREAM_MIDSTREAM | STREAM_ASYNC | STREAM_LOSSY)) &&
            t->head.seq != m->next_seq)
            return refuse(t, EVENT_STREAM_FIN_OUT_OF_WINDOW);
    }
    stream_set_state(t, to_server(t) ? STREAM_CLOSE_WAIT : STREAM_FIN_WAIT1);
    if (!seq_before(t->head.seq + t->len, m->next_seq) || t->s->flag & STREAM_MIDSTREAM)
        m->next_seq = t->head.seq + t->len;
    if (t->head.flags & TCP_ACK)
        move_last_ack(o, t->head.ack);
    stream_timestamp_note(t);
    move_window(t);
    return stream_add(t);
}

/* A segment between two ends that are connected, or still half so. */
static enum stream_verdict take_segment(struct tcp_packet *t)
{
    struct stream_side *m = mine(t), *o = other(t);
    uint32_t seq = t->head.seq, end = seq + t->len;
    if (!stream_ack_is_good(t, o)) {
        stream_event(t, EVENT_STREAM_EST_INVALID_ACK);
        return STREAM_NO_BYTES; /* not believed, but no reason to drop it */
    }
    bool keepalive = t->len <= 1 && seq == m->next_seq - 1;
    if (!keepalive && seq_before(end, m->last_ack)) {
        bool unseen = seq_after(m->last_ack, m->next_seq) && seq_after(end, m->next_seq);
        if (t->s->flag & STREAM_ASYNC) {
            move_last_ack(m, seq);
        } else if (!unseen) {
            stream_event(t, EVENT_STREAM_EST_PKT_BEFORE_LAST_ACK);
            return STREAM_NO_BYTES;
        }
    }
    if (t->len == 1 && seq == m->next_seq && m->window == 0 && !(t->s->flag & STREAM_ASYNC))
        return stream_add(t); /* a probe of the closed window */
    if (seq_after(end, m->next_win) && !(t->s->flag & (STREAM_MIDSTREAM | STREAM_ASYNC))) {
        stream_event(t, EVENT_STREAM_EST_PACKET_OUT_OF_WINDOW);
        return STREAM_NO_BYTES;
    }
    if (!seq_before(end, m->next_seq))
        move_next_seq(t, m, end);
    if (t->head.flags & TCP_ACK)
        move_last_ack(o, t->head.ack);
    stream_timestamp_note(t);
    move_window(t);
    return stream_add(t);
}

static void use_remembered_synack(struct tcp_packet *t)
{
    for (uint8_t i = 0; i < t->s->handshake_count; i++)
        if (t->s->handshake[i].seq + 1 == t->head.ack && t->s->handshake[i].ack == t->head.seq) {
            struct handshake h = t->s->handshake[i];
            take_synack(t, &h);
            return;
        }
}

static enum stream_verdict establish(struct tcp_packet *t)
{
    stream_set_state(t, STREAM_ESTABLISHED);
    if (!seq_before(t->head.seq + t->len, mine(t)->next_seq))
        move_next_seq(t, mine(t), t->head.seq + t->len);
    move_last_ack(other(t), t->head.ack);
    stream_timestamp_note(t);
    if (t->s->flag & STREAM_MIDSTREAM) {
        mine(t)->window = (uint32_t)t->head.window << mine(t)->wscale;
        mine(t)->next_win = mine(t)->last_ack + mine(t)->window;
    }
    move_window(t);
    return stream_add(t);
}

static enum stream_verdict ack_in_syn_recv(struct tcp_packet *t)
{
    struct stream_side *m = mine(t), *o = other(t);
    bool fast = t->s->flag & STREAM_FASTOPEN;
    if (t->s->handshake_count)
        use_remembered_synack(t);
    if (t->s->flag & STREAM_TIMESTAMP && !stream_timestamp_is_good(t))
        return STREAM_INVALID;
    if (t->s->flag & STREAM_FOUR_WAY && !to_server(t)) {
        if (t->head.seq != m->next_seq)
            return refuse(t, EVENT_STREAM_4WHS_WRONG_SEQ);
        if (!stream_ack_is_good(t, o))
            return refuse(t, EVENT_STREAM_4WHS_INVALID_ACK);
        return establish(t);
    }
    bool from_server = !to_server(t) && !(t->s->flag & STREAM_MIDSTREAM_SYNACK);
    if (from_server && !fast && t->engine->config.is_inline) {
        bool injects = t->len && t->head.ack == o->last_ack && t->head.seq == m->next_seq;
        return refuse(t, injects ? EVENT_STREAM_3WHS_ACK_DATA_INJECT
                                 : EVENT_STREAM_3WHS_ACK_IN_WRONG_DIR);
    }
    bool right_seq = t->head.seq == m->next_seq;
    if (from_server) { /* the client's ACK was missed, or it is fast open */
        if (right_seq && t->head.ack == o->last_ack)
            return establish(t);
        if (fast && right_seq && stream_ack_is_good(t, o))
            return establish(t);
        if (seq_after(t->head.ack, o->last_ack) && !seq_before(t->head.seq, m->next_seq)) {
            t->s->flag |= STREAM_LOSSY;
            return establish(t);
        }
        return refuse(t, EVENT_STREAM_3WHS_WRONG_SEQ_WRONG_ACK);
    }
    if (right_seq && t->head.ack == o->next_seq)
        return establish(t);
    if (t->engine->config.async_oneside && right_seq) {
        t->s->flag |= STREAM_ASYNC;
        return establish(t);
    }
    if (right_seq && fast && stream_ack_is_good(t, o))
        return establish(t);
    if (right_seq)
        return refuse(t, EVENT_STREAM_3WHS_RIGHT_SEQ_WRONG_ACK_EVASION);
    if (seq_after(t->head.seq, m->next_seq) && !seq_after(t->head.seq, m->next_win) &&
        t->head.ack == o->next_seq)
        return establish(t); /* packets between were missed */
    return refuse(t, EVENT_STREAM_3WHS_WRONG_SEQ_WRONG_ACK);
}

static enum stream_verdict in_syn_recv(struct tcp_packet *t)
{
    if (t->head.flags & TCP_RST)
        return take_reset(t);
    if (t->head.flags & TCP_FIN) {
        if (t->s->flag & STREAM_TIMESTAMP && !stream_timestamp_is_good(t))
            return STREAM_INVALID;
        return take_fin(t);
    }
    if ((t->head.flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK)) {
        if (to_server(t))
            return refuse(t, EVENT_STREAM_3WHS_SYNACK_TOSERVER_ON_SYN_RECV);
        if (t->head.ack != other(t)->last_ack)
            return refuse(t, EVENT_STREAM_3WHS_SYNACK_RESEND_WITH_DIFF_ACK);
        struct handshake h = handshake_of(t);
        if (t->head.seq != mine(t)->isn && t->s->handshake_count >= t->engine->config.synack_max)
            return refuse(t, EVENT_STREAM_3WHS_SYNACK_FLOOD);
        if (t->head.seq != mine(t)->isn)
            (void)remember(t, &h, t->engine->config.synack_max);
        return STREAM_NO_BYTES;
    }
    if (t->head.flags & TCP_SYN) {
        if (!to_server(t))
            return refuse(t, EVENT_STREAM_3WHS_SYN_TOCLIENT_ON_SYN_RECV);
        if (t->head.seq != mine(t)->isn)
            return refuse(t, EVENT_STREAM_3WHS_SYN_RESEND_DIFF_SEQ_ON_SYN_RECV);
        return STREAM_NO_BYTES;
    }
    return t->head.flags & TCP_ACK ? ack_in_syn_recv(t) : STREAM_NO_BYTES;
}

static enum stream_verdict syn_when_established(struct tcp_packet *t)
{
    if (t->head.flags & TCP_ACK) {
        if (to_server(t))
            return refuse(t, EVENT_STREAM_EST_SYNACK_TOSERVER);
        if (t->head.ack != other(t)->last_ack)
            return refuse(t, EVENT_STREAM_EST_SYNACK_RESEND_WITH_DIFF_ACK);
        if (t->head.seq != mine(t)->isn)
            return refuse(t, EVENT_STREAM_EST_SYNACK_RESEND_WITH_DIFF_SEQ);
        if (mine(t)->next_seq != mine(t)->isn + 1)
            return refuse(t, EVENT_STREAM_EST_SYNACK_RESEND);
        return STREAM_NO_BYTES; /* the server did not get the last ACK of the handshake */
    }
    if (!to_server(t))
        return refuse(t, EVENT_STREAM_EST_SYN_TOCLIENT);
    return refuse(t, t->head.seq == mine(t)->isn ? EVENT_STREAM_EST_SYN_RESEND
                                                 : EVENT_STREAM_EST_SYN_RESEND_DIFF_SEQ);
}

static enum stream_verdict in_established(struct tcp_packet *t)
{
    if (t->head.flags & TCP_RST)
        return take_reset(t);
    if (!(t->head.flags & TCP_SYN) && t->s->flag & STREAM_TIMESTAMP && !stream_timestamp_is_good(t))
        return STREAM_INVALID;
    if (t->head.flags & TCP_FIN)
        return take_fin(t);
    if (t->head.flags & TCP_SYN)
        return syn_when_established(t);
    return t->head.flags & TCP_ACK ? take_segment(t) : STREAM_NO_BYTES;
}

/* ---- the end ---- */

/* What follows a segment in each state of closing: a FIN, or an ACK from either side. */
static enum stream_state after(const struct tcp_packet *t, bool fin)
{
    bool acks_fin =
        seq_after(t->head.ack, other(t)->next_seq) || t->head.ack == other(t)->next_seq + 1;
    switch (t->s->state) {
    case STREAM_FIN_WAIT1: /* the server has sent its FIN */
        if (fin && to_server(t))
            return acks_fin ? STREAM_TIME_WAIT : STREAM_CLOSING;
        return to_server(t) && acks_fin ? STREAM_FIN_WAIT2 : STREAM_FIN_WAIT1;
    case STREAM_FIN_WAIT2:
        return fin && to_server(t) ? STREAM_TIME_WAIT : STREAM_FIN_WAIT2;
    case STREAM_CLOSE_WAIT: /* the client has sent its FIN */
        return fin && !to_server(t) ? STREAM_LAST_ACK : STREAM_CLOSE_WAIT;
    case STREAM_CLOSING:
        return fin ? STREAM_CLOSING : STREAM_TIME_WAIT;
    case STREAM_LAST_ACK:
        return !fin && to_server(t) ? STREAM_CLOSED : STREAM_LAST_ACK;
    case STREAM_TIME_WAIT:
        return fin ? STREAM_TIME_WAIT : STREAM_CLOSED;
    default:
        return (enum stream_state)t->s->state;
    }
}

/* Names of what can be wrong with an acknowledgment or a number, by state. */
static const struct {
    uint8_t state, bad_ack, bad_seq;
} closing_event[] = {
    {STREAM_FIN_WAIT1, EVENT_STREAM_FIN1_INVALID_ACK, EVENT_STREAM_FIN1_ACK_WRONG_SEQ},
    {STREAM_FIN_WAIT2, EVENT_STREAM_FIN2_INVALID_ACK, EVENT_STREAM_FIN2_ACK_WRONG_SEQ},
    {STREAM_CLOSE_WAIT, EVENT_STREAM_CLOSEWAIT_INVALID_ACK,
     EVENT_STREAM_CLOSEWAIT_ACK_OUT_OF_WINDOW},
    {STREAM_CLOSING, EVENT_STREAM_CLOSING_INVALID_ACK, EVENT_STREAM_CLOSING_ACK_WRONG_SEQ},
    {STREAM_LAST_ACK, EVENT_STREAM_LASTACK_INVALID_ACK, EVENT_STREAM_LASTACK_ACK_WRONG_SEQ},
    {STREAM_TIME_WAIT, EVENT_STREAM_TIMEWAIT_INVALID_ACK, EVENT_STREAM_TIMEWAIT_ACK_WRONG_SEQ},
};

static enum stream_verdict refuse_closing(struct tcp_packet *t, bool bad_ack)
{
    for (size_t i = 0; i < ARRAY_COUNT(closing_event); i++)
        if (closing_event[i].state == t->s->state)
            return refuse(t, (enum packet_event)(bad_ack ? closing_event[i].bad_ack
                                                         : closing_event[i].bad_seq));
    return STREAM_INVALID;
}

static enum stream_verdict in_closing(struct tcp_packet *t)
{
    struct stream_side *m = mine(t), *o = other(t);
    bool fin = t->head.flags & TCP_FIN;
    if (t->head.flags & TCP_RST)
        return take_reset(t);
    if (t->head.flags & TCP_SYN)
        return refuse(t, EVENT_STREAM_SHUTDOWN_SYN_RESEND);
    if (t->s->flag & STREAM_TIMESTAMP && !stream_timestamp_is_good(t))
        return STREAM_INVALID;
    if (!(t->head.flags & (TCP_ACK | TCP_FIN)))
        return STREAM_NO_BYTES;
    /* the FIN counts as one: the limit is one above that of the bytes */
    struct stream_side wide = *o;
    wide.next_seq++;
    wide.next_win++;
    if (!stream_ack_is_good(t, &wide))
        return refuse_closing(t, true);
    uint32_t end = t->head.seq + t->len;
    bool again = t->len && !seq_after(end, m->last_ack); /* seen and acknowledged before */
    if (!again && seq_after(end, m->next_win + 1) &&
        !(t->s->flag & (STREAM_MIDSTREAM | STREAM_ASYNC | STREAM_LOSSY)))
        return refuse_closing(t, false);
    enum stream_state next = again ? (enum stream_state)t->s->state : after(t, fin);
    if (seq_after(end, m->next_seq) && t->len)
        move_next_seq(t, m, end);
    if (t->head.flags & TCP_ACK)
        move_last_ack(o, t->head.ack);
    stream_timestamp_note(t);
    move_window(t);
    stream_set_state(t, next);
    return stream_add(t);
}

enum stream_verdict stream_step(struct tcp_packet *t)
{
    switch (t->s->state) {
    case STREAM_NONE:
    case STREAM_LISTEN:
        return in_none(t);
    case STREAM_SYN_SENT:
        return in_syn_sent(t);
    case STREAM_SYN_RECV:
        return in_syn_recv(t);
    case STREAM_ESTABLISHED:
        return in_established(t);
    case STREAM_CLOSED:
        return STREAM_NO_BYTES;
    default:
        return in_closing(t);
    }
}
