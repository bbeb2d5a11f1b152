/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of inspect.h: what a protocol gives (struct inspect_proto, one file and one row each)
 * and what it is given.  Included by this folder and the pipeline only. */
#pragma once

#include "tool/ids/inspect/inspect.h"
#include "wire/packet/stream.h"

struct inspect_settings {
    bool is_off[INSPECT_PROTO_COUNT];         /* neither recognised nor parsed */
    bool only_recognise[INSPECT_PROTO_COUNT]; /* detection-only */
    uint8_t hash;                             /* FILE_WANT_MD5 ...: digests of every file */
    bool ja3, ja4, hassh;
    bool encrypted_bypass; /* TLS after its handshake: the flow passes uninspected */
    bool encrypted_full;   /* what is encrypted is inspected as it is */
    bool ssh_bypass;       /* SSH after its key exchange, too */
    uint32_t ftp_line_max;
    bool tls_handshake; /* the lists of the client's hello in records */
    struct {
        uint8_t version; /* of its records: 2 or 3 */
        bool requests, responses, detailed, grouped;
        uint16_t type[64]; /* only queries of these types are told; none: all */
        uint8_t type_count;
    } dns;
    bool ja3_off, ja4_off; /* said in so many words: rules that need them do not turn them on */
    uint32_t tx_max;       /* live transactions of a flow */
    uint32_t request_body_max, response_body_max; /* bytes of a body that are kept; 0: no limit */
    uint32_t decode_layer_max;                    /* content codings, one in another */
    uint64_t decode_bomb_max;                     /* bytes one compressed body may unfold to */
    bool decode_response, decode_request;
    uint32_t mqtt_message_max, mqtt_text_max; /* the second: of a text in records */
    bool mqtt_passwords;
    bool mime_body_md5;
    struct {
        bool raw_extraction, no_mime, no_urls, log_url_scheme;
        bool log_extended, log_body_md5, log_subject_md5;
        uint32_t log_fields; /* inspect_smtp_field() of each */
        uint8_t scheme_count;
        char scheme[8][24]; /* "http://"; none: that one */
    } smtp;
    bool double_decode_path, double_decode_query; /* of http.uri */
    uint8_t http_dump;                            /* HTTP_DUMP_REQUEST ... */
    uint32_t file_max;                            /* bytes of a file kept for inspection at once */
};
extern const struct inspect_settings inspect_settings_default;
uint32_t inspect_smtp_field(const char *name); /* bit of an email field in records; 0: none */

enum { HTTP_DUMP_REQUEST = 1, HTTP_DUMP_RESPONSE = 2 }; /* all header fields in records */

enum { INSPECT_TCP = 1, INSPECT_UDP = 2 };

enum inspect_answer { INSPECT_NO, INSPECT_YES, INSPECT_MORE };

struct inspect_probe {
    const uint8_t *data;
    uint32_t len;
    enum flow_side side;
    const struct flow *flow;
    uint16_t port, src_port; /* of the server's end, of the client's */
    bool is_end;
    bool *reversed; /* set: this is of the other side (an answer seen first) */
};

struct inspect_flow;

