/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HTTP/1 (RFC 9112) and what passes for it, as a watcher between client and server reads it: both
 * directions of a connection, byte by byte as they come, answers matched to their requests.  Where
 * a message breaks the rules it is read as lenient clients and servers would, so that nothing slips
 * by in a form that only the victim understands; what was odd is told as an event.
 * Not for: making messages, HTTP/2. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/str.h"

enum {
    HTTP1_FIELD_MAX = 1024,    /* fields of one message; one more is refused */
    HTTP1_LINE_MAX = 18000,    /* bytes of a line or field */
    HTTP1_REPETITION_MAX = 64, /* repeated fields that are joined to the first */
    HTTP1_LAYER_MAX = 8,       /* content codings, one in another, whatever the settings say */
};

enum http1_side { HTTP1_REQUEST, HTTP1_RESPONSE };

enum http1_event {
#define EVENT(upper) HTTP1_EVENT_##upper,
#include "wire/proto/http1_event.def"
#undef EVENT
    HTTP1_EVENT_COUNT,
};

enum http1_step { /* how far one side of a transaction is */
                  HTTP1_NOTHING,
                  HTTP1_LINE,
                  HTTP1_HEADERS,
                  HTTP1_BODY,
                  HTTP1_TRAILER,
                  HTTP1_COMPLETE,
};

struct http1_text {
    const uint8_t *data;
    size_t len;
};

enum { HTTP1_REPEATED = 1, HTTP1_INVALID = 2, HTTP1_IN_TRAILER = 4 }; /* struct http1_field.flag */

struct http1_field {
    struct http1_text name, value; /* trimmed; folded lines joined; repetitions joined by ", " */
    uint8_t flag;
};

enum http1_version { HTTP1_VERSION_BAD = 0, HTTP1_0_9 = 9, HTTP1_1_0 = 10, HTTP1_1_1 = 11 };

struct http1_decoder;

struct http1_message {
    struct http1_text line; /* without its line end */
    /* request: method, target, protocol; response: protocol, status, reason */
    struct http1_text part[3];
    uint8_t version; /* enum http1_version */
    uint8_t step;    /* enum http1_step */
    uint16_t status; /* response: 100-999; 0: none that makes sense */
    struct http1_field *field;
    size_t field_count, field_capacity;
    struct str raw;    /* the header as it was sent, its line ends included */
    uint64_t wire_len; /* bytes of the body on the wire, chunk heads included */
    uint64_t body_len; /* bytes of the body, all codings undone */
    struct http1_decoder *decoder;
    uint16_t repetitions;
    bool has_raw_nul;
};

struct http1_uri { /* parts of the request's target, as sent; data NULL: not there */
    struct http1_text scheme, user, password, host, port, path, query, fragment;
    uint16_t port_number;
};

struct http1_tx {
    struct http1_message request, response;
    struct http1_uri uri;
    struct http1_text normal; /* path and query, decoded and straightened */
    struct http1_text host;   /* of the target or the Host field: lower case, without port */
    struct arena memory;      /* of all texts here */
    bool is_0_9, seen_continue;
    struct http1_tx *next; /* the parser's: answers that are still to come */
};

struct http1_settings {
    uint32_t decode_layer_max; /* 0: do not undo codings of answers */
    bool decode_request;
    uint64_t bomb_max; /* bytes a body may grow to when it grows over 2048-fold */
    bool double_decode_path, double_decode_query, plus_is_space;
};

struct http1_handler {
    /* A new transaction, zeroed; NULL: too many, the parser gives up. */
    struct http1_tx *(*begin)(void *ctx);
    void (*step)(void *ctx, struct http1_tx *tx, enum http1_side side);
    /* A piece of the body; data NULL: `len` bytes are lost. */
    void (*body)(void *ctx, struct http1_tx *tx, enum http1_side side, const void *data,
                 size_t len);
    void (*event)(void *ctx, struct http1_tx *tx, enum http1_side side, enum http1_event event);
    void (*end)(void *ctx, struct http1_tx *tx); /* the parser does not touch it any more */
};

struct http1; /* a connection */

struct http1 *http1_new(const struct http1_settings *settings, const struct http1_handler *handler,
                        void *ctx);
void http1_free(struct http1 *h);

enum http1_status {
    HTTP1_MORE,   /* what could be read was */
    HTTP1_BROKEN, /* no sense to be made of this side any more */
    HTTP1_TUNNEL, /* CONNECT or Upgrade went through: what follows is something else */
    HTTP1_UPGRADE_HTTP2,
};

/* Bytes of one side, and whether nothing follows them.  *out_used of them are done with; the rest
 * is to be given again, with what follows.  */
enum http1_status http1_take(struct http1 *h, enum http1_side side, const void *data, size_t len,
                             bool is_end, size_t *out_used);
/* `len` bytes were lost. */
enum http1_status http1_gap(struct http1 *h, enum http1_side side, size_t len);

/* The field of a name (any case; NULs in the sent name do not count), or NULL. */
const struct http1_field *http1_field(const struct http1_message *m, const char *name);
void http1_tx_done(struct http1_tx *tx);

/* ---- parts, also for tests and other users ---- */
bool http1_text_is(struct http1_text t, const char *text); /* any case */
void http1_uri_parse(struct http1_uri *out, struct http1_text target);
struct http1_text http1_uri_normal(const struct http1_uri *uri, const struct http1_settings *s,
                                   struct arena *memory, bool *out_double);
bool http1_host_is_valid(struct http1_text host);
/* The first number in a text; false when there is none. */
bool http1_number(struct http1_text text, uint64_t *out);
