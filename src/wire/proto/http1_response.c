/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The answers of a connection, matched to its requests in order. */
#include <string.h>
#include <strings.h>

#include "wire/proto/http1_private.h"

static struct http1_line_side *side_of(struct http1 *h)
{
    return &h->side[HTTP1_RESPONSE];
}

static void tell(struct http1 *h, enum http1_event event)
{
    http1_tell(h, side_of(h)->tx, HTTP1_RESPONSE, event);
}

/* An answer without a question still gets a transaction. */
static struct http1_tx *unasked(struct http1 *h)
{
    static const char path[] = "/libhtp::request_uri_not_seen"; /* the name EVE's readers know */
    struct http1_tx *tx = h->handler.begin(h->ctx);
    if (!tx)
        return NULL;
    tx->uri.path = tx->normal = tx->request.part[1] =
        http1_keep(tx, (struct http1_text){(const uint8_t *)path, sizeof path - 1});
    h->first = tx;
    tx->next = NULL;
    http1_tell(h, tx, HTTP1_RESPONSE, HTTP1_EVENT_UNABLE_TO_MATCH_RESPONSE_TO_REQUEST);
    http1_step(h, tx, HTTP1_REQUEST, HTTP1_COMPLETE);
    return tx;
}

static enum http1_go begin(struct http1 *h)
{
    struct http1_line_side *l = side_of(h);
    if (http1_left(l) == 0)
        return GO_MORE;
    struct http1_tx *tx = h->first;
    while (tx && tx->response.step == HTTP1_COMPLETE)
        tx = tx->next;
    l->tx = tx ? tx : unasked(h);
    if (!l->tx)
        return GO_BROKEN;
    l->state = l->tx->is_0_9 ? STATE_BODY_TO_CLOSE : STATE_LINE;
    if (l->tx->is_0_9) /* no line, no header */
        http1_step(h, l->tx, HTTP1_RESPONSE, HTTP1_BODY);
    return GO_ON;
}

static bool begins_answer(struct http1_text line)
{
    size_t i = 0;
    while (i < line.len && (http1_is_space(line.data[i]) || line.data[i] == 0))
        i++;
    return line.len - i >= 4 && strncasecmp((const char *)line.data + i, "http", 4) == 0;
}

/* A line that is no status line: it is skipped where the next one is, else taken for body. */
static enum http1_go odd_line(struct http1 *h, struct http1_text line)
{
    struct http1_line_side *l = side_of(h);
    if (http1_left(l) > 1 && (*l->pos == 'H' || http1_chomp(line).len <= 2))
        return GO_ON;
    if (l->tx->response.step < HTTP1_BODY)
        http1_step(h, l->tx, HTTP1_RESPONSE, HTTP1_BODY);
    http1_body_add(h, l->tx, HTTP1_RESPONSE, line.data, line.len);
    if (http1_left(l) == 0)
        l->state = STATE_FINISH;
    return GO_ON;
}

static enum http1_go in_line(struct http1 *h)
{
    struct http1_line_side *l = side_of(h);
    size_t len;
    if (!http1_line_split(l, true, &len)) {
        if (http1_left(l) > HTTP1_LINE_MAX) {
            tell(h, HTTP1_EVENT_RESPONSE_FIELD_TOO_LONG);
            return GO_BROKEN;
        }
        if (!l->is_end || http1_left(l) == 0)
            return GO_MORE;
        len = http1_left(l);
    }
    struct http1_text line = {l->pos, len};
    l->pos += len;
    if (http1_chomp(line).len == 0)
        return GO_ON;
    if (!begins_answer(line))
        return odd_line(h, line);
    http1_response_line_parse(l->tx, http1_keep(l->tx, line));
    if (l->tx->response.version == HTTP1_VERSION_BAD)
        tell(h, HTTP1_EVENT_RESPONSE_INVALID_PROTOCOL);
    if (l->tx->response.status == 0)
        tell(h, HTTP1_EVENT_RESPONSE_INVALID_STATUS);
    http1_step(h, l->tx, HTTP1_RESPONSE, HTTP1_LINE);
    l->state = STATE_HEADERS;
    return GO_ON;
}

static bool holds(struct http1_text t, const char *word)
{
    size_t len = strlen(word);
    uint8_t buffer[256];
    size_t n = 0;
    for (size_t i = 0; i < t.len && n < sizeof buffer; i++)
        if (t.data[i])
            buffer[n++] = t.data[i];
    for (size_t i = 0; i + len <= n; i++)
        if (strncasecmp((const char *)buffer + i, word, len) == 0)
            return true;
    return false;
}

