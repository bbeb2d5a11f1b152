/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The requests of a connection. */
#include <string.h>

#include "wire/proto/http1_private.h"

enum { JUNK_0_9_MAX = 16 };

static struct http1_line_side *side_of(struct http1 *h)
{
    return &h->side[HTTP1_REQUEST];
}

static void tell(struct http1 *h, enum http1_event event)
{
    http1_tell(h, side_of(h)->tx, HTTP1_REQUEST, event);
}

static enum http1_go begin(struct http1 *h)
{
    struct http1_line_side *l = side_of(h);
    if (http1_left(l) == 0)
        return GO_MORE;
    l->tx = h->handler.begin(h->ctx);
    if (!l->tx)
        return GO_BROKEN;
    struct http1_tx **link = &h->first;
    while (*link)
        link = &(*link)->next;
    *link = l->tx;
    l->state = STATE_LINE;
    return GO_ON;
}

static void find_host(struct http1 *h, struct http1_tx *tx)
{
    struct http1_text host = tx->uri.host;
    while (host.len && host.data[host.len - 1] == '.')
        host.len--;
    if (host.data && host.len) {
        uint8_t *lower = arena_take(&tx->memory, host.len + 1);
        for (size_t i = 0; i < host.len; i++)
            lower[i] =
                host.data[i] >= 'A' && host.data[i] <= 'Z' ? host.data[i] | 0x20 : host.data[i];
        tx->host = (struct http1_text){lower, host.len};
        if (!http1_host_is_valid(tx->host))
            http1_tell(h, tx, HTTP1_REQUEST, HTTP1_EVENT_REQUEST_URI_HOST_INVALID);
    }
}

static void line_done(struct http1 *h, struct http1_text line)
{
    struct http1_line_side *l = side_of(h);
    struct http1_tx *tx = l->tx;
    bool is_double = false;
    http1_request_line_parse(h, tx, http1_keep(tx, http1_chomp(line)));
    struct http1_text target = tx->request.part[1];
    if (http1_text_is(tx->request.part[0], "CONNECT")) {
        struct http1_uri uri = {.host = target};
        size_t colon = target.len;
        while (colon > 0 && target.data[colon - 1] != ':')
            colon--;
        if (colon > 0) {
            uint64_t port;
            uri.port = (struct http1_text){target.data + colon, target.len - colon};
            uri.host.len = colon - 1;
            if (!http1_number(uri.port, &port) || port == 0 || port > UINT16_MAX)
                http1_tell(h, tx, HTTP1_REQUEST, HTTP1_EVENT_REQUEST_URI_HOST_INVALID);
            else
                uri.port_number = (uint16_t)port;
        }
        tx->uri = uri;
    } else if (target.data) {
        http1_uri_parse(&tx->uri, target);
    }
    find_host(h, tx);
    tx->normal = http1_uri_normal(&tx->uri, &h->settings, &tx->memory, &is_double);
    if (is_double)
        tell(h, HTTP1_EVENT_DOUBLE_ENCODED_URI);
    http1_step(h, tx, HTTP1_REQUEST, HTTP1_LINE);
}

/* Nothing, or line ends alone: servers skip them between requests. */
static bool is_ignorable(struct http1_text line)
{
    return http1_chomp(line).len == 0;
}

/* No protocol was named.  Is it really HTTP/0.9, which knows no header?  If more than blanks
 * follow, it is not. */
static enum http1_go after_bare_line(struct http1 *h)
{
    struct http1_line_side *l = side_of(h);
    size_t blanks = 0;
    while (blanks < http1_left(l) && http1_is_space(l->pos[blanks]))
        blanks++;
    if (blanks < http1_left(l) || blanks > JUNK_0_9_MAX) {
        l->tx->is_0_9 = false;
        tell(h, HTTP1_EVENT_REQUEST_LINE_MISSING_PROTOCOL);
        l->state = STATE_HEADERS;
        return GO_ON;
    }
    l->state = STATE_FINISH;
    return GO_ON;
}

static enum http1_go in_line(struct http1 *h)
{
    struct http1_line_side *l = side_of(h);
    size_t len;
    if (!http1_line_split(l, false, &len)) {
        if (http1_left(l) > HTTP1_LINE_MAX) {
            tell(h, HTTP1_EVENT_REQUEST_FIELD_TOO_LONG);
            return GO_BROKEN;
        }
        if (!l->is_end || http1_left(l) == 0)
            return GO_MORE;
        len = http1_left(l);
        tell(h, HTTP1_EVENT_REQUEST_LINE_INCOMPLETE);
    }
    struct http1_text line = {l->pos, len};
    l->pos += len;
    if (is_ignorable(line))
        return GO_ON;
    if (len > HTTP1_LINE_MAX) {
        tell(h, HTTP1_EVENT_REQUEST_FIELD_TOO_LONG);
        return GO_BROKEN;
    }
    line_done(h, line);
    if (l->tx->is_0_9)
        return after_bare_line(h);
    l->state = STATE_HEADERS;
    return GO_ON;
}

