/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MQTT: a packet and those that answer it are a transaction. */
#include "wire/proto/mqtt.h"

#include <stdio.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/base/mem.h"
#include "tool/ids/eve/eve_head.h"
#include "tool/ids/inspect/inspect_private.h"

enum { PACKETS_MAX = 16, CONNECT_ID = 0x10000, NO_ID = -1, LIVE_MAX = 1024 };

struct mqtt_tx {
    struct inspect_tx head;
    struct arena memory;
    struct mqtt_packet packet[PACKETS_MAX];
    bool is_cut[PACKETS_MAX]; /* over the limit: only its header was read */
    uint8_t count;
    int64_t id; /* that its answers bear */
    uint8_t version;
    bool to_client;
};

struct mqtt_state {
    uint8_t version;
    bool connected;
    uint64_t skip[FLOW_SIDES];
};

static struct mqtt_tx *tx_of(const struct inspect_tx *tx)
{
    return CONTAINER_OF(tx, struct mqtt_tx, head);
}

static void add(struct mqtt_tx *tx, const struct mqtt_packet *p, const uint8_t *body,
                const struct mqtt_state *s)
{
    if (tx->count == PACKETS_MAX)
        return;
    struct mqtt_packet *to = &tx->packet[tx->count++];
    *to = *p;
    tx->version = s->version;
    if (body && p->len) {
        const uint8_t *copy = (uint8_t *)arena_copy(&tx->memory, body, p->len);
        (void)mqtt_parse(to, copy, s->version);
    }
}

static struct mqtt_tx *new_tx(struct inspect_flow *f, const struct mqtt_packet *p,
                              const uint8_t *body, enum flow_side side, struct mqtt_state *s)
{
    if (f->count >= LIVE_MAX / 2)
        for (struct inspect_tx *old = f->first; old; old = old->next)
            if (old->progress[0] != INSPECT_DONE) {
                inspect_event(f, old, INSPECT_EVENT_MQTT_TOO_MANY_TRANSACTIONS);
                inspect_tx_done(f, old);
                break;
            }
    struct mqtt_tx *tx = inspect_tx_new(f, sizeof *tx);
    if (!tx)
        return NULL;
    tx->id = NO_ID;
    tx->to_client = side == FLOW_TO_CLIENT;
    tx->head.log_side = (uint8_t)side;
    tx->head.inspected[!side] = true; /* rules look at it in its own direction alone */
    add(tx, p, body, s);
    return tx;
}

static struct mqtt_tx *find(struct inspect_flow *f, int64_t id)
{
    for (struct inspect_tx *tx = f->first; tx; tx = tx->next)
        if ((tx->progress[0] != INSPECT_DONE || tx->progress[1] != INSPECT_DONE) &&
            tx_of(tx)->id == id)
            return tx_of(tx);
    return NULL;
}

static void answer(struct inspect_flow *f, struct mqtt_state *s, const struct mqtt_packet *p,
                   const uint8_t *body, enum flow_side side, int64_t id, bool last,
                   enum inspect_event missing)
{
    struct mqtt_tx *tx = find(f, id);
    if (tx) {
        add(tx, p, body, s);
        inspect_tx_touch(&tx->head, FLOW_TO_SERVER);
        inspect_tx_touch(&tx->head, FLOW_TO_CLIENT);
        if (!last)
            return;
        inspect_tx_done(f, &tx->head);
        tx->id = NO_ID;
        return;
    }
    tx = new_tx(f, p, body, side, s);
    if (!tx)
        return;
    inspect_event(f, &tx->head, missing);
    if (!s->connected && p->type != MQTT_CONNACK)
        inspect_event(f, &tx->head, INSPECT_EVENT_MQTT_UNINTRODUCED_MESSAGE);
    inspect_tx_done(f, &tx->head);
}

