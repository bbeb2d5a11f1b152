/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/proto/mqtt.h"

#include "core/base/attr.h"

enum { VERSION_5 = 5, VARINT_MAX = 4 };

/* 1: read; 0: more bytes are needed; -1: too long. */
static int varint(struct bytes_in *in, uint32_t *out)
{
    *out = 0;
    for (int i = 0; i < VARINT_MAX; i++) {
        if (!bytes_left(in))
            return 0;
        uint8_t b = bytes_u8(in);
        *out |= (uint32_t)(b & 0x7f) << 7 * i;
        if (!(b & 0x80))
            return 1;
    }
    return -1;
}

static bool text(struct bytes_in *in, struct mqtt_text *out)
{
    uint16_t len = bytes_u16be(in);
    out->text = bytes_take(in, len);
    out->len = len;
    return !in->bad;
}

int mqtt_head(const uint8_t *data, size_t len, struct mqtt_packet *out)
{
    struct bytes_in in = bytes_in_of(data, len);
    *out = (struct mqtt_packet){0};
    if (len < 2)
        return 0;
    uint8_t first = bytes_u8(&in);
    int r = varint(&in, &out->len);
    out->type = first >> 4;
    out->flags = first & 0xf;
    out->dup = first & 8;
    out->qos = first >> 1 & 3;
    out->retain = first & 1;
    out->head_len = (uint32_t)(in.pos - data);
    return r;
}

static const struct {
    const char *name;
    uint8_t id, kind, size; /* of a number; 0: of variable length */
} property_row[] = {
    {"payload_format_indicator", 1, MQTT_NUMBER, 1},
    {"message_expiry_interval", 2, MQTT_NUMBER, 4},
    {"content_type", 3, MQTT_TEXT, 0},
    {"response_topic", 8, MQTT_TEXT, 0},
    {"correlation_data", 9, MQTT_BYTES, 0},
    {"subscription_identifier", 11, MQTT_NUMBER, 0},
    {"session_expiry_interval", 17, MQTT_NUMBER, 4},
    {"assigned_client_identifier", 18, MQTT_TEXT, 0},
    {"server_keep_alive", 19, MQTT_NUMBER, 2},
    {"authentication_method", 21, MQTT_TEXT, 0},
    {"authentication_data", 22, MQTT_BYTES, 0},
    {"request_problem_information", 23, MQTT_NUMBER, 1},
    {"will_delay_interval", 24, MQTT_NUMBER, 4},
    {"request_response_information", 25, MQTT_NUMBER, 1},
    {"response_information", 26, MQTT_TEXT, 0},
    {"server_reference", 28, MQTT_TEXT, 0},
    {"reason_string", 31, MQTT_TEXT, 0},
    {"receive_maximum", 33, MQTT_NUMBER, 2},
    {"topic_alias_maximum", 34, MQTT_NUMBER, 2},
    {"topic_alias", 35, MQTT_NUMBER, 2},
    {"maximum_qos", 36, MQTT_NUMBER, 1},
    {"retain_available", 37, MQTT_NUMBER, 1},
    {"user_property", 38, MQTT_PAIR, 0},
    {"maximum_packet_size", 39, MQTT_NUMBER, 4},
    {"wildcard_subscription_available", 40, MQTT_NUMBER, 1},
    {"subscription_identifier_available", 41, MQTT_NUMBER, 1},
    {"shared_subscription_available", 42, MQTT_NUMBER, 1},
};

static bool number(struct bytes_in *in, uint8_t size, uint32_t *out)
{
    switch (size) {
    case 1:
        *out = bytes_u8(in);
        break;
    case 2:
        *out = bytes_u16be(in);
        break;
    case 4:
        *out = bytes_u32be(in);
        break;
    default:
        return varint(in, out) == 1;
    }
    return !in->bad;
}

int mqtt_next_property(const struct mqtt_text *all, size_t *at, struct mqtt_property *out)
{
    if (*at >= all->len)
        return 0;
    struct bytes_in in = bytes_in_of(all->text + *at, all->len - *at);
    uint32_t id;
    if (varint(&in, &id) != 1)
        return -1;
    for (size_t i = 0; i < ARRAY_COUNT(property_row); i++) {
        if (property_row[i].id != id)
            continue;
        *out = (struct mqtt_property){.name = property_row[i].name, .kind = property_row[i].kind};
        bool good = out->kind == MQTT_NUMBER ? number(&in, property_row[i].size, &out->number)
                                             : text(&in, &out->text);
        if (good && out->kind == MQTT_PAIR)
            good = text(&in, &out->value);
        *at = (size_t)(in.pos - all->text);
        return good ? 1 : -1;
    }
    return -1;
}