/* Host of target and field are held against each other (RFC 9112 3.2). */
static void judge_host(struct http1 *h, struct http1_tx *tx)
{
    const struct http1_field *field = http1_field(&tx->request, "host");
    if (!field) {
        if (tx->request.version >= HTTP1_1_1)
            tell(h, HTTP1_EVENT_MISSING_HOST_HEADER);
        return;
    }
    struct http1_text host = field->value, port = {0};
    size_t from = 0; /* behind the bracket of an IPv6 address */
    if (host.len && host.data[0] == '[') {
        const uint8_t *close = memchr(host.data, ']', host.len);
        from = close ? (size_t)(close - host.data) + 1 : 0;
    }
    for (size_t i = from; i < host.len; i++)
        if (host.data[i] == ':') {
            port = (struct http1_text){host.data + i + 1, host.len - i - 1};
            host.len = i;
            break;
        }
    host = http1_trim(host);
    uint64_t number = 0;
    bool bad_port =
        port.data && (!http1_number(port, &number) || number == 0 || number > UINT16_MAX);
    if (!http1_host_is_valid(host) || bad_port)
        tell(h, HTTP1_EVENT_REQUEST_HEADER_HOST_INVALID);
    if (!tx->host.data) {
        uint8_t *lower = arena_take(&tx->memory, host.len + 1);
        for (size_t i = 0; i < host.len; i++)
            lower[i] =
                host.data[i] >= 'A' && host.data[i] <= 'Z' ? host.data[i] | 0x20 : host.data[i];
        tx->host = (struct http1_text){lower, host.len};
        tx->uri.port_number = (uint16_t)number;
    } else {
        char copy[256];
        size_t len = tx->host.len < sizeof copy - 1 ? tx->host.len : sizeof copy - 1;
        memcpy(copy, tx->host.data, len);
        copy[len] = 0;
        if (!http1_text_is(host, copy) ||
            (port.data && tx->uri.port_number && tx->uri.port_number != number))
            tell(h, HTTP1_EVENT_HOST_HEADER_AMBIGUOUS);
    }
}

static void judge_auth(struct http1 *h, const struct http1_message *m)
{
    const struct http1_field *field = http1_field(m, "authorization");
    if (!field)
        return;
    struct http1_text rest = field->value;
    struct http1_text scheme = http1_word(&rest);
    if (!http1_text_is(scheme, "basic") && !http1_text_is(scheme, "digest") &&
        !http1_text_is(scheme, "bearer"))
        tell(h, HTTP1_EVENT_REQUEST_AUTH_UNRECOGNIZED);
}

static bool value_holds(struct http1_text t, const char *word)
{
    size_t len = strlen(word), n = 0;
    for (size_t i = 0; i < t.len; i++) {
        if (t.data[i] == 0)
            continue;
        n = (t.data[i] | 0x20) == (uint8_t)word[n] ? n + 1 : (t.data[i] | 0x20) == (uint8_t)word[0];
        if (n == len)
            return true;
    }
    return false;
}

static enum http1_go choose_body(struct http1 *h)
{
    struct http1_line_side *l = side_of(h);
    struct http1_message *m = &l->tx->request;
    const struct http1_field *coding = http1_field(m, "transfer-encoding");
    const struct http1_field *length = http1_field(m, "content-length");
    l->state = STATE_FINISH;
    if (coding && value_holds(coding->value, "chunked")) {
        if (m->version < HTTP1_1_1)
            tell(h, HTTP1_EVENT_INVALID_TRANSFER_ENCODING_VALUE_IN_REQUEST);
        l->state = STATE_CHUNK_LENGTH;
        http1_step(h, l->tx, HTTP1_REQUEST, HTTP1_BODY);
        return GO_ON;
    }
    if (coding) {
        tell(h, HTTP1_EVENT_INVALID_TRANSFER_ENCODING_VALUE_IN_REQUEST);
        return GO_BROKEN;
    }
    if (!length)
        return GO_ON;
    if (!http1_number(length->value, &l->left)) {
        tell(h, HTTP1_EVENT_INVALID_CONTENT_LENGTH_FIELD_IN_REQUEST);
        return GO_BROKEN;
    }
    if (l->left) {
        l->state = STATE_BODY_LENGTH;
        http1_step(h, l->tx, HTTP1_REQUEST, HTTP1_BODY);
    }
    return GO_ON;
}

static enum http1_go headers_done(struct http1 *h)
{
    struct http1_line_side *l = side_of(h);
    judge_host(h, l->tx);
    judge_auth(h, &l->tx->request);
    http1_body_open(h, l->tx, HTTP1_REQUEST);
    http1_step(h, l->tx, HTTP1_REQUEST, HTTP1_HEADERS);
    if (http1_text_is(l->tx->request.part[0], "CONNECT")) {
        l->state = STATE_CONNECT_WAIT;
        return GO_ON;
    }
    return choose_body(h);
}