static void begin(struct inspect_flow *f, struct mqtt_state *s, const struct mqtt_packet *p,
                  const uint8_t *body, enum flow_side side)
{
    struct mqtt_tx *tx = new_tx(f, p, body, side, s);
    if (!tx)
        return;
    bool waits = p->type == MQTT_CONNECT;
    if (p->type == MQTT_CONNECT) {
        tx->id = CONNECT_ID;
        if (s->connected)
            inspect_event(f, &tx->head, INSPECT_EVENT_MQTT_DOUBLE_CONNECT);
    } else if (p->type == MQTT_UNASSIGNED) {
        inspect_event(f, &tx->head, INSPECT_EVENT_MQTT_UNASSIGNED_MSG_TYPE);
    } else if (p->type == MQTT_PUBLISH || p->type == MQTT_SUBSCRIBE ||
               p->type == MQTT_UNSUBSCRIBE) {
        waits = p->qos > 0;
        if (p->qos == 3)
            inspect_event(f, &tx->head, INSPECT_EVENT_MQTT_INVALID_QOS_LEVEL);
        else if (waits)
            tx->id = p->id;
    }
    if (!s->connected && p->type != MQTT_CONNECT && p->type != MQTT_UNASSIGNED)
        inspect_event(f, &tx->head, INSPECT_EVENT_MQTT_UNINTRODUCED_MESSAGE);
    inspect_raw_trigger(f, side);
    if (waits) /* the other side has no part in it but its answer */
        inspect_tx_progress(f, &tx->head, (enum flow_side) !side, INSPECT_DONE);
    else
        inspect_tx_done(f, &tx->head);
}

static void handle(struct inspect_flow *f, struct mqtt_state *s, const struct mqtt_packet *p,
                   const uint8_t *body, enum flow_side side)
{
    switch (p->type) {
    case MQTT_CONNACK:
        answer(f, s, p, body, side, CONNECT_ID, true, INSPECT_EVENT_MQTT_MISSING_CONNECT);
        s->connected |= true;
        break;
    case MQTT_PUBREC:
    case MQTT_PUBREL:
        answer(f, s, p, body, side, p->id, false, INSPECT_EVENT_MQTT_MISSING_PUBLISH);
        break;
    case MQTT_PUBACK:
    case MQTT_PUBCOMP:
        answer(f, s, p, body, side, p->id, true, INSPECT_EVENT_MQTT_MISSING_PUBLISH);
        break;
    case MQTT_SUBACK:
        answer(f, s, p, body, side, p->id, true, INSPECT_EVENT_MQTT_MISSING_SUBSCRIBE);
        break;
    case MQTT_UNSUBACK:
        answer(f, s, p, body, side, p->id, true, INSPECT_EVENT_MQTT_MISSING_UNSUBSCRIBE);
        break;
    default:
        begin(f, s, p, body, side);
    }
}

static void malformed(struct inspect_flow *f, struct mqtt_state *s, enum flow_side side)
{
    struct mqtt_packet none = {0};
    struct mqtt_tx *tx = new_tx(f, &none, NULL, side, s);
    if (!tx)
        return;
    tx->count = 0;
    inspect_event(f, &tx->head, INSPECT_EVENT_MQTT_MALFORMED_TRAFFIC);
    inspect_tx_done(f, &tx->head);
}

static void frames(struct inspect_flow *f, enum flow_side side, uint64_t at,
                   const struct mqtt_packet *p)
{
    (void)inspect_frame_new(f, side, "pdu", at, p->head_len + p->len);
    (void)inspect_frame_new(f, side, "header", at, 2);
    (void)inspect_frame_new(f, side, "data", at + 2, p->len);
}

static struct stream_used take(struct inspect_flow *f, void *state, enum flow_side side,
                               const struct stream_chunk *c)
{
    struct mqtt_state *s = state;
    uint32_t at = 0;
    if (c->gap)
        return inspect_fail(f, INSPECT_ERROR_GAP);
    if (s->skip[side]) {
        at = s->skip[side] < c->len ? (uint32_t)s->skip[side] : c->len;
        s->skip[side] -= at;
    }
    while (at < c->len) {
        struct mqtt_packet p;
        const uint8_t *data = c->data + at;
        uint32_t left = c->len - at;
        int r = mqtt_head(data, left, &p);
        if (r == 0)
            return (struct stream_used){at, 0};
        if (r > 0 && p.len > f->thread->settings->mqtt_message_max) {
            uint64_t all = (uint64_t)p.head_len + p.len;
            struct mqtt_tx *tx = new_tx(f, &p, NULL, FLOW_TO_CLIENT, s);
            if (tx) {
                tx->is_cut[0] = true;
                inspect_tx_done(f, &tx->head);
            }
            s->skip[side] = all > left ? all - left : 0;
            at += all > left ? left : (uint32_t)all;
            continue;
        }
        if (r > 0 && left - p.head_len < p.len)
            return (struct stream_used){at, p.head_len + p.len};
        if (r > 0 && p.type == MQTT_CONNECT) {
            struct mqtt_packet ahead = p;
            if (mqtt_parse(&ahead, data + p.head_len, 0))
                s->version = ahead.version;
        }
        if (r < 0 || !mqtt_parse(&p, data + p.head_len, s->version)) {
            malformed(f, s, side);
            return inspect_fail(f, INSPECT_ERROR_PARSER);
        }
        frames(f, side, c->at + at, &p);
        handle(f, s, &p, data + p.head_len, side);
        at += p.head_len + p.len;
    }
    return (struct stream_used){at, 0};
}