struct inspect_proto {
    enum inspect_proto_id id;
    uint8_t transports;     /* INSPECT_TCP ... */
    uint8_t first_side;     /* FLOW_SIDES: either may speak first */
    bool one_sided;         /* a transaction is one message: the other side has no part in it */
    const char *event_type; /* of its EVE record; NULL: none */
    uint8_t log_progress[FLOW_SIDES]; /* a transaction is logged from here on; 0: when done */
    /* Do these first bytes begin the protocol? */
    enum inspect_answer (*probe)(const struct inspect_probe *p);
    void *(*open)(struct inspect_flow *f); /* state of one flow */
    void (*close)(struct inspect_flow *f, void *state);
    struct stream_used (*take)(struct inspect_flow *f, void *state, enum flow_side side,
                               const struct stream_chunk *chunk);
    void (*tx_free)(struct inspect_flow *f, struct inspect_tx *tx);
    bool (*buffer)(const struct inspect_flow *f, const struct inspect_tx *tx, enum flow_side side,
                   enum buffer_id buffer, unsigned index, struct span *out);
    bool (*number)(const struct inspect_flow *f, const struct inspect_tx *tx, enum flow_side side,
                   enum number_id number, unsigned index, uint64_t *out);
    struct inspect_file *(*file)(const struct inspect_tx *tx, enum flow_side side, size_t index);
    void (*eve)(const struct inspect_flow *f, const struct inspect_tx *tx, struct json_out *json);
    /* members that stand beside it ("rpc" of NFS, "email" of SMTP); may be NULL */
    void (*eve_before)(const struct inspect_flow *f, const struct inspect_tx *tx,
                       struct json_out *json);
    bool log_as_packet; /* source and destination of its record are those of the packet */
    /* Is this transaction worth a record of its own?  NULL: yes. */
    bool (*wants_log)(const struct inspect_flow *f, const struct inspect_tx *tx);
};

extern const struct inspect_proto *const inspect_protos[];
extern const size_t inspect_proto_rows;
const struct inspect_proto *inspect_proto_of(enum inspect_proto_id id); /* NULL: not parsed */

enum inspect_error {
    INSPECT_ERROR_GAP,
    INSPECT_ERROR_ALLOC,
    INSPECT_ERROR_PARSER,
    INSPECT_ERROR_INTERNAL,
    INSPECT_ERRORS
};

/* A connection that another one announced. */
struct inspect_expect {
    struct addr a, b; /* its ends */
    uint16_t port;    /* of the server; 0: the slot is free */
    uint8_t proto;    /* enum inspect_proto_id */
    uint8_t command;  /* the protocol's own */
    char name[256];
};
enum { INSPECT_EXPECT_MAX = 64 };

/* One worker's. */
struct inspect_thread {
    struct inspect_expect expect[INSPECT_EXPECT_MAX]; /* the oldest is overwritten */
    uint32_t expect_next, expect_count;
    const struct inspect_settings *settings;
    uint64_t frame; /* number of the packet that is being worked on */
    uint64_t wall_ns;
    uint32_t file_id;
    uint8_t want; /* INSPECT_MD5_ALL ...: what rules need */
    uint64_t flows[INSPECT_PROTO_COUNT][2], txs[INSPECT_PROTO_COUNT][2]; /* TCP, UDP */
    uint64_t errors[INSPECT_PROTO_COUNT][2][INSPECT_ERRORS];
    void (*tx_end)(void *ctx, const struct flow *f, struct inspect_tx *tx);
    void (*hand_on)(void *ctx, struct flow *f, enum flow_side side); /* what waits on that side */
    void (*frame_end)(void *ctx, struct inspect_frame *frame);
    void *ctx;
    bool wants_frames;
};

enum { INSPECT_FLOW_EVENT_MAX = 8 };

enum inspect_finding { FINDING_PENDING, FINDING_DONE, FINDING_FAILED };

struct inspect_flow {
    struct inspect_thread *thread;
    struct flow *flow;
    const struct inspect_proto *proto;
    void *state;
    struct inspect_tx *first, *last;
    uint32_t count;
    uint64_t next_id;
    uint64_t ruled_out[FLOW_SIDES];        /* a bit for each row of inspect_protos */
    uint8_t finding[FLOW_SIDES];           /* enum inspect_finding */
    uint8_t change_to;                     /* enum inspect_proto_id: STARTTLS, Upgrade ... */
    uint8_t expect;                        /* after a change: what should come */
    const struct inspect_proto *old_proto; /* before a change: its transactions may live on */
    void *old_state;
    bool is_failed; /* the parser gave up */
    bool has_error, error_told;
    bool wants_bypass; /* nothing to be seen any more: the flow may pass uninspected */
    uint8_t event_count, event_logged;
    uint16_t event[INSPECT_FLOW_EVENT_MAX];
    uint64_t start_at[FLOW_SIDES]; /* of the protocol's first byte in the stream */
    struct inspect_frame *frame[FLOW_SIDES];
    uint32_t frame_count[FLOW_SIDES], frame_capacity[FLOW_SIDES];
    uint64_t frame_id;
    struct inspect_expect *expected; /* this flow was announced as that */
    struct stream_chunk datagram;    /* UDP: what is being parsed */
};

