/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first byte is the version that the session speaks, the rest one packet after the other. */
#include <assert.h>

#include "wire/proto/mqtt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_properties(const struct mqtt_text *all)
{
    struct mqtt_property one;
    for (size_t at = 0; mqtt_next_property(all, &at, &one) > 0;)
        assert(at <= all->len);
}

static void read_lists(const struct mqtt_packet *p)
{
    struct mqtt_text topic;
    uint8_t qos;
    read_properties(&p->properties);
    read_properties(&p->will_properties);
    if (p->type == MQTT_SUBSCRIBE || p->type == MQTT_UNSUBSCRIBE)
        for (size_t at = 0; mqtt_next_topic(p, &at, &topic, &qos);)
            assert(at <= p->list.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mqtt_packet p;
    for (size_t at = 1; at < size; at += (size_t)p.head_len + p.len) {
        if (mqtt_head(data + at, size - at, &p) <= 0)
            break;
        assert(p.head_len >= 2 && p.head_len <= size - at);
        if (p.len > size - at - p.head_len)
            break;
        if (mqtt_parse(&p, data + at + p.head_len, data[0] % 6))
            read_lists(&p);
    }
    return 0;
}
