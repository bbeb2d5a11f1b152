/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HTTP/1 for rules and records: transactions of wire/proto/http1 with their bodies as files. */
#include "wire/proto/http1.h"

#include <string.h>
#include <strings.h>

#include "core/base/mem.h"
#include "tool/ids/eve/eve_head.h"
#include "tool/ids/inspect/http1_file.h"
#include "tool/ids/inspect/http1_tx.h"
#include "tool/ids/inspect/inspect_private.h"

struct http_state {
    struct inspect_flow *f;
    struct http1 *parser;
};

static struct http_tx *tx_of(const struct inspect_tx *tx)
{
    return CONTAINER_OF(tx, struct http_tx, head);
}

static struct http_tx *tx_of_http(struct http1_tx *http)
{
    return CONTAINER_OF(http, struct http_tx, http);
}

static const struct http1_message *message_of(const struct http_tx *tx, enum flow_side side)
{
    return side == FLOW_TO_SERVER ? &tx->http.request : &tx->http.response;
}

/* ---- told by the parser ---- */

static struct http1_tx *begin(void *ctx)
{
    struct http_state *s = ctx;
    struct http_tx *tx = inspect_tx_new(s->f, sizeof *tx);
    if (!tx)
        return NULL;
    tx->head.flag |= INSPECT_TX_KEEP;
    return &tx->http;
}

static void step(void *ctx, struct http1_tx *http, enum http1_side side)
{
    static const uint8_t progress[] = {INSPECT_BEGUN, HTTP_LINE,    HTTP_HEADERS,
                                       HTTP_BODY,     HTTP_TRAILER, INSPECT_DONE};
    struct http_state *s = ctx;
    struct http_tx *tx = tx_of_http(http);
    enum flow_side at = side == HTTP1_REQUEST ? FLOW_TO_SERVER : FLOW_TO_CLIENT;
    uint8_t how_far = message_of(tx, at)->step;
    if (how_far == HTTP1_COMPLETE) {
        http_files_close(&tx->files[at], FILE_CLOSED);
        inspect_raw_trigger(s->f, at);
    }
    inspect_tx_progress(s->f, &tx->head, at, progress[how_far]);
}

static void body(void *ctx, struct http1_tx *http, enum http1_side side, const void *data,
                 size_t len)
{
    struct http_state *s = ctx;
    struct http_tx *tx = tx_of_http(http);
    enum flow_side at = side == HTTP1_REQUEST ? FLOW_TO_SERVER : FLOW_TO_CLIENT;
    struct http_body_owner owner = {.f = s->f, .tx = &tx->head, .http = http, .side = at};
    http_files_add(&tx->files[at], &owner, data, len);
    inspect_tx_touch(&tx->head, at);
}

static void event(void *ctx, struct http1_tx *http, enum http1_side side, enum http1_event event)
{
    static const uint16_t name[HTTP1_EVENT_COUNT] = {
#define EVENT(upper) INSPECT_EVENT_HTTP_##upper,
#include "wire/proto/http1_event.def"
#undef EVENT
    };
    struct http_state *s = ctx;
    (void)side;
    inspect_event(s->f, &tx_of_http(http)->head, (enum inspect_event)name[event]);
}

static void end(void *ctx, struct http1_tx *http)
{
    (void)ctx;
    tx_of_http(http)->head.flag &= (uint8_t)~INSPECT_TX_KEEP;
}

/* ---- life ---- */

static const struct http1_handler handler = {begin, step, body, event, end};

static void *open_flow(struct inspect_flow *f)
{
    const struct inspect_settings *settings = f->thread->settings;
    struct http1_settings http = {
        .decode_layer_max = settings->decode_response ? settings->decode_layer_max : 0,
        .decode_request = settings->decode_request,
        .bomb_max = settings->decode_bomb_max,
        .double_decode_path = settings->double_decode_path,
        .double_decode_query = settings->double_decode_query,
    };
    struct http_state *s = mem_zero(sizeof *s);
    s->f = f;
    s->parser = http1_new(&http, &handler, s);
    return s;
}

static void close_flow(struct inspect_flow *f, void *state)
{
    struct http_state *s = state;
    (void)f;
    http1_free(s->parser);
    mem_free(s);
}

static void tx_free(struct inspect_flow *f, struct inspect_tx *tx)
{
    struct http_tx *t = tx_of(tx);
    (void)f;
    http_files_free(&t->files[0]);
    http_files_free(&t->files[1]);
    http1_tx_done(&t->http);
}

