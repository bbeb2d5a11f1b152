/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SIP over UDP and TCP: each message is a transaction of its own. */
#include "wire/proto/sip.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/arena.h"
#include "core/base/counter.h"
#include "core/base/mem.h"
#include "tool/ids/eve/eve_head.h"
#include "tool/ids/inspect/inspect_private.h"
#include "wire/packet/layer/number.h"

struct sip_tx {
    struct inspect_tx head;
    struct arena memory;
    const uint8_t *bytes;
    struct sip_message message;
    struct sdp *sdp; /* NULL: none */
};

static struct sip_tx *tx_of(const struct inspect_tx *tx)
{
    return CONTAINER_OF(tx, struct sip_tx, head);
}

static void frames(struct inspect_flow *f, enum flow_side side, uint64_t at,
                   const struct sip_message *m)
{
    bool answer = m->is_response;
    (void)inspect_frame_new(f, side, "pdu", at, m->body_at + (int64_t)m->body_len);
    (void)inspect_frame_new(f, side, answer ? "response.line" : "request.line", at, m->line_len);
    (void)inspect_frame_new(f, side, answer ? "response.headers" : "request.headers",
                            at + m->head_at, m->head_len);
    if (m->body_len)
        (void)inspect_frame_new(f, side, answer ? "response.body" : "request.body", at + m->body_at,
                                m->body_len);
}

static bool add(struct inspect_flow *f, enum flow_side side, const uint8_t *data, size_t len,
                bool is_stream)
{
    struct sip_tx *tx = inspect_tx_new(f, sizeof *tx);
    if (!tx)
        return false;
    tx->bytes = (uint8_t *)arena_copy(&tx->memory, data, len);
    (void)sip_parse(&tx->message, tx->bytes, len, is_stream);
    if (tx->message.body_len) {
        tx->sdp = mem_zero(sizeof *tx->sdp);
        if (!sdp_parse(tx->sdp, tx->bytes + tx->message.body_at, tx->message.body_len)) {
            mem_free(tx->sdp);
            tx->sdp = NULL;
        }
    }
    tx->head.log_side = (uint8_t)side;
    tx->head.inspected[!side] = true;
    inspect_tx_done(f, &tx->head);
    return true;
}

static struct stream_used bad(struct inspect_flow *f)
{
    if (f->last)
        inspect_event(f, f->last, INSPECT_EVENT_SIP_INVALID_DATA);
    if (f->flow->proto == IP_PROTO_UDP) { /* the next datagram may be good */
        counter_add(&f->thread->errors[INSPECT_SIP][1][INSPECT_ERROR_PARSER], 1);
        return (struct stream_used){UINT32_MAX, 0};
    }
    return inspect_fail(f, INSPECT_ERROR_PARSER);
}

static struct stream_used take(struct inspect_flow *f, void *state, enum flow_side side,
                               const struct stream_chunk *c)
{
    struct sip_message m;
    uint32_t at = 0;
    bool is_stream = f->flow->proto == IP_PROTO_TCP;
    (void)state;
    if (c->gap)
        return inspect_fail(f, INSPECT_ERROR_GAP);
    while (at < c->len) {
        int r = sip_parse(&m, c->data + at, c->len - at, is_stream);
        if (r == 0)
            return (struct stream_used){at, 0};
        if (r < 0 || m.is_response != (side == FLOW_TO_CLIENT))
            return bad(f);
        uint32_t len = m.body_at + m.body_len;
        frames(f, side, c->at + at, &m);
        if (!add(f, side, c->data + at, len, is_stream))
            return bad(f);
        inspect_raw_trigger(f, side);
        at += len;
    }
    return (struct stream_used){at, 0};
}

static void tx_free(struct inspect_flow *f, struct inspect_tx *head)
{
    (void)f;
    mem_free(tx_of(head)->sdp);
    arena_done(&tx_of(head)->memory);
}

static enum inspect_answer probe(const struct inspect_probe *p)
{
    static const char *const method[] = {"REGISTER", "INVITE",  "ACK",   "BYE",    "CANCEL",
                                         "UPDATE",   "REFER",   "PRACK", "NOTIFY", "SUBSCRIBE",
                                         "PUBLISH",  "MESSAGE", "INFO",  "OPTIONS"};
    const char *text = (const char *)p->data;
    if (p->len < 4)
        return INSPECT_MORE;
    if (memcmp(text, "SIP/", 4) == 0) {
        *p->reversed = p->side == FLOW_TO_SERVER;
        return INSPECT_YES;
    }
    bool known = p->port == 5060 || p->port == 5061;
    for (size_t i = 0; i < ARRAY_COUNT(method) && !known; i++) {
        size_t len = strlen(method[i]);
        known = p->len <= len ? memcmp(text, method[i], p->len) == 0
                              : memcmp(text, method[i], len) == 0 && text[len] == ' ';
    }
    const char *lf = memchr(text, '\n', p->len);
    if (!known || (!lf && p->len > 4096))
        return INSPECT_NO;
    size_t len = lf ? (size_t)(lf - text) : p->len;
    if (memmem(text, len, " SIP/", 5)) {
        *p->reversed = p->side == FLOW_TO_CLIENT;
        return INSPECT_YES;
    }
    return lf || p->flow->proto == IP_PROTO_UDP ? INSPECT_NO : INSPECT_MORE;
}

