/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Application protocols of flows: which one it is, its transactions, and of each transaction the
 * buffers, numbers, events and files that rules ask for and records show.
 *
 * A transaction is a request with its answer (or what the protocol has in place of that).  Each
 * side of it has a progress, which only grows: a buffer exists from the progress of its row in
 * buffer.def on, and what is asked for earlier is not there.  Positions in a flow's list are stable
 * during one packet.  All memory is the flow's; nothing here outlives it.
 * Not for: judging (tool/ids/detect), the syntax of each protocol (wire/proto). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/text/json.h"
#include "wire/packet/flow.h"

enum inspect_proto_id {
#define PROTO(upper, name, tcp, udp, doc) INSPECT_##upper,
#include "tool/ids/inspect/proto.def"
#undef PROTO
    INSPECT_PROTO_COUNT,
};

const char *inspect_proto_name(enum inspect_proto_id id); /* "http", as EVE's app_proto */
int inspect_proto_find(const char *name); /* as rules write it: "http" is HTTP_ANY, "http1" HTTP1;
                                             -1: unknown */
/* Does a rule for `rule` see flows (and transactions) of `seen`? */
bool inspect_proto_covers(enum inspect_proto_id rule, enum inspect_proto_id seen);
/* Is it set up to be recognised and parsed (app-layer.protocols.NAME.enabled)? */
bool inspect_proto_is_parsed(enum inspect_proto_id id);

/* Progress.  Each protocol has its own steps between the two ends; these are the named ones. */
enum {
    INSPECT_BEGUN = 0,
    HTTP_LINE = 1,    /* first line read */
    HTTP_HEADERS = 2, /* header read */
    HTTP_BODY = 3,    /* in the body */
    HTTP_TRAILER = 4,
    TLS_HELLO = 1, /* this side's hello read */
    TLS_CERT = 2,  /* this side's certificates read */
    TLS_HELLO_DONE = 3,
    TLS_HANDSHAKE_DONE = 4,
    SMTP_DATA = 1,
    INSPECT_DONE = 100, /* this side says no more */
};

enum buffer_id {
#define BUFFER(upper, name, proto, also, side, progress, kind, doc) BUFFER_##upper,
#include "tool/ids/inspect/buffer.def"
#undef BUFFER
    BUFFER_COUNT,
};

enum number_id {
#define NUMBER(upper, name, proto, side, progress, kind, doc) NUMBER_##upper,
#include "tool/ids/inspect/number.def"
#undef NUMBER
    NUMBER_COUNT,
};

enum inspect_event {
#define EVENT(upper, name) INSPECT_EVENT_##upper,
#include "tool/ids/inspect/event.def"
#undef EVENT
    INSPECT_EVENT_COUNT,
};

enum buffer_kind { BUFFER_SINGLE, BUFFER_MULTI, BUFFER_WINDOW, BUFFER_WINDOWS };

enum { BUFFER_TO_SERVER = 1, BUFFER_TO_CLIENT = 2, BUFFER_BOTH = 3 };

struct buffer_row {
    const char *name;
    uint8_t proto, also; /* enum inspect_proto_id */
    uint8_t side;        /* BUFFER_TO_SERVER ... */
    uint8_t progress, kind;
};

extern const struct buffer_row buffer_row[BUFFER_COUNT];
extern const struct buffer_row number_row[NUMBER_COUNT];
int buffer_find(const char *keyword); /* -1: unknown */
int number_find(const char *keyword);

int inspect_event_find(const char *name); /* "http.missing_host_header"; -1: unknown */
const char *inspect_event_name(enum inspect_event event);

/* A piece of a buffer.  For windows `at` is the place of data[0] in the whole and `is_last` says
 * that nothing will follow; other buffers are whole: at 0, is_last true. */
struct span {
    const uint8_t *data;
    size_t len;
    uint64_t at;
    bool is_last;
};

enum { INSPECT_TX_EVENT_MAX = 16 };

enum { /* struct inspect_tx.flag */
       INSPECT_TX_LOGGED = 1,
       INSPECT_TX_NO_DETECT = 2, /* `config` rule or bypass: do not inspect */
       INSPECT_TX_NO_LOG = 4,
       INSPECT_TX_KEEP = 8, /* the parser still holds it: not to be freed */
};

/* The head of each protocol's transaction. */
struct inspect_tx {
    uint64_t id; /* 0, 1, ... in the flow: EVE's tx_id */
    uint8_t proto;
    uint8_t progress[FLOW_SIDES];
    uint8_t flag;
    bool fresh[FLOW_SIDES];     /* something changed on this side since it was last inspected */
    bool inspected[FLOW_SIDES]; /* set by the detection engine (the pipeline when there is none):
                                   this side is done and every rule has seen it */
    uint8_t event_count;
    uint16_t event[INSPECT_TX_EVENT_MAX]; /* enum inspect_event */
    uint32_t event_logged;                /* the first N are in the log as anomalies */
    /* the detection engine's: resumed rules, prefilter marks.  Freed by detect_tx_end. */
    void *detect[FLOW_SIDES];
    uint64_t first_frame, last_frame;
    uint8_t log_side; /* enum flow_side: whose message its record shows first */
    struct inspect_tx *next;
};

