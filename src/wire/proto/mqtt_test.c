/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/proto/mqtt.h"

#include <string.h>

#include "check.h"

static bool is(const struct mqtt_text *t, const char *text)
{
    return t->len == strlen(text) && memcmp(t->text, text, t->len) == 0;
}

static int connect_of_version_5(void)
{
    int failed = 0;
    static const uint8_t packet[] = "\x10\x1c\x00\x04MQTT\x05\xc2\x00\x3c\x03\x21\x00\x14\x00\x01"
                                    "c\x00\x01u\x00\x04pass";
    struct mqtt_packet p;
    struct mqtt_property one;
    size_t at = 0;
    CHECK(mqtt_head(packet, sizeof packet - 1, &p) == 1);
    CHECK(p.type == MQTT_CONNECT);
    CHECK(p.head_len == 2);
    CHECK(mqtt_parse(&p, packet + p.head_len, 0));
    CHECK(p.version == 5);
    CHECK(is(&p.protocol, "MQTT") && is(&p.client, "c") && is(&p.user, "u"));
    CHECK(is(&p.password, "pass"));
    CHECK(mqtt_next_property(&p.properties, &at, &one) == 1);
    CHECK(strcmp(one.name, "receive_maximum") == 0);
    CHECK(one.number == 20);
    CHECK(mqtt_next_property(&p.properties, &at, &one) == 0);
    return failed;
}

static int topics_of_a_subscription(void)
{
    int failed = 0;
    static const uint8_t packet[] = "\x82\x0d\x00\x09\x00\x03"
                                    "a/b\x01\x00\x02"
                                    "c#\x02";
    struct mqtt_packet p;
    struct mqtt_text topic;
    size_t at = 0;
    uint8_t qos;
    CHECK(mqtt_head(packet, sizeof packet - 1, &p) == 1);
    CHECK(mqtt_parse(&p, packet + 2, 4));
    CHECK(p.id == 9);
    CHECK(mqtt_next_topic(&p, &at, &topic, &qos) && is(&topic, "a/b") && qos == 1);
    CHECK(mqtt_next_topic(&p, &at, &topic, &qos) && is(&topic, "c#") && qos == 2);
    CHECK(!mqtt_next_topic(&p, &at, &topic, &qos));
    return failed;
}

static int what_is_cut_or_too_long_is_refused(void)
{
    int failed = 0;
    struct mqtt_packet p;
    CHECK(mqtt_head((const uint8_t *)"\x30", 1, &p) == 0);
    CHECK(mqtt_head((const uint8_t *)"\x30\x80\x80", 3, &p) == 0);
    CHECK(mqtt_head((const uint8_t *)"\x30\xff\xff\xff\xff\x01", 6, &p) == -1);
    CHECK(mqtt_head((const uint8_t *)"\x30\x02\x00\x09", 4, &p) == 1);
    CHECK(!mqtt_parse(&p, (const uint8_t *)"\x00\x09", 4)); /* the topic ends behind the packet */
    return failed;
}

int proto_mqtt_test(void)
{
    return connect_of_version_5() + topics_of_a_subscription() +
           what_is_cut_or_too_long_is_refused();
}