static enum http1_go in_headers(struct http1 *h)
{
    struct http1_line_side *l = side_of(h);
    enum http1_go go = http1_header_step(h, HTTP1_REQUEST);
    if (go != GO_ON)
        return go;
    if (l->state == STATE_TRAILER) {
        l->state = STATE_FINISH;
        return GO_ON;
    }
    return headers_done(h);
}

static enum http1_go in_body(struct http1 *h)
{
    struct http1_line_side *l = side_of(h);
    size_t len = http1_left(l) < l->left ? http1_left(l) : (size_t)l->left;
    if (len == 0)
        return GO_MORE;
    http1_body_add(h, l->tx, HTTP1_REQUEST, l->pos, len);
    l->pos += len;
    l->left -= len;
    if (l->left == 0)
        l->state = l->state == STATE_CHUNK_DATA ? STATE_CHUNK_END : STATE_FINISH;
    return GO_ON;
}

static enum http1_go in_chunk_length(struct http1 *h)
{
    struct http1_line_side *l = side_of(h);
    bool bad;
    enum http1_go go = http1_chunk_length(h, HTTP1_REQUEST, &l->left, &bad);
    if (go != GO_ON)
        return go;
    if (bad) {
        tell(h, HTTP1_EVENT_INVALID_REQUEST_CHUNK_LEN);
        return GO_BROKEN;
    }
    l->state = l->left ? STATE_CHUNK_DATA : STATE_TRAILER;
    if (l->left == 0)
        http1_step(h, l->tx, HTTP1_REQUEST, HTTP1_TRAILER);
    return GO_ON;
}

static enum http1_go in_chunk_end(struct http1 *h)
{
    struct http1_line_side *l = side_of(h);
    size_t len;
    if (!http1_line_split(l, false, &len))
        return GO_MORE;
    l->pos += len;
    l->state = STATE_CHUNK_LENGTH;
    return GO_ON;
}

void http1_request_finish(struct http1 *h)
{
    struct http1_line_side *l = side_of(h);
    http1_body_close(h, l->tx, HTTP1_REQUEST);
    struct http1_tx *tx = l->tx;
    l->state = tx->is_0_9 ? STATE_AFTER_0_9 : STATE_IDLE;
    l->tx = NULL;
    http1_step(h, tx, HTTP1_REQUEST, HTTP1_COMPLETE);
}

/* The request should be over.  If what follows begins no other one, it is a body nobody announced.
 */
static enum http1_go in_finish(struct http1 *h)
{
    struct http1_line_side *l = side_of(h);
    size_t len;
    if (http1_left(l) == 0) {
        http1_request_finish(h);
        return GO_ON;
    }
    if (!http1_line_split(l, false, &len)) {
        if (!l->is_end && http1_left(l) < HTTP1_LINE_MAX)
            return GO_MORE;
        len = http1_left(l);
    }
    struct http1_text line = {l->pos, len}, rest = line;
    struct http1_text method = http1_word(&rest);
    if (method.len == 0 || http1_is_method(method)) {
        http1_request_finish(h);
        return GO_ON;
    }
    tell(h, HTTP1_EVENT_REQUEST_BODY_UNEXPECTED);
    http1_body_add(h, l->tx, HTTP1_REQUEST, l->pos, len);
    l->pos += len;
    return GO_ON;
}

/* The answer to CONNECT decides what the bytes that follow are. */
static enum http1_go in_connect(struct http1 *h)
{
    struct http1_line_side *l = side_of(h);
    const struct http1_message *answer = &l->tx->response;
    if (answer->step <= HTTP1_LINE)
        return GO_MORE;
    if (answer->status < 200 || answer->status > 299) {
        l->state = STATE_FINISH;
        return GO_ON;
    }
    size_t len;
    if (http1_left(l) == 0)
        return GO_MORE;
    struct http1_text rest = {l->pos, http1_left(l)};
    if (http1_line_split(l, false, &len))
        rest.len = len;
    bool request = http1_is_method(http1_word(&rest));
    http1_request_finish(h);
    if (!request)
        h->side[0].state = h->side[1].state = STATE_TUNNEL;
    return GO_ON;
}

enum http1_go http1_request_step(struct http1 *h)
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
    case STATE_CHUNK_DATA:
        return in_body(h);
    case STATE_CHUNK_LENGTH:
        return in_chunk_length(h);
    case STATE_CHUNK_END:
        return in_chunk_end(h);
    case STATE_FINISH:
        return in_finish(h);
    case STATE_CONNECT_WAIT:
        return in_connect(h);
    case STATE_AFTER_0_9:
        side_of(h)->pos = side_of(h)->end;
        return GO_MORE;
    default:
        return GO_BROKEN;
    }
}