static struct stream_used take(struct inspect_flow *f, void *state, enum flow_side side,
                               const struct stream_chunk *chunk)
{
    struct http_state *s = state;
    enum http1_side at = side == FLOW_TO_SERVER ? HTTP1_REQUEST : HTTP1_RESPONSE;
    size_t used = chunk->len;
    s->f = f;
    enum http1_status status = chunk->gap ? http1_gap(s->parser, at, chunk->gap)
                                          : http1_take(s->parser, at, chunk->data, chunk->len,
                                                       chunk->is_end || chunk->is_depth, &used);
    switch (status) {
    case HTTP1_TUNNEL:
        inspect_change(f, INSPECT_UNKNOWN);
        break;
    case HTTP1_UPGRADE_HTTP2:
        inspect_change(f, INSPECT_HTTP2);
        break;
    case HTTP1_BROKEN:
        if (!chunk->is_end || chunk->len)
            return inspect_fail(f, chunk->gap ? INSPECT_ERROR_GAP : INSPECT_ERROR_PARSER);
        break;
    default:
        break;
    }
    return (struct stream_used){chunk->gap ? chunk->gap : (uint32_t)used, 0};
}

/* ---- buffers ---- */

static bool give(struct span *out, struct http1_text t)
{
    return t.data && inspect_span(out, t.data, t.len);
}

static bool give_field(struct span *out, const struct http1_message *m, const char *name)
{
    const struct http1_field *field = http1_field(m, name);
    return field && give(out, field->value);
}

static bool is_cookie(const struct http1_field *field, enum flow_side side)
{
    return http1_text_is(field->name, side == FLOW_TO_SERVER ? "cookie" : "set-cookie");
}

static void add_text(struct str *to, struct http1_text t)
{
    str_add_len(to, t.data, t.len);
}

static void add_fields(struct str *to, const struct http1_message *m, enum flow_side side,
                       bool cookies)
{
    for (size_t i = 0; i < m->field_count; i++) {
        if (!cookies && is_cookie(&m->field[i], side))
            continue;
        add_text(to, m->field[i].name);
        str_add(to, ": ");
        add_text(to, m->field[i].value);
        str_add(to, "\r\n");
    }
}

static void build(const struct http_tx *tx, enum flow_side side, enum buffer_id buffer,
                  struct str *to)
{
    const struct http1_message *m = message_of(tx, side);
    switch (buffer) {
    case BUFFER_HTTP_HEADER:
        add_fields(to, m, side, false);
        break;
    case BUFFER_HTTP_HEADER_NAMES:
        str_add(to, "\r\n");
        for (size_t i = 0; i < m->field_count; i++) {
            add_text(to, m->field[i].name);
            str_add(to, "\r\n");
        }
        str_add(to, "\r\n");
        break;
    default: /* BUFFER_HTTP_START */
        add_text(to, m->line);
        str_add(to, "\r\n");
        add_fields(to, m, side, true);
        str_add(to, "\r\n");
        break;
    }
}

/* Made once for a transaction, when a rule first asks for it. */
static bool give_built(const struct http_tx *tx, enum flow_side side, enum buffer_id buffer,
                       struct span *out)
{
    struct http_tx *t = (struct http_tx *)(uintptr_t)tx;
    for (uint8_t i = 0; i < t->cached; i++)
        if (t->cache[i].id == buffer && t->cache[i].side == side)
            return give(out, t->cache[i].text);
    if (t->cached == HTTP_CACHE_MAX)
        return false;
    struct str made = str_of(0);
    build(tx, side, buffer, &made);
    struct http1_text text = {(uint8_t *)arena_copy(&t->http.memory, str_text(&made), made.len),
                              made.len};
    str_done(&made);
    t->cache[t->cached].id = (uint8_t)buffer;
    t->cache[t->cached].side = (uint8_t)side;
    t->cache[t->cached++].text = text;
    return text.len && give(out, text);
}

static bool give_one_field(const struct http_tx *tx, enum flow_side side, unsigned index,
                           struct span *out)
{
    const struct http1_message *m = message_of(tx, side);
    if (index >= m->field_count)
        return false;
    const struct http1_field *field = &m->field[index];
    size_t len = field->name.len + 2 + field->value.len;
    uint8_t *text = arena_take(&((struct http_tx *)(uintptr_t)tx)->http.memory, len + 1);
    memcpy(text, field->name.data, field->name.len);
    memcpy(text + field->name.len, ": ", 2);
    memcpy(text + field->name.len + 2, field->value.data, field->value.len);
    return inspect_span(out, text, len);
}