static void *open_flow(struct inspect_flow *f)
{
    (void)f;
    return mem_zero(sizeof(struct mqtt_state));
}

static void close_flow(struct inspect_flow *f, void *state)
{
    (void)f;
    mem_free(state);
}

static void tx_free(struct inspect_flow *f, struct inspect_tx *tx)
{
    (void)f;
    arena_done(&tx_of(tx)->memory);
}

static enum inspect_answer probe(const struct inspect_probe *p)
{
    struct mqtt_packet head;
    if (p->port == 1883) {
        int r = mqtt_head(p->data, p->len, &head);
        if (r == 0)
            return INSPECT_MORE;
        return r > 0 && head.type && head.qos <= 2 ? INSPECT_YES : INSPECT_NO;
    }
    if (p->side != FLOW_TO_SERVER || (p->len && p->data[0] != 0x10))
        return INSPECT_NO;
    if (p->len < 8)
        return INSPECT_MORE;
    for (int head_len = 2; head_len <= 5 && p->len >= (uint32_t)head_len + 8; head_len++)
        if (memcmp(p->data + head_len, "\0\4MQTT", 6) == 0 ||
            memcmp(p->data + head_len, "\0\6MQIsdp", 8) == 0)
            return INSPECT_YES;
    return INSPECT_NO;
}

/* ---- what rules ask for ---- */

static const struct mqtt_packet *first_of(const struct mqtt_tx *tx, uint8_t type)
{
    for (uint8_t i = 0; i < tx->count; i++)
        if (tx->packet[i].type == type && !tx->is_cut[i])
            return &tx->packet[i];
    return NULL;
}

static bool give(struct span *out, const struct mqtt_text *t)
{
    return t->text && inspect_span(out, t->text, t->len);
}

static bool give_topic(const struct mqtt_tx *tx, uint8_t type, unsigned index, struct span *out)
{
    struct mqtt_text topic;
    uint8_t qos;
    for (uint8_t i = 0; i < tx->count; i++) {
        size_t at = 0;
        if (tx->packet[i].type != type)
            continue;
        while (mqtt_next_topic(&tx->packet[i], &at, &topic, &qos))
            if (index-- == 0)
                return give(out, &topic);
    }
    return false;
}

static bool buffer(const struct inspect_flow *f, const struct inspect_tx *head, enum flow_side side,
                   enum buffer_id id, unsigned index, struct span *out)
{
    const struct mqtt_tx *tx = tx_of(head);
    const struct mqtt_packet *connect = first_of(tx, MQTT_CONNECT);
    const struct mqtt_packet *publish = first_of(tx, MQTT_PUBLISH);
    (void)f, (void)side;
    switch ((int)id) {
    case BUFFER_MQTT_CONNECT_CLIENTID:
        return connect && give(out, &connect->client);
    case BUFFER_MQTT_CONNECT_USERNAME:
        return connect && give(out, &connect->user);
    case BUFFER_MQTT_CONNECT_PASSWORD:
        return connect && give(out, &connect->password);
    case BUFFER_MQTT_CONNECT_PROTOCOL_STRING:
        return connect && give(out, &connect->protocol);
    case BUFFER_MQTT_CONNECT_WILLTOPIC:
        return connect && give(out, &connect->will_topic);
    case BUFFER_MQTT_CONNECT_WILLMESSAGE:
        return connect && give(out, &connect->will_message);
    case BUFFER_MQTT_PUBLISH_TOPIC:
        return publish && give(out, &publish->topic);
    case BUFFER_MQTT_PUBLISH_MESSAGE:
        return publish && give(out, &publish->message);
    case BUFFER_MQTT_SUBSCRIBE_TOPIC:
        return give_topic(tx, MQTT_SUBSCRIBE, index, out);
    case BUFFER_MQTT_UNSUBSCRIBE_TOPIC:
        return give_topic(tx, MQTT_UNSUBSCRIBE, index, out);
    default:
        return false;
    }
}

