/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TCP as an observer sees it (RFC 9293, RFC 7323): the states of both ends, and the bytes of each
 * direction put together as the receiving machine would (target policies for overlaps).  Bytes are
 * handed on when the receiver acknowledged them; inline, at once.  Bounded: window, depth, segments
 * and gaps have limits, and what passes them is counted and told as an event.
 * Not for: who asks for the bytes (tool/ids/pipeline). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/packet/flow.h"

enum stream_state {
    STREAM_NONE,
    STREAM_LISTEN,
    STREAM_SYN_SENT,
    STREAM_SYN_RECV,
    STREAM_ESTABLISHED,
    STREAM_FIN_WAIT1,
    STREAM_FIN_WAIT2,
    STREAM_TIME_WAIT,
    STREAM_LAST_ACK,
    STREAM_CLOSE_WAIT,
    STREAM_CLOSING,
    STREAM_CLOSED,
};

const char *stream_state_name(enum stream_state state); /* "syn_sent", as in EVE's tcp.state */

/* A run of consecutive bytes of one direction. */
struct stream_view {
    const uint8_t *data;
    uint32_t len;
    uint32_t fresh;     /* of them, the last `fresh` were not inspected before */
    uint64_t at;        /* place of data[0] in the stream; the first byte after the SYN is 0 */
    bool gap_before;    /* bytes before `at` are lost for good */
    bool end_of_stream; /* FIN, RST or the end of the flow lies right behind */
};

struct stream; /* of one flow: both directions */

enum stream_state stream_state(const struct stream *s);
bool stream_is_established(const struct stream *s); /* the handshake is over, both ways */
bool stream_is_midstream(const struct stream *s);   /* picked up without a handshake */

/* Bytes put together so far in a direction (stream_size), acknowledged ones only when `acked`. */
uint64_t stream_size(const struct stream *s, enum flow_side side);
uint8_t stream_flags(const struct stream *s, enum flow_side side); /* TCP flags seen, or'ed */

/* For rules over raw bytes: the next run that holds bytes not inspected yet, together with up to
 * `before` bytes inspected earlier, so that a pattern across the border is found.  *progress is
 * where the caller stands (a place in the stream; start with stream_raw_progress) and is moved
 * behind the run.  False when there is none. */
uint64_t stream_raw_progress(const struct stream *s, enum flow_side side);
bool stream_raw_next(const struct stream *s, enum flow_side side, uint64_t *progress,
                     struct stream_view *out);
/* Enough raw bytes to look at, or a look was asked for (a transaction was completed, the end)? */
bool stream_raw_is_ready(const struct stream *s, enum flow_side side);
void stream_raw_done(struct stream *s, enum flow_side side, uint64_t progress);
/* Look at the raw bytes with the next packet of this direction, however few they are. */
void stream_raw_trigger(struct stream *s, enum flow_side side);
