/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Would the receiver believe this segment?  Acknowledgments, resets and time stamps. */
#include "wire/packet/stream_private.h"

#include "core/base/clock.h"

enum { PAWS_SPAN_S = 24 * 24 * 3600 }; /* RFC 7323 5.5: after so long a time stamp says nothing */

/* May this acknowledge bytes of `other`?  Never more than the window allowed to send, and nothing
 * that lies long behind (RFC 5961 5.2). */
bool stream_ack_is_good(const struct tcp_packet *t, const struct stream_side *other)
{
    uint32_t ack = t->head.ack;
    if (!(t->head.flags & TCP_ACK))
        return true;
    if (t->s->flag & STREAM_ASYNC)
        return true;
    if (seq_after(ack, other->last_ack)) {
        if (!seq_after(ack, other->next_win) || !seq_after(ack, other->next_seq))
            return true;
        /* beyond what it may send: only credible where its segments, too, were missed */
        return t->s->flag & (STREAM_LOSSY | STREAM_MIDSTREAM) && t->s->state >= STREAM_ESTABLISHED;
    }
    uint32_t span = other->window > UINT16_MAX ? other->window : UINT16_MAX;
    return !seq_before(ack, other->last_ack - span);
}

static bool in_window(const struct tcp_packet *t, const struct stream_side *mine)
{
    uint32_t end = t->head.seq + t->len;
    return !seq_before(end, mine->last_ack) &&
           !seq_after(t->head.seq, mine->last_ack + mine->window);
}

/* Which resets a stack obeys (RFC 9293 3.5.3 wants the window; RFC 5961 3.2 and older stacks the
 * exact number): else anyone may close the flow for the watcher alone. */
bool stream_reset_is_good(struct tcp_packet *t)
{
    const struct stream_side *mine = &t->s->side[t->p->side];
    const struct stream_side *other = &t->s->side[!t->p->side];
    bool good;
    if (t->s->flag & STREAM_TIMESTAMP && !stream_timestamp_is_good(t)) {
        return false;
    }
    if (t->s->state < STREAM_ESTABLISHED && t->s->flag & STREAM_ASYNC)
        return true;
    if (t->s->state == STREAM_SYN_SENT) /* it answers the SYN: only its acknowledgment counts */
        return t->p->side == FLOW_TO_SERVER || !(t->head.flags & TCP_ACK) ||
               t->head.ack == other->next_seq || t->head.ack == other->isn + 1;
    if (t->head.flags & TCP_ACK && t->head.ack && !stream_ack_is_good(t, other)) {
        stream_event(t, EVENT_STREAM_RST_INVALID_ACK);
        return false;
    }
    switch (other->has_policy ? other->policy : STREAM_POLICY_BSD) {
    case STREAM_POLICY_HPUX11:
        good = !seq_before(t->head.seq, mine->next_seq);
        break;
    case STREAM_POLICY_OLD_LINUX:
    case STREAM_POLICY_LINUX:
    case STREAM_POLICY_SOLARIS:
    case STREAM_POLICY_OLD_SOLARIS:
        good = in_window(t, mine);
        break;
    default:
        good = t->head.seq == mine->next_seq ||
               (t->head.seq == mine->last_ack && t->s->state >= STREAM_ESTABLISHED) ||
               t->s->flag & STREAM_ASYNC;
        break;
    }
    if (!good && t->s->flag & (STREAM_MIDSTREAM | STREAM_LOSSY))
        good = in_window(t, mine);
    return good;
}

/* PAWS (RFC 7323 5.3): a time stamp that runs backwards is of an old duplicate. */
bool stream_timestamp_is_good(const struct tcp_packet *t)
{
    const struct stream_side *mine = &t->s->side[t->p->side];
    uint32_t now_s = (uint32_t)(t->p->wall_ns / NS_PER_S);
    if (!t->option.has_timestamp || mine->last_ts == 0 || t->option.timestamp == 0)
        return true;
    if (mine->last_ts_s + PAWS_SPAN_S < now_s)
        return true;
    uint32_t slack = mine->has_policy && mine->policy == STREAM_POLICY_OLD_LINUX;
    if (!seq_before(t->option.timestamp + slack, mine->last_ts))
        return true;
    stream_event(t, EVENT_STREAM_PKT_INVALID_TIMESTAMP);
    return false;
}

void stream_timestamp_note(const struct tcp_packet *t)
{
    struct stream_side *mine = &t->s->side[t->p->side];
    if (!(t->s->flag & STREAM_TIMESTAMP) || !t->option.has_timestamp)
        return;
    if (t->head.seq == mine->next_seq || seq_after(t->option.timestamp, mine->last_ts)) {
        mine->last_ts = t->option.timestamp;
        mine->last_ts_s = (uint32_t)(t->p->wall_ns / NS_PER_S);
    }
}