static bool reason_at(const struct mqtt_tx *tx, unsigned index, uint64_t *out)
{
    for (uint8_t i = 0; i < tx->count; i++) {
        const struct mqtt_packet *p = &tx->packet[i];
        if (p->has_reason && index-- == 0) {
            *out = p->reason;
            return true;
        }
        if (p->type != MQTT_SUBACK && p->type != MQTT_UNSUBACK)
            continue;
        if (index < p->list.len) {
            *out = p->list.text[index];
            return true;
        }
        index -= p->list.len;
    }
    return false;
}

static bool number(const struct inspect_flow *f, const struct inspect_tx *head, enum flow_side side,
                   enum number_id id, unsigned index, uint64_t *out)
{
    const struct mqtt_tx *tx = tx_of(head);
    const struct mqtt_packet *p = index < tx->count ? &tx->packet[index] : NULL;
    const struct mqtt_packet *one;
    (void)f, (void)side;
    switch ((int)id) {
    case NUMBER_MQTT_PROTOCOL_VERSION:
        *out = tx->version;
        return true;
    case NUMBER_MQTT_TYPE:
        *out = p ? p->type : 0;
        return p != NULL;
    case NUMBER_MQTT_FLAGS:
        *out = p ? p->flags : 0;
        return p != NULL;
    case NUMBER_MQTT_QOS:
        *out = p ? p->qos : 0;
        return p != NULL;
    case NUMBER_MQTT_REASON_CODE:
        return reason_at(tx, index, out);
    case NUMBER_MQTT_CONNECT_FLAGS:
        one = first_of(tx, MQTT_CONNECT);
        *out = one ? one->connect_flags : 0;
        return one != NULL;
    case NUMBER_MQTT_CONNACK_SESSION_PRESENT:
        one = first_of(tx, MQTT_CONNACK);
        *out = one ? one->session_present : 0;
        return one != NULL;
    default:
        return false;
    }
}

/* ---- records ---- */

static void put_limited(struct json_out *json, const char *key, const struct mqtt_text *t,
                        uint32_t most)
{
    if (t->len <= most) {
        eve_bytes(json, key, t->text, t->len);
        return;
    }
    char tail[48];
    struct str out = str_of(0);
    str_add_len(&out, t->text, most);
    snprintf(tail, sizeof tail, "[truncated %u additional bytes]", t->len - most);
    str_add(&out, tail);
    eve_bytes(json, key, out.text, out.len);
    str_done(&out);
}

static void put_properties(struct json_out *json, const struct mqtt_text *all, uint32_t most)
{
    struct mqtt_property p;
    size_t at = 0;
    json_object(json, "properties");
    while (mqtt_next_property(all, &at, &p) > 0) {
        char key[128];
        if (p.kind == MQTT_NUMBER) {
            json_u64(json, p.name, p.number);
        } else if (p.kind == MQTT_PAIR) {
            snprintf(key, sizeof key, "%.*s", (int)p.text.len, (const char *)p.text.text);
            put_limited(json, key, &p.value, most);
        } else {
            put_limited(json, p.name, &p.text, most);
        }
    }
    json_end(json);
}

static void put_connect(struct json_out *json, const struct mqtt_packet *p,
                        const struct inspect_settings *s)
{
    uint32_t most = s->mqtt_text_max;
    eve_bytes(json, "protocol_string", p->protocol.text, p->protocol.len);
    json_u64(json, "protocol_version", p->version);
    put_limited(json, "client_id", &p->client, most);
    json_object(json, "flags");
    json_bool(json, "username", p->connect_flags & MQTT_HAS_USER);
    json_bool(json, "password", p->connect_flags & MQTT_HAS_PASSWORD);
    json_bool(json, "will_retain", p->connect_flags & MQTT_WILL_RETAIN);
    json_bool(json, "will", p->connect_flags & MQTT_HAS_WILL);
    json_bool(json, "clean_session", p->connect_flags & MQTT_CLEAN_SESSION);
    json_end(json);
    if (p->user.text)
        put_limited(json, "username", &p->user, most);
    if (s->mqtt_passwords && p->password.text)
        eve_bytes(json, "password", p->password.text, p->password.len);
    if (!(p->connect_flags & MQTT_HAS_WILL))
        return;
    json_object(json, "will");
    put_limited(json, "topic", &p->will_topic, most);
    put_limited(json, "message", &p->will_message, most);
    if (p->has_will_properties)
        put_properties(json, &p->will_properties, most);
    json_end(json);
}