static bool properties(struct bytes_in *in, struct mqtt_text *out, bool *has)
{
    struct mqtt_property one;
    size_t at = 0;
    uint32_t len;
    int r;
    if (varint(in, &len) != 1)
        return false;
    out->text = bytes_take(in, len);
    out->len = len;
    if (in->bad)
        return false;
    *has = len > 0;
    while ((r = mqtt_next_property(out, &at, &one)) > 0)
        ;
    return r == 0;
}

static bool parse_connect(struct mqtt_packet *p, struct bytes_in *in)
{
    if (!text(in, &p->protocol))
        return false;
    p->version = bytes_u8(in);
    p->connect_flags = bytes_u8(in);
    (void)bytes_u16be(in); /* keep alive */
    if (p->version == VERSION_5 && !properties(in, &p->properties, &p->has_properties))
        return false;
    if (!text(in, &p->client))
        return false;
    if (p->connect_flags & MQTT_HAS_WILL) {
        if (p->version == VERSION_5 &&
            !properties(in, &p->will_properties, &p->has_will_properties))
            return false;
        if (!text(in, &p->will_topic) || !text(in, &p->will_message))
            return false;
    }
    if (p->connect_flags & MQTT_HAS_USER && !text(in, &p->user))
        return false;
    return !(p->connect_flags & MQTT_HAS_PASSWORD) || text(in, &p->password);
}

/* A reason and properties, either of which may be left out at the end (version 5). */
static bool parse_reason(struct mqtt_packet *p, struct bytes_in *in)
{
    p->has_reason = true;
    p->reason = bytes_left(in) ? bytes_u8(in) : 0;
    return !bytes_left(in) || properties(in, &p->properties, &p->has_properties);
}

static bool parse_id(struct mqtt_packet *p, struct bytes_in *in)
{
    p->id = bytes_u16be(in);
    p->has_id = !in->bad;
    return p->has_id;
}

static struct mqtt_text rest(struct bytes_in *in)
{
    uint32_t len = (uint32_t)bytes_left(in);
    return (struct mqtt_text){bytes_take(in, len), len};
}

static bool parse_listed(struct mqtt_packet *p, struct bytes_in *in, bool is_5)
{
    if (!parse_id(p, in) || (is_5 && !properties(in, &p->properties, &p->has_properties)))
        return false;
    p->list = rest(in);
    return true;
}

bool mqtt_parse(struct mqtt_packet *p, const uint8_t *body, uint8_t version)
{
    struct bytes_in in = bytes_in_of(body, p->len);
    bool is_5 = version == VERSION_5;
    switch (p->type) {
    case MQTT_CONNECT:
        return parse_connect(p, &in);
    case MQTT_CONNACK:
        p->session_present = bytes_u8(&in) & 1;
        p->reason = bytes_u8(&in);
        p->has_reason = true;
        return !in.bad && (!is_5 || properties(&in, &p->properties, &p->has_properties));
    case MQTT_PUBLISH:
        if (!text(&in, &p->topic) || (p->qos && !parse_id(p, &in)) ||
            (is_5 && !properties(&in, &p->properties, &p->has_properties)))
            return false;
        p->message = rest(&in);
        return true;
    case MQTT_PUBACK:
    case MQTT_PUBREC:
    case MQTT_PUBREL:
    case MQTT_PUBCOMP:
        return parse_id(p, &in) && (!is_5 || parse_reason(p, &in));
    case MQTT_SUBSCRIBE:
    case MQTT_SUBACK:
    case MQTT_UNSUBSCRIBE:
    case MQTT_UNSUBACK:
        return parse_listed(p, &in, is_5);
    case MQTT_DISCONNECT:
        return !is_5 || parse_reason(p, &in);
    case MQTT_AUTH:
        return p->len > 0 && parse_reason(p, &in);
    default:
        return true;
    }
}

bool mqtt_next_topic(const struct mqtt_packet *p, size_t *at, struct mqtt_text *out, uint8_t *qos)
{
    if (*at >= p->list.len)
        return false;
    struct bytes_in in = bytes_in_of(p->list.text + *at, p->list.len - *at);
    if (!text(&in, out))
        return false;
    *qos = p->type == MQTT_SUBSCRIBE ? bytes_u8(&in) : 0;
    *at = (size_t)(in.pos - p->list.text);
    return !in.bad;
}