/* ---- what rules ask for ---- */

static bool give(struct span *out, struct sip_text t)
{
    return t.text && inspect_span(out, t.text, t.len);
}

static bool give_field(const struct sip_tx *tx, const char *name, unsigned index, struct span *out)
{
    struct sip_text value;
    return sip_field(&tx->message, name, index, &value) && give(out, value);
}

static const struct {
    uint16_t id;
    char type;
    bool of_media;
} sdp_row[] = {
    {BUFFER_SDP_ORIGIN, 'o', false},
    {BUFFER_SDP_SESSION_NAME, 's', false},
    {BUFFER_SDP_SESSION_INFO, 'i', false},
    {BUFFER_SDP_URI, 'u', false},
    {BUFFER_SDP_CONNECTION_DATA, 'c', false},
    {BUFFER_SDP_ENCRYPTION_KEY, 'k', false},
    {BUFFER_SDP_TIMEZONE, 'z', false},
    {BUFFER_SDP_EMAIL, 'e', false},
    {BUFFER_SDP_PHONE_NUMBER, 'p', false},
    {BUFFER_SDP_BANDWIDTH, 'b', false},
    {BUFFER_SDP_TIME, 't', false},
    {BUFFER_SDP_REPEAT_TIME, 'r', false},
    {BUFFER_SDP_ATTRIBUTE, 'a', false},
    {BUFFER_SDP_MEDIA_MEDIA, 'm', true},
    {BUFFER_SDP_MEDIA_MEDIA_INFO, 'i', true},
    {BUFFER_SDP_MEDIA_CONNECTION_DATA, 'c', true},
    {BUFFER_SDP_MEDIA_ENCRYPTION_KEY, 'k', true},
};

static bool give_sdp(const struct sip_tx *tx, enum buffer_id id, unsigned index, struct span *out)
{
    struct sip_text value;
    for (size_t i = 0; tx->sdp && i < ARRAY_COUNT(sdp_row); i++)
        if (sdp_row[i].id == id)
            return sdp_line(tx->sdp, sdp_row[i].type, sdp_row[i].of_media, index, &value) &&
                   give(out, value);
    return false;
}

static bool buffer(const struct inspect_flow *f, const struct inspect_tx *head, enum flow_side side,
                   enum buffer_id id, unsigned index, struct span *out)
{
    const struct sip_tx *tx = tx_of(head);
    const struct sip_message *m = &tx->message;
    (void)f, (void)side;
    switch ((int)id) {
    case BUFFER_SIP_METHOD:
        return give(out, m->method);
    case BUFFER_SIP_URI:
        return give(out, m->uri);
    case BUFFER_SIP_REQUEST_LINE:
        return !m->is_response && give(out, m->line);
    case BUFFER_SIP_RESPONSE_LINE:
        return m->is_response && give(out, m->line);
    case BUFFER_SIP_STAT_CODE:
        return give(out, m->code);
    case BUFFER_SIP_STAT_MSG:
        return give(out, m->reason);
    case BUFFER_SIP_PROTOCOL:
        return give(out, m->version);
    case BUFFER_SIP_FROM:
        return give_field(tx, "From", index, out);
    case BUFFER_SIP_TO:
        return give_field(tx, "To", index, out);
    case BUFFER_SIP_VIA:
        return give_field(tx, "Via", index, out);
    case BUFFER_SIP_USER_AGENT:
        return give_field(tx, "User-Agent", index, out);
    case BUFFER_SIP_CONTENT_TYPE:
        return give_field(tx, "Content-Type", index, out);
    case BUFFER_SIP_CONTENT_LENGTH:
        return give_field(tx, "Content-Length", index, out);
    case BUFFER_SNORT_SIP_HEADER:
        return inspect_span(out, tx->bytes + m->head_at, m->head_len);
    case BUFFER_SNORT_SIP_BODY:
        return m->body_len && inspect_span(out, tx->bytes + m->body_at, m->body_len);
    default:
        return give_sdp(tx, id, index, out);
    }
}