static void put_topics(struct json_out *json, const struct mqtt_packet *p, uint32_t most)
{
    struct mqtt_text topic;
    size_t at = 0, chars = 0;
    uint8_t qos;
    json_array(json, "topics");
    while (mqtt_next_topic(p, &at, &topic, &qos)) {
        if (p->type == MQTT_UNSUBSCRIBE) {
            eve_bytes(json, NULL, topic.text, topic.len);
            continue;
        }
        size_t len = topic.len < most ? topic.len : most;
        bool last = chars + len > most;
        json_object(json, NULL);
        put_limited(json, "topic", &topic, last ? most - (uint32_t)chars : most);
        json_u64(json, "qos", qos);
        json_end(json);
        if (last)
            break;
        chars += len;
    }
    json_end(json);
}

static void put_codes(struct json_out *json, const char *key, const struct mqtt_packet *p)
{
    json_array(json, key);
    for (uint32_t i = 0; i < p->list.len; i++)
        json_u64(json, NULL, p->list.text[i]);
    json_end(json);
}

static void put_packet(struct json_out *json, const struct mqtt_packet *p, bool cut,
                       const struct inspect_settings *s)
{
    static const char *const name[16] = {"unassigned", "connect",  "connack",     "publish",
                                         "puback",     "pubrec",   "pubrel",      "pubcomp",
                                         "subscribe",  "suback",   "unsubscribe", "unsuback",
                                         "pingreq",    "pingresp", "disconnect",  "auth"};
    json_object(json, name[p->type]);
    json_u64(json, "qos", p->qos);
    json_bool(json, "retain", p->retain);
    json_bool(json, "dup", p->dup);
    if (cut) {
        json_bool(json, "truncated", true);
        json_u64(json, "skipped_length", (uint64_t)p->head_len + p->len);
        json_end(json);
        return;
    }
    if (p->type == MQTT_CONNECT)
        put_connect(json, p, s);
    if (p->type == MQTT_CONNACK)
        json_bool(json, "session_present", p->session_present);
    if (p->type == MQTT_PUBLISH)
        put_limited(json, "topic", &p->topic, s->mqtt_text_max);
    if (p->has_id)
        json_u64(json, "message_id", p->id);
    if (p->has_reason)
        json_u64(json, p->type == MQTT_CONNACK ? "return_code" : "reason_code", p->reason);
    if (p->type == MQTT_PUBLISH)
        put_limited(json, "message", &p->message, s->mqtt_text_max);
    if (p->type == MQTT_SUBSCRIBE || p->type == MQTT_UNSUBSCRIBE)
        put_topics(json, p, s->mqtt_text_max);
    if (p->type == MQTT_SUBACK)
        put_codes(json, "qos_granted", p);
    if (p->type == MQTT_UNSUBACK && p->list.len)
        put_codes(json, "reason_codes", p);
    if (p->has_properties)
        put_properties(json, &p->properties, s->mqtt_text_max);
    json_end(json);
}

static void eve(const struct inspect_flow *f, const struct inspect_tx *head, struct json_out *json)
{
    const struct mqtt_tx *tx = tx_of(head);
    json_object(json, "mqtt");
    for (uint8_t i = 0; i < tx->count; i++)
        if (tx->packet[i].type != MQTT_UNASSIGNED)
            put_packet(json, &tx->packet[i], tx->is_cut[i], f->thread->settings);
    json_end(json);
}

const struct inspect_proto inspect_proto_mqtt = {
    .id = INSPECT_MQTT,
    .transports = INSPECT_TCP,
    .first_side = FLOW_TO_SERVER,
    .event_type = "mqtt",
    .probe = probe,
    .open = open_flow,
    .close = close_flow,
    .take = take,
    .tx_free = tx_free,
    .buffer = buffer,
    .number = number,
    .eve = eve,
};
