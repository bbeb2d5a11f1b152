/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of stream.h, for its own files only. */
#pragma once

#include "wire/packet/layer/tcp.h"
#include "wire/packet/stream.h"

enum { STREAM_HANDSHAKE_MAX = 8 };

enum {                          /* struct stream_side.flag */
       SIDE_TIMESTAMP = 1 << 0, /* the SYN had the option */
       SIDE_DEPTH = 1 << 1,     /* depth reached: nothing more is put together */
       SIDE_DEPTH_TOLD = 1 << 2,
       SIDE_TRIGGER = 1 << 3, /* look at raw bytes now */
       SIDE_NO_RAW = 1 << 4,
       SIDE_GAP = 1 << 5,
       SIDE_END_TOLD = 1 << 6,
       SIDE_KEEPALIVE = 1 << 7,
       SIDE_NO_BYTES = 1 << 8, /* no one wants them: not even kept */
};

enum { /* struct stream.flag */
       STREAM_MIDSTREAM = 1 << 0,
       STREAM_ASYNC = 1 << 1,
       STREAM_TIMESTAMP = 1 << 2, /* both ends use the option */
       STREAM_SACK = 1 << 3,
       STREAM_CLIENT_WSCALE = 1 << 4,
       STREAM_RESET = 1 << 5, /* closed by an RST */
       STREAM_APP_OFF = 1 << 6,
       STREAM_FOUR_WAY = 1 << 7, /* simultaneous open */
       STREAM_FASTOPEN = 1 << 8,
       STREAM_LOSSY = 1 << 9,          /* packets were lost: be liberal with acknowledgments */
       STREAM_FASTOPEN_DATA = 1 << 10, /* the SYN carried data */
       STREAM_MIDSTREAM_SYNACK = 1 << 11,
};

struct stream_side { /* of the bytes that this side sends */
    uint32_t isn, next_seq, last_ack, next_win, window;
    uint32_t base_seq; /* the sequence number of place base_at */
    uint64_t base_at;
    uint32_t last_ts, last_ts_s;
    uint32_t need; /* who takes the bytes waits for so many */
    uint16_t flag;
    uint8_t wscale, tcp_flags, policy;
    bool has_policy;
    uint16_t urgent; /* urgent bytes taken out so far */
    uint64_t app_at, raw_at;
    struct stream_buffer buffer;
};

struct handshake { /* a SYN or SYN+ACK that competes with the one in use */
    uint32_t seq, ack, ts;
    uint16_t window;
    uint8_t wscale;
    bool has_wscale, has_ts, sack;
};

struct stream {
    uint8_t state, before; /* enum stream_state; the one before */
    uint8_t handshake_count;
    uint32_t flag;
    uint32_t depth;
    struct handshake *handshake; /* STREAM_HANDSHAKE_MAX of them, or NULL */
    struct stream_side side[FLOW_SIDES];
    struct stream *next_free;
};

struct stream_engine {
    struct stream_config config;
    stream_data_fn *data;
    void *ctx;
    struct stream_store store;
    struct stream *free_list;
    uint64_t value[STREAM_COUNTERS];
};

/* One packet with what was read of it once. */
struct tcp_packet {
    struct stream_engine *engine;
    struct stream_packet *p;
    struct stream *s;
    struct tcp_head head;
    struct tcp_options option;
    const uint8_t *data;
    uint32_t len;
    bool has_fastopen;
};

static inline bool seq_before(uint32_t a, uint32_t b) /* RFC 9293 3.4: modulo 2^32 */
{
    return (int32_t)(a - b) < 0;
}
static inline bool seq_after(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b) > 0;
}

static inline uint64_t side_place(const struct stream_side *side, uint32_t seq)
{
    return side->base_at + (uint64_t)(int64_t)(int32_t)(seq - side->base_seq);
}

static inline void stream_event(const struct tcp_packet *t, enum packet_event event)
{
    event_list_add(t->p->events, event);
}

/* stream_state.c: 0 taken, else STREAM_INVALID or STREAM_UNTRACKED */
enum stream_verdict stream_step(struct tcp_packet *t);
void stream_set_state(struct tcp_packet *t, enum stream_state state);

/* stream_bytes.c: put the packet's bytes in, and hand on what is acknowledged now */
enum stream_verdict stream_add(struct tcp_packet *t);
void stream_side_begin(struct stream_side *side, uint32_t isn);

/* stream_check.c */
bool stream_ack_is_good(const struct tcp_packet *t, const struct stream_side *other);
bool stream_reset_is_good(struct tcp_packet *t);
bool stream_timestamp_is_good(const struct tcp_packet *t);
void stream_timestamp_note(const struct tcp_packet *t);