static bool number(const struct inspect_flow *f, const struct inspect_tx *head, enum flow_side side,
                   enum number_id id, unsigned index, uint64_t *out)
{
    static const char *const method[] = {"INVITE",  "CANCEL",  "ACK",       "BYE",    "REGISTER",
                                         "OPTIONS", "REFER",   "SUBSCRIBE", "UPDATE", "JOIN",
                                         "INFO",    "MESSAGE", "NOTIFY",    "PRACK"};
    const struct sip_message *m = &tx_of(head)->message;
    (void)f, (void)side, (void)index;
    if (id == NUMBER_SNORT_SIP_METHOD && !m->is_response) {
        for (size_t i = 0; i < ARRAY_COUNT(method); i++)
            if (strlen(method[i]) == m->method.len &&
                strncasecmp(method[i], m->method.text, m->method.len) == 0) {
                *out = i + 1;
                return true;
            }
        return false;
    }
    if ((id != NUMBER_SIP_STATUS && id != NUMBER_SNORT_SIP_STATUS) || !m->is_response)
        return false;
    *out = 0;
    for (uint32_t i = 0; i < m->code.len; i++)
        *out = *out * 10 + (uint64_t)(m->code.text[i] - '0');
    return true;
}

/* ---- records ---- */

static void put(struct json_out *json, const char *key, struct sip_text t)
{
    eve_bytes(json, key, t.text, t.len);
}

static void put_one(struct json_out *json, const char *key, const struct sdp *s, char type,
                    uint16_t media)
{
    for (uint32_t i = 0; i < s->count; i++)
        if (s->line[i].type == type && s->line[i].media == media) {
            put(json, key, s->line[i].value);
            return;
        }
}

static void put_all(struct json_out *json, const char *key, const struct sdp *s, char type,
                    uint16_t media)
{
    bool open = false;
    for (uint32_t i = 0; i < s->count; i++) {
        if (s->line[i].type != type || s->line[i].media != media)
            continue;
        if (!open)
            json_array(json, key);
        open = true;
        put(json, NULL, s->line[i].value);
    }
    if (open)
        json_end(json);
}

static void put_times(struct json_out *json, const struct sdp *s)
{
    json_array(json, "time_descriptions");
    for (uint32_t i = 0; i < s->count; i++) {
        if (s->line[i].type != 't' || s->line[i].media)
            continue;
        json_object(json, NULL);
        put(json, "time", s->line[i].value);
        if (i + 1 < s->count && s->line[i + 1].type == 'r')
            put(json, "repeat_time", s->line[i + 1].value);
        json_end(json);
    }
    json_end(json);
}

static void put_media(struct json_out *json, const struct sdp *s)
{
    uint16_t count = s->count ? s->line[s->count - 1].media : 0;
    if (!count)
        return;
    json_array(json, "media_descriptions");
    for (uint16_t m = 1; m <= count; m++) {
        json_object(json, NULL);
        put_one(json, "media", s, 'm', m);
        put_one(json, "media_info", s, 'i', m);
        put_all(json, "bandwidths", s, 'b', m);
        put_one(json, "connection_data", s, 'c', m);
        put_one(json, "encryption_key", s, 'k', m);
        put_all(json, "attributes", s, 'a', m);
        json_end(json);
    }
    json_end(json);
}

static void put_sdp(struct json_out *json, const struct sdp *s)
{
    static const struct {
        char type;
        const char *key;
    } one[] = {{'o', "origin"}, {'s', "session_name"}, {'i', "session_info"},   {'u', "uri"},
               {'e', "email"},  {'p', "phone_number"}, {'c', "connection_data"}};
    json_object(json, "sdp");
    for (size_t i = 0; i < ARRAY_COUNT(one); i++)
        put_one(json, one[i].key, s, one[i].type, 0);
    put_all(json, "bandwidths", s, 'b', 0);
    put_times(json, s);
    put_one(json, "timezone", s, 'z', 0);
    put_one(json, "encryption_key", s, 'k', 0);
    put_all(json, "attributes", s, 'a', 0);
    put_media(json, s);
    json_end(json);
}

static void eve(const struct inspect_flow *f, const struct inspect_tx *head, struct json_out *json)
{
    const struct sip_tx *tx = tx_of(head);
    const struct sip_message *m = &tx->message;
    (void)f;
    json_object(json, "sip");
    if (!m->is_response) {
        put(json, "method", m->method);
        put(json, "uri", m->uri);
    }
    put(json, "version", m->version);
    if (m->is_response) {
        put(json, "code", m->code);
        put(json, "reason", m->reason);
    }
    if (tx->sdp)
        put_sdp(json, tx->sdp);
    put(json, m->is_response ? "response_line" : "request_line", m->line);
    json_end(json);
}

const struct inspect_proto inspect_proto_sip = {
    .id = INSPECT_SIP,
    .transports = INSPECT_TCP | INSPECT_UDP,
    .first_side = FLOW_SIDES,
    .event_type = "sip",
    .probe = probe,
    .take = take,
    .tx_free = tx_free,
    .buffer = buffer,
    .number = number,
    .eve = eve,
    .log_as_packet = true,
};
