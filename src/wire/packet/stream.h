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

#include "wire/packet/event.h"
#include "wire/packet/flow.h"
#include "wire/packet/packet.h"
#include "wire/packet/stream_buffer.h"

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

bool stream_is_closed_by_reset(const struct stream *s);
uint16_t stream_regions(const struct stream *s, enum flow_side side); /* most there were at once */

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

/* ---- for the pipeline, which feeds packets ---- */

enum stream_urgent { /* what becomes of a byte that is marked urgent (RFC 6093) */
                     STREAM_URGENT_OOB,    /* it is out of band: not part of the stream */
                     STREAM_URGENT_INLINE, /* it stays where it is */
                     STREAM_URGENT_DROP,   /* segments with urgent data are dropped */
                     STREAM_URGENT_GAP,    /* it leaves a gap */
};

struct stream_config {
    bool midstream;     /* take up connections whose handshake was not seen */
    bool async_oneside; /* take one direction only as it is */
    bool is_inline;     /* bytes are handed on at once; what was let through stays */
    bool raw;           /* keep bytes for rules over raw data */
    bool liberal_timestamps;
    uint32_t depth;                 /* bytes of a direction that are put together; 0: all */
    uint32_t raw_chunk[FLOW_SIDES]; /* look at raw bytes when so many are new */
    uint8_t synack_max, syn_max;    /* competing handshakes remembered */
    uint8_t urgent, urgent_limit;   /* enum stream_urgent, and beyond 64 KiB of urgent bytes */
    uint64_t bytes_max;             /* of all directions together */
    /* the receiver's policy by its address */
    enum stream_policy (*policy_of)(const void *ctx, const struct addr *receiver);
    const void *policy_ctx;
};

/* What is handed on of a direction. */
struct stream_chunk {
    const uint8_t *data; /* NULL for a gap, and for an end without bytes */
    uint32_t len;
    uint64_t at;
    uint32_t gap;  /* bytes that are lost here */
    bool is_end;   /* nothing follows */
    bool is_depth; /* nothing more is put together (depth) */
    bool is_midstream;
};

/* Returned by who takes it: `used` bytes are done with (of a gap: any number means all); the rest
 * is given again with what follows, as soon as there are `need` bytes (0: any more). */
struct stream_used {
    uint32_t used, need;
};
typedef struct stream_used stream_data_fn(void *ctx, struct flow *f, enum flow_side side,
                                          const struct stream_chunk *chunk);

enum stream_counter {
    STREAM_COUNT_SESSIONS,
    STREAM_COUNT_SYN,
    STREAM_COUNT_SYNACK,
    STREAM_COUNT_RST,
    STREAM_COUNT_MIDSTREAM,
    STREAM_COUNT_GAP,
    STREAM_COUNT_OVERLAP,
    STREAM_COUNT_OVERLAP_DIFFERENT,
    STREAM_COUNT_DEPTH,
    STREAM_COUNT_MEMORY,
    STREAM_COUNT_URGENT,
    STREAM_COUNT_INVALID,
    STREAM_COUNTERS,
};
extern const struct counter stream_counter[STREAM_COUNTERS];

struct stream_engine;

struct stream_engine *stream_engine_new(const struct stream_config *config, stream_data_fn *data,
                                        void *ctx);
void stream_engine_free(struct stream_engine *engine); /* after its flows */
uint64_t *stream_engine_counters(struct stream_engine *engine);
uint64_t stream_engine_bytes(const struct stream_engine *engine);

/* One TCP packet. */
struct stream_packet {
    const struct packet *packet;
    struct flow *flow;
    enum flow_side side; /* may be turned (a SYN+ACK came first) */
    uint64_t wall_ns;
    struct event_list *events;
};

enum stream_verdict {
    STREAM_TAKEN,     /* it fits; its bytes, if any, are part of the stream */
    STREAM_NO_BYTES,  /* it fits and added no bytes */
    STREAM_UNTRACKED, /* no connection, and none is begun by this (`midstream` is off) */
    STREAM_INVALID,   /* it does not fit: the receiver will drop it */
    STREAM_URGENT,    /* it carries urgent data, and the policy drops such */
    STREAM_FULL,      /* no memory for its bytes */
};

enum stream_verdict stream_take(struct stream_engine *engine, struct stream_packet *p);

/* The flow ends: hand on what was not acknowledged of one side, with is_end. */
void stream_finish(struct stream_engine *engine, struct flow *f, enum flow_side side);
/* Hand on what was acknowledged and not yet taken of a side (its protocol is known now). */
void stream_hand_on(struct stream_engine *engine, struct flow *f, enum flow_side side);
bool stream_has_rest(const struct stream *s, enum flow_side side); /* anything not looked at? */

/* Does this SYN begin a new connection between the ends of an old one? */
bool stream_is_reused(const struct stream *s, const struct packet *p, enum flow_side side);

void stream_swap_sides(struct stream *s);
void stream_app_disable(struct stream *s); /* no one takes bytes any more */
void stream_app_enable(struct stream *s);  /* after a change of protocol */
void stream_raw_disable(struct stream *s, enum flow_side side);
void stream_set_depth(struct stream *s, uint32_t depth);
/* Drop what no one needs any more, after the packet was inspected. */
void stream_prune(struct stream_engine *engine, struct flow *f);
void stream_free(struct stream_engine *engine, struct flow *f);
/* Bytes already handed on, to print them or for frames: from `at` on; 0: not there any more. */
uint32_t stream_bytes_at(const struct stream *s, enum flow_side side, uint64_t at,
                         const uint8_t **out_data);
/* For records that show what a rule saw: the bytes of a direction that are still kept, from the
 * oldest on, at most `most` of them.  False: none. */
bool stream_log_view(const struct stream *s, enum flow_side side, uint32_t most,
                     struct stream_view *out);
/* The place of a sequence number. */
uint64_t stream_place(const struct stream *s, enum flow_side side, uint32_t seq);
/* The place up to which the receiver has acknowledged. */
uint64_t stream_acked(const struct stream *s, enum flow_side side);
uint64_t stream_app_progress(const struct stream *s, enum flow_side side);