/* 100 Continue is no answer yet: the real one follows. */
static bool is_interim(struct http1 *h, const struct http1_field *length)
{
    struct http1_line_side *l = side_of(h);
    struct http1_message *m = &l->tx->response;
    uint64_t n = 0;
    if (m->status != 100 || (length && http1_number(length->value, &n) && n > 0))
        return false;
    if (l->tx->seen_continue)
        tell(h, HTTP1_EVENT_100_CONTINUE_ALREADY_SEEN);
    l->tx->seen_continue = true;
    m->field_count = 0;
    str_reset(&m->raw);
    m->step = HTTP1_NOTHING;
    l->state = STATE_LINE;
    return true;
}

static enum http1_go switch_protocol(struct http1 *h)
{
    struct http1_line_side *l = side_of(h);
    const struct http1_field *upgrade = http1_field(&l->tx->response, "upgrade");
    h->is_upgrade_http2 = upgrade && holds(upgrade->value, "h2c");
    h->is_switched = true;
    l->state = STATE_FINISH;
    return GO_ON;
}

static enum http1_go choose_chunked(struct http1 *h, const struct http1_field *coding)
{
    struct http1_line_side *l = side_of(h);
    if (!http1_text_is(coding->value, "chunked"))
        tell(h, HTTP1_EVENT_RESPONSE_ABNORMAL_TRANSFER_ENCODING);
    if (l->tx->response.version < HTTP1_1_1)
        tell(h, HTTP1_EVENT_RESPONSE_CHUNKED_OLD_PROTO);
    l->state = STATE_CHUNK_LENGTH;
    http1_step(h, l->tx, HTTP1_RESPONSE, HTTP1_BODY);
    return GO_ON;
}

static enum http1_go choose_length(struct http1 *h, const struct http1_field *length)
{
    struct http1_line_side *l = side_of(h);
    if (!http1_number(length->value, &l->left)) {
        tell(h, HTTP1_EVENT_INVALID_CONTENT_LENGTH_FIELD_IN_RESPONSE);
        return GO_BROKEN;
    }
    l->state = l->left ? STATE_BODY_LENGTH : STATE_FINISH;
    if (l->left)
        http1_step(h, l->tx, HTTP1_RESPONSE, HTTP1_BODY);
    return GO_ON;
}

/* RFC 9112 6.3: is there a body, and where does it end? */
static enum http1_go choose_body(struct http1 *h)
{
    struct http1_line_side *l = side_of(h);
    struct http1_message *m = &l->tx->response;
    const struct http1_field *coding = http1_field(m, "transfer-encoding");
    const struct http1_field *length = http1_field(m, "content-length");
    bool connect = http1_text_is(l->tx->request.part[0], "CONNECT");
    if (!coding && is_interim(h, length))
        return GO_ON;
    http1_body_open(h, l->tx, HTTP1_RESPONSE);
    http1_step(h, l->tx, HTTP1_RESPONSE, HTTP1_HEADERS);
    if (connect && m->status >= 200 && m->status <= 299) {
        l->state = STATE_FINISH;
        return GO_ON;
    }
    if (m->status == 101 && !coding && !length)
        return switch_protocol(h);
    bool bodiless = (m->status >= 100 && m->status <= 199) || m->status == 204 || m->status == 304;
    if (http1_text_is(l->tx->request.part[0], "HEAD") || (bodiless && !coding && !length)) {
        l->state = STATE_FINISH;
        return GO_ON;
    }
    if (coding && holds(coding->value, "chunked"))
        return choose_chunked(h, coding);
    if (length)
        return choose_length(h, length);
    const struct http1_field *type = http1_field(m, "content-type");
    if (type && holds(type->value, "multipart/byteranges")) {
        tell(h, HTTP1_EVENT_RESPONSE_MULTIPART_BYTERANGES);
        return GO_BROKEN;
    }
    l->state = STATE_BODY_TO_CLOSE;
    http1_step(h, l->tx, HTTP1_RESPONSE, HTTP1_BODY);
    return GO_ON;
}

static enum http1_go in_headers(struct http1 *h)
{
    struct http1_line_side *l = side_of(h);
    enum http1_go go = http1_header_step(h, HTTP1_RESPONSE);
    if (go != GO_ON)
        return go;
    if (l->state == STATE_TRAILER) {
        l->state = STATE_FINISH;
        return GO_ON;
    }
    return choose_body(h);
}