static const struct {
    uint8_t buffer;
    const char *name;
} field_buffer[] = {
    {BUFFER_HTTP_USER_AGENT, "user-agent"},
    {BUFFER_HTTP_ACCEPT, "accept"},
    {BUFFER_HTTP_ACCEPT_ENC, "accept-encoding"},
    {BUFFER_HTTP_ACCEPT_LANG, "accept-language"},
    {BUFFER_HTTP_REFERER, "referer"},
    {BUFFER_HTTP_CONNECTION, "connection"},
    {BUFFER_HTTP_CONTENT_LEN, "content-length"},
    {BUFFER_HTTP_CONTENT_TYPE, "content-type"},
    {BUFFER_HTTP_LOCATION, "location"},
    {BUFFER_HTTP_SERVER, "server"},
};

static bool first_line_buffer(const struct http_tx *tx, enum flow_side side, enum buffer_id buffer,
                              struct span *out)
{
    const struct http1_message *m = message_of(tx, side);
    switch (buffer) {
    case BUFFER_HTTP_METHOD:
        return give(out, m->part[0]);
    case BUFFER_HTTP_URI:
        return tx->http.normal.len && give(out, tx->http.normal);
    case BUFFER_HTTP_URI_RAW:
        return give(out, m->part[1]);
    case BUFFER_HTTP_PROTOCOL:
        return give(out, m->part[side == FLOW_TO_SERVER ? 2 : 0]);
    case BUFFER_HTTP_REQUEST_LINE:
    case BUFFER_HTTP_RESPONSE_LINE:
        return give(out, m->line);
    case BUFFER_HTTP_STAT_CODE:
        return give(out, m->part[1]);
    case BUFFER_HTTP_STAT_MSG:
        return m->part[2].len && give(out, m->part[2]);
    default:
        return false;
    }
}

static bool buffer(const struct inspect_flow *f, const struct inspect_tx *head, enum flow_side side,
                   enum buffer_id id, unsigned index, struct span *out)
{
    const struct http_tx *tx = tx_of(head);
    const struct http1_message *m = message_of(tx, side);
    (void)f;
    if (first_line_buffer(tx, side, id, out))
        return true;
    for (size_t i = 0; i < ARRAY_COUNT(field_buffer); i++)
        if (field_buffer[i].buffer == id)
            return give_field(out, m, field_buffer[i].name);
    switch (id) {
    case BUFFER_HTTP_HEADER:
    case BUFFER_HTTP_HEADER_NAMES:
    case BUFFER_HTTP_START:
        return give_built(tx, side, id, out);
    case BUFFER_HTTP_HEADER_RAW:
        return m->raw.len && inspect_span(out, m->raw.text, m->raw.len);
    case BUFFER_HTTP_COOKIE:
        return give_field(out, m, side == FLOW_TO_SERVER ? "cookie" : "set-cookie");
    case BUFFER_HTTP_HOST:
        return give(out, tx->http.host);
    case BUFFER_HTTP_HOST_RAW:
        return tx->http.uri.host.data ? give(out, tx->http.uri.host) : give_field(out, m, "host");
    case BUFFER_HTTP_REQUEST_HEADER:
    case BUFFER_HTTP_RESPONSE_HEADER:
        return give_one_field(tx, side, index, out);
    case BUFFER_HTTP_REQUEST_BODY:
    case BUFFER_HTTP_RESPONSE_BODY:
        return index == 0 && http_files_body(&tx->files[side], out);
    case BUFFER_FILE_DATA:
        /* an answer's body is its file, and an unfinished one is looked at, too */
        return side == FLOW_TO_CLIENT && index == 0 && http_files_body(&tx->files[side], out);
    default:
        return false;
    }
}

static bool number(const struct inspect_flow *f, const struct inspect_tx *head, enum flow_side side,
                   enum number_id id, unsigned index, uint64_t *out)
{
    (void)f, (void)head, (void)side, (void)id, (void)index, (void)out;
    return false;
}

static struct inspect_file *file(const struct inspect_tx *head, enum flow_side side, size_t index)
{
    return http_files_at(&tx_of(head)->files[side], index);
}

/* ---- records ---- */

static void eve_text(struct json_out *json, const char *key, struct http1_text t)
{
    if (t.data)
        eve_bytes(json, key, t.data, t.len);
}

static void eve_field(struct json_out *json, const char *key, const struct http1_message *m,
                      const char *name)
{
    const struct http1_field *field = http1_field(m, name);
    if (field)
        eve_text(json, key, field->value);
}

static void eve_content_type(struct json_out *json, const struct http1_message *m)
{
    const struct http1_field *field = http1_field(m, "content-type");
    if (!field)
        return;
    struct http1_text type = field->value;
    const uint8_t *end = type.len ? memchr(type.data, ';', type.len) : NULL;
    if (end)
        type.len = (size_t)(end - type.data);
    eve_text(json, "http_content_type", type);
}