/* ---- for the pipeline ---- */
struct stream_used inspect_take(struct inspect_thread *t, struct flow *f, enum flow_side side,
                                const struct stream_chunk *chunk);
/* Returns the side, which changes when the flow turns out to have begun at the other end. */
enum flow_side inspect_datagram(struct inspect_thread *t, struct flow *f, enum flow_side side,
                                const uint8_t *data, uint32_t len);
void inspect_flow_free(struct inspect_thread *t, struct flow *f);
void inspect_clean(struct inspect_thread *t, struct flow *f); /* free what is done with */
static inline struct inspect_flow *inspect_of(const struct flow *f)
{
    return f ? f->inspect : NULL;
}

/* ---- for the protocols ---- */
/* A new transaction of `size` bytes (struct inspect_tx is its head) at the end of the list; NULL
 * when there are too many: then the oldest are given up and the parser should stop. */
void *inspect_tx_new(struct inspect_flow *f, size_t size);
void inspect_tx_progress(struct inspect_flow *f, struct inspect_tx *tx, enum flow_side side,
                         uint8_t progress);
void inspect_tx_done(struct inspect_flow *f, struct inspect_tx *tx); /* both sides */
static inline void inspect_tx_touch(struct inspect_tx *tx, enum flow_side side)
{
    tx->fresh[side] = true;
}
void inspect_event(struct inspect_flow *f, struct inspect_tx *tx, enum inspect_event event);
void inspect_flow_event(struct inspect_flow *f, enum inspect_event event);
/* The bytes make no sense: no more is parsed of this flow. */
struct stream_used inspect_fail(struct inspect_flow *f, enum inspect_error why);
/* What follows is another protocol (UNKNOWN: find out). */
void inspect_change(struct inspect_flow *f, enum inspect_proto_id to);
/* A connection between the same machines will come (its ends are filled in here). */
void inspect_expect(struct inspect_flow *f, struct inspect_expect *what);
const char *inspect_ftp_command(uint8_t command);
void inspect_raw_trigger(struct inspect_flow *f, enum flow_side side);
static inline uint16_t inspect_server_port(const struct inspect_flow *f)
{
    return f->flow->port[FLOW_TO_CLIENT];
}

static inline struct stream_used inspect_all(const struct stream_chunk *chunk)
{
    return (struct stream_used){chunk->len ? chunk->len : 1, 0};
}

static inline bool inspect_span(struct span *out, const void *data, size_t len)
{
    *out = (struct span){.data = data, .len = len, .at = 0, .is_last = true};
    return data != NULL;
}

/* Frames; `at` and `len` in the side's stream.  NULL when nobody asks for them or there are many.
 */
struct inspect_frame *inspect_frame_new(struct inspect_flow *f, enum flow_side side,
                                        const char *type, uint64_t at, int64_t len);

/* ---- files (file.c) ---- */
struct inspect_file_new {
    const void *name;
    size_t name_len;
    bool has_range;
    bool is_no_file; /* only a window of bytes: no digests, no number */
    uint64_t start, end;
};
struct inspect_file *inspect_file_open(struct inspect_flow *f, struct inspect_tx *tx,
                                       enum flow_side side, const struct inspect_file_new *how);
void inspect_file_add(struct inspect_file *file, const void *data, size_t len);
void inspect_file_gap(struct inspect_file *file, uint64_t len);
void inspect_file_close(struct inspect_file *file, enum inspect_file_state state);
void inspect_file_free(struct inspect_file *file);
void inspect_file_rename(struct inspect_file *file, const void *name, size_t len);
bool inspect_file_is_logged(const struct inspect_file *file);
void inspect_file_set_logged(struct inspect_file *file);
void inspect_file_set_inspected(struct inspect_file *file); /* what came so far was looked at */