/* The live transactions of a flow, oldest first; 0 without an application protocol. */
size_t inspect_tx_count(const struct flow *f);
struct inspect_tx *inspect_tx_at(const struct flow *f, size_t index);
/* The same as a list: NULL ends it. */
struct inspect_tx *inspect_tx_first(const struct flow *f);
static inline struct inspect_tx *inspect_tx_next(const struct inspect_tx *tx)
{
    return tx->next;
}

static inline bool inspect_tx_has_event(const struct inspect_tx *tx, enum inspect_event event)
{
    for (uint8_t i = 0; i < tx->event_count; i++)
        if (tx->event[i] == event)
            return true;
    return false;
}

/* The buffer of one side; `index` for MULTI and WINDOWS (0 else).  False when it is not there, or
 * not yet: progress is looked at here.  *out stays valid until the packet is done. */
bool inspect_buffer(const struct flow *f, const struct inspect_tx *tx, enum flow_side side,
                    enum buffer_id buffer, unsigned index, struct span *out);
/* The same of a buffer with a parameter: a field of the header, a part of the URI (buffer.def says
 * which have one).  `detail` NULL: the whole. */
bool inspect_buffer_named(const struct flow *f, const struct inspect_tx *tx, enum flow_side side,
                          enum buffer_id buffer, const char *detail, struct span *out);
bool inspect_is_snort(
    enum buffer_id buffer); /* one of those that only inspect_buffer_named gives */
bool inspect_number_snort(const struct flow *f, const struct inspect_tx *tx, enum flow_side side,
                          enum number_id number, uint64_t *out);
/* In how many parts Snort looks at a side's message (HTTP: header, body, trailer). */
unsigned inspect_sections(const struct inspect_tx *tx, enum flow_side side);
bool inspect_number(const struct flow *f, const struct inspect_tx *tx, enum flow_side side,
                    enum number_id number, unsigned index, uint64_t *out);

/* Did one side of the flow raise this (applayer_mismatch_protocol_both_directions ...)?  Such
 * events belong to no transaction. */
bool inspect_flow_has_event(const struct flow *f, enum inspect_event event);

/* dcerpc.iface: is the interface `uuid` (as printed, 16 bytes) bound with a version that `accept`
 * likes?  Asked of a DCE/RPC or SMB transaction that is a request of that interface. */
bool inspect_dcerpc_iface(const struct flow *f, const struct inspect_tx *tx, enum flow_side side,
                          const uint8_t uuid[16], bool any_fragment,
                          bool (*accept)(void *ctx, uint16_t version), void *ctx);

/* Files of a transaction's side. */
enum inspect_file_state { FILE_OPENED, FILE_CLOSED, FILE_TRUNCATED, FILE_FAILED };

enum { /* what rules ask for; struct inspect_file.want */
       FILE_WANT_STORE = 1,
       FILE_WANT_MD5 = 2,
       FILE_WANT_SHA1 = 4,
       FILE_WANT_SHA256 = 8,
       FILE_WANT_NO_STORE = 16,
};

struct inspect_file {
    const uint8_t *name;
    size_t name_len;
    uint64_t size;       /* bytes seen so far */
    uint64_t start, end; /* of a part (Content-Range), when has_range */
    bool has_range, has_gaps, is_stored;
    uint8_t state; /* enum inspect_file_state */
    uint8_t want;
    uint8_t has_digest; /* FILE_WANT_MD5 ...: those below are valid (the file is closed) */
    uint8_t md5[16], sha1[20], sha256[32];
    uint32_t id; /* file_id: 1, 2, ... of the run */
    uint64_t tx_id;
};

size_t inspect_file_count(const struct flow *f, const struct inspect_tx *tx, enum flow_side side);
struct inspect_file *inspect_file_at(const struct flow *f, const struct inspect_tx *tx,
                                     enum flow_side side, size_t index);
/* Bytes of the file that are kept: from what no one has inspected, and a window before. */
bool inspect_file_data(const struct inspect_file *file, struct span *out);
void inspect_file_want(struct inspect_file *file, uint8_t want);

/* What EVE shows of a transaction: the protocol's own members ("http": {...}), put into the open
 * object; alert records call it, too. */
void inspect_eve(const struct flow *f, const struct inspect_tx *tx, struct json_out *json);

/* Which families of files need digests by rule (filemd5 ...): told once by the engine. */
enum {
    INSPECT_MD5_ALL = 1,
    INSPECT_SHA1_ALL = 2,
    INSPECT_SHA256_ALL = 4,
    INSPECT_JA3 = 8,
    INSPECT_JA4 = 16,
    INSPECT_HASSH = 32,
    INSPECT_BODY_MD5 = 64,
};

/* Frames: structured parts of a side's stream ("frame:" keyword, EVE's frame records). */
struct inspect_frame {
    const char *type; /* "hdr", "data", "pdu" as the protocol names them */
    uint64_t at;      /* place in the side's stream (UDP: in the datagram) */
    int64_t len;      /* -1: not known yet */
    uint64_t tx_id, id;
    bool has_tx, is_done, is_logged;
    uint8_t side;
    void *detect;
};
size_t inspect_frame_count(const struct flow *f, enum flow_side side);
struct inspect_frame *inspect_frame_at(const struct flow *f, enum flow_side side, size_t index);
/* The bytes of the frame that are there now; `is_last` when it is whole. */
bool inspect_frame_data(const struct flow *f, const struct inspect_frame *frame, struct span *out);
