/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of http1.h, for its own files. */
#pragma once

#include "wire/proto/http1.h"

enum http1_state {
    STATE_IDLE,
    STATE_LINE,
    STATE_HEADERS,
    STATE_BODY_LENGTH,   /* so many bytes as Content-Length says */
    STATE_BODY_TO_CLOSE, /* until the connection closes */
    STATE_CHUNK_LENGTH,
    STATE_CHUNK_DATA,
    STATE_CHUNK_END,
    STATE_TRAILER,
    STATE_FINISH, /* is there a body that was not announced? */
    STATE_CONNECT_WAIT,
    STATE_AFTER_0_9,
    STATE_TUNNEL,
    STATE_BROKEN,
};

struct http1_line_side {
    const uint8_t *pos, *end;
    bool is_end;   /* nothing follows */
    uint8_t state; /* enum http1_state */
    uint64_t left; /* of a body or chunk */
    struct http1_tx *tx;
};

struct http1 {
    struct http1_settings settings;
    struct http1_handler handler;
    void *ctx;
    struct http1_line_side side[2];
    struct http1_tx *first; /* transactions that the parser still works on, oldest first */
    bool is_upgrade_http2, is_switched;
    uint32_t bombs;
};

enum http1_go { GO_ON, GO_MORE, GO_BROKEN }; /* how a state's step ended */

static inline size_t http1_left(const struct http1_line_side *s)
{
    return (size_t)(s->end - s->pos);
}
static inline bool http1_is_space(uint8_t c)
{
    return c == ' ' || (c >= 9 && c <= 13);
}
static inline struct http1_message *http1_message(struct http1_tx *tx, enum http1_side side)
{
    return side == HTTP1_REQUEST ? &tx->request : &tx->response;
}

void http1_tell(struct http1 *h, struct http1_tx *tx, enum http1_side side, enum http1_event event);
void http1_step(struct http1 *h, struct http1_tx *tx, enum http1_side side, enum http1_step step);
struct http1_text http1_keep(struct http1_tx *tx, struct http1_text t);

enum http1_go http1_request_step(struct http1 *h);
enum http1_go http1_response_step(struct http1 *h);
void http1_request_finish(struct http1 *h);

/* header.c: fields up to the empty line.  GO_ON: the header is complete. */
enum http1_go http1_header_step(struct http1 *h, enum http1_side side);

/* body.c */
void http1_body_open(struct http1 *h, struct http1_tx *tx, enum http1_side side);
void http1_body_add(struct http1 *h, struct http1_tx *tx, enum http1_side side, const void *data,
                    size_t len);
void http1_body_gap(struct http1 *h, struct http1_tx *tx, enum http1_side side, size_t len);
void http1_body_close(struct http1 *h, struct http1_tx *tx, enum http1_side side);
void http1_decoder_free(struct http1_decoder *d);
enum http1_go http1_chunk_length(struct http1 *h, enum http1_side side, uint64_t *out,
                                 bool *out_bad);

/* line.c */
bool http1_line_split(const struct http1_line_side *s, bool cr_too, size_t *out_len);
void http1_request_line_parse(struct http1 *h, struct http1_tx *tx, struct http1_text line);
void http1_response_line_parse(struct http1_tx *tx, struct http1_text line);
bool http1_is_method(struct http1_text t);
struct http1_text http1_trim(struct http1_text t);
struct http1_text http1_chomp(struct http1_text t);
struct http1_text http1_word(struct http1_text *rest); /* leading spaces skipped */
