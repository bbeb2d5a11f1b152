/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MQTT 3.1, 3.1.1 and 5: control packets, read in place.
 * Not for: sessions (who answers what). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/bytes.h"

enum mqtt_type {
    MQTT_UNASSIGNED,
    MQTT_CONNECT,
    MQTT_CONNACK,
    MQTT_PUBLISH,
    MQTT_PUBACK,
    MQTT_PUBREC,
    MQTT_PUBREL,
    MQTT_PUBCOMP,
    MQTT_SUBSCRIBE,
    MQTT_SUBACK,
    MQTT_UNSUBSCRIBE,
    MQTT_UNSUBACK,
    MQTT_PINGREQ,
    MQTT_PINGRESP,
    MQTT_DISCONNECT,
    MQTT_AUTH,
};

enum { /* of CONNECT */
       MQTT_HAS_USER = 0x80,
       MQTT_HAS_PASSWORD = 0x40,
       MQTT_WILL_RETAIN = 0x20,
       MQTT_HAS_WILL = 0x04,
       MQTT_CLEAN_SESSION = 0x02,
};

struct mqtt_text {
    const uint8_t *text;
    uint32_t len;
};

struct mqtt_packet {
    uint8_t type, qos;
    bool dup, retain;
    uint8_t flags;     /* the four low bits of the first byte */
    uint32_t head_len; /* bytes of the fixed header */
    uint32_t len;      /* what follows it */
    bool has_id, has_reason, has_properties, has_will_properties;
    uint16_t id;
    uint8_t reason; /* of CONNACK: the return code */
    bool session_present;
    uint8_t version, connect_flags;
    struct mqtt_text protocol, client, user, password, will_topic, will_message;
    struct mqtt_text topic, message; /* of PUBLISH */
    struct mqtt_text properties, will_properties;
    struct mqtt_text list; /* topics of SUBSCRIBE and UNSUBSCRIBE, codes of their answers */
};

/* The fixed header alone.  1: read; 0: more bytes are needed; -1: no MQTT. */
int mqtt_head(const uint8_t *data, size_t len, struct mqtt_packet *out);
/* What follows it (out->len bytes); `version` is that of the session (0: unknown). */
bool mqtt_parse(struct mqtt_packet *p, const uint8_t *body, uint8_t version);
/* The next topic of the list; false at its end. */
bool mqtt_next_topic(const struct mqtt_packet *p, size_t *at, struct mqtt_text *out, uint8_t *qos);

enum mqtt_property_kind { MQTT_NUMBER, MQTT_TEXT, MQTT_BYTES, MQTT_PAIR };
struct mqtt_property {
    const char *name; /* "content_type" */
    uint8_t kind;
    uint32_t number;
    struct mqtt_text text, value; /* a pair's name is `text` */
};
/* 1: read; 0: the end; -1: malformed. */
int mqtt_next_property(const struct mqtt_text *all, size_t *at, struct mqtt_property *out);