static void eve_range(struct json_out *json, const struct http1_message *m)
{
    const struct http1_field *field = http1_field(m, "content-range");
    struct http_range range;
    if (!field)
        return;
    json_object(json, "content_range");
    eve_text(json, "raw", field->value);
    if (http_range_parse(field->value, &range)) {
        if (range.has_span) {
            json_u64(json, "start", range.start);
            json_u64(json, "end", range.end);
        }
        if (range.has_size)
            json_u64(json, "size", range.size);
    }
    json_end(json);
}

static void eve_headers(struct json_out *json, const char *key, const struct http1_message *m)
{
    json_array(json, key);
    for (size_t i = 0; i < m->field_count; i++) {
        json_object(json, NULL);
        eve_text(json, "name", m->field[i].name);
        eve_text(json, "value", m->field[i].value);
        json_end(json);
    }
    json_end(json);
}

static void eve(const struct inspect_flow *f, const struct inspect_tx *head, struct json_out *json)
{
    const struct http_tx *tx = tx_of(head);
    const struct http1_message *request = &tx->http.request, *response = &tx->http.response;
    const struct inspect_settings *settings = f->thread->settings;
    json_object(json, "http");
    eve_text(json, "hostname", tx->http.host);
    if (tx->http.uri.port_number)
        json_u64(json, "http_port", tx->http.uri.port_number);
    eve_text(json, "url", request->part[1]);
    eve_field(json, "http_user_agent", request, "user-agent");
    eve_field(json, "xff", request, "x-forwarded-for");
    eve_content_type(json, response);
    eve_range(json, response);
    eve_field(json, "http_refer", request, "referer");
    eve_text(json, "http_method", request->part[0]);
    eve_text(json, "protocol", request->part[2]);
    if (response->status) {
        json_u64(json, "status", response->status);
        if (response->status >= 300 && response->status < 400)
            eve_field(json, "redirect", response, "location");
    } else if (response->part[1].len) {
        eve_text(json, "status_string", response->part[1]);
    }
    json_u64(json, "length", response->wire_len);
    if (settings->http_dump & HTTP_DUMP_REQUEST)
        eve_headers(json, "request_headers", request);
    if (settings->http_dump & HTTP_DUMP_RESPONSE)
        eve_headers(json, "response_headers", response);
    json_end(json);
}

/* ---- recognition ---- */

static enum inspect_answer starts_with(const struct inspect_probe *p, const char *text)
{
    size_t len = strlen(text), have = p->len < len ? p->len : len;
    if (strncasecmp((const char *)p->data, text, have) != 0)
        return INSPECT_NO;
    return have == len ? INSPECT_YES : INSPECT_MORE;
}

static enum inspect_answer probe(const struct inspect_probe *p)
{
    static const char *const method[] = {"GET",
                                         "PUT",
                                         "POST",
                                         "HEAD",
                                         "TRACE",
                                         "OPTIONS",
                                         "CONNECT",
                                         "DELETE",
                                         "PATCH",
                                         "PROPFIND",
                                         "PROPPATCH",
                                         "MKCOL",
                                         "COPY",
                                         "MOVE",
                                         "LOCK",
                                         "UNLOCK",
                                         "CHECKOUT",
                                         "UNCHECKOUT",
                                         "CHECKIN",
                                         "UPDATE",
                                         "LABEL",
                                         "REPORT",
                                         "MKWORKSPACE",
                                         "MKACTIVITY",
                                         "MERGE",
                                         "INVALID",
                                         "VERSION-CONTROL",
                                         "BASELINE-CONTROL"};
    bool more = false;
    if (p->side == FLOW_TO_CLIENT)
        return starts_with(p, "HTTP/");
    struct inspect_probe at = *p;
    while (at.len && (*at.data == '\r' || *at.data == '\n')) { /* left over from a request */
        at.data++;
        at.len--;
    }
    for (size_t i = 0; i < ARRAY_COUNT(method); i++) {
        size_t len = strlen(method[i]);
        enum inspect_answer a = starts_with(&at, method[i]);
        if (a == INSPECT_YES && at.len > len) {
            uint8_t c = at.data[len];
            if (c == ' ' || c == '\t' || c == 0x0b || c == 0x0c)
                return INSPECT_YES;
            continue;
        }
        more |= a != INSPECT_NO;
    }
    return more ? INSPECT_MORE : INSPECT_NO;
}

const struct inspect_proto inspect_proto_http1 = {
    .id = INSPECT_HTTP1,
    .transports = INSPECT_TCP,
    .first_side = FLOW_TO_SERVER,
    .event_type = "http",
    .probe = probe,
    .open = open_flow,
    .close = close_flow,
    .take = take,
    .tx_free = tx_free,
    .buffer = buffer,
    .number = number,
    .file = file,
    .eve = eve,
};