static enum http1_go in_body(struct http1 *h)
{
    struct http1_line_side *l = side_of(h);
    size_t len = http1_left(l);
    if (l->state != STATE_BODY_TO_CLOSE && len > l->left)
        len = (size_t)l->left;
    if (len) {
        http1_body_add(h, l->tx, HTTP1_RESPONSE, l->pos, len);
        l->pos += len;
        l->left -= l->state == STATE_BODY_TO_CLOSE ? 0 : len;
    }
    if (l->state != STATE_BODY_TO_CLOSE && l->left == 0)
        l->state = l->state == STATE_CHUNK_DATA ? STATE_CHUNK_END : STATE_FINISH;
    else if (l->is_end)
        l->state = STATE_FINISH;
    else
        return GO_MORE;
    return GO_ON;
}

static enum http1_go in_chunk_length(struct http1 *h)
{
    struct http1_line_side *l = side_of(h);
    bool bad;
    enum http1_go go = http1_chunk_length(h, HTTP1_RESPONSE, &l->left, &bad);
    if (go == GO_MORE && l->is_end) {
        http1_body_add(h, l->tx, HTTP1_RESPONSE, l->pos, http1_left(l));
        l->pos = l->end;
        l->state = STATE_FINISH;
        return GO_ON;
    }
    if (go != GO_ON)
        return go;
    if (bad) { /* no chunks then: the rest is the body, as browsers have it */
        tell(h, HTTP1_EVENT_INVALID_RESPONSE_CHUNK_LEN);
        l->state = STATE_BODY_TO_CLOSE;
        return GO_ON;
    }
    l->state = l->left ? STATE_CHUNK_DATA : STATE_TRAILER;
    if (l->left == 0)
        http1_step(h, l->tx, HTTP1_RESPONSE, HTTP1_TRAILER);
    return GO_ON;
}

static enum http1_go in_chunk_end(struct http1 *h)
{
    struct http1_line_side *l = side_of(h);
    size_t len;
    if (!http1_line_split(l, false, &len)) {
        if (!l->is_end)
            return GO_MORE;
        l->pos = l->end;
        l->state = STATE_FINISH;
        return GO_ON;
    }
    l->pos += len;
    l->state = STATE_CHUNK_LENGTH;
    return GO_ON;
}

static void finish(struct http1 *h)
{
    struct http1_line_side *l = side_of(h);
    struct http1_tx *tx = l->tx;
    http1_body_close(h, tx, HTTP1_RESPONSE);
    l->state = STATE_IDLE;
    l->tx = NULL;
    /* who answers has read enough: a request cut short is over, too */
    if (tx->request.step < HTTP1_COMPLETE && h->side[HTTP1_REQUEST].tx == tx && l->is_end)
        http1_request_finish(h);
    http1_step(h, tx, HTTP1_RESPONSE, HTTP1_COMPLETE);
    if (h->is_switched)
        h->side[0].state = h->side[1].state = STATE_TUNNEL;
}

/* The answer should be over: what follows is the next one, or a body nobody announced. */
static enum http1_go in_finish(struct http1 *h)
{
    struct http1_line_side *l = side_of(h);
    size_t len;
    if (http1_left(l) == 0 || h->is_switched) {
        finish(h);
        return GO_ON;
    }
    if (!http1_line_split(l, false, &len)) {
        if (!l->is_end && http1_left(l) < HTTP1_LINE_MAX)
            return GO_MORE;
        len = http1_left(l);
    }
    struct http1_text line = {l->pos, len};
    if (begins_answer(line)) {
        finish(h);
        return GO_ON;
    }
    http1_body_add(h, l->tx, HTTP1_RESPONSE, line.data, line.len);
    l->pos += len;
    return GO_ON;
}

enum http1_go http1_response_step(struct http1 *h)
{
    switch (side_of(h)->state) {
    case STATE_IDLE:
        return begin(h);
    case STATE_LINE:
        return in_line(h);
    case STATE_HEADERS:
    case STATE_TRAILER:
        return in_headers(h);
    case STATE_BODY_LENGTH:
    case STATE_BODY_TO_CLOSE:
    case STATE_CHUNK_DATA:
        return in_body(h);
    case STATE_CHUNK_LENGTH:
        return in_chunk_length(h);
    case STATE_CHUNK_END:
        return in_chunk_end(h);
    case STATE_FINISH:
        return in_finish(h);
    default:
        return GO_BROKEN;
    }
}
