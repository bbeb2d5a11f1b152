/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What decoding, putting fragments together and following TCP find worth telling, by name: one
 * table with Suricata's name and Snort's generator and signature number. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum packet_event {
#define EVENT(upper, name, gid, sid) EVENT_##upper,
#include "wire/packet/event.def"
#undef EVENT
    PACKET_EVENT_COUNT,
};

struct packet_event_row {
    const char *name;  /* "decoder.ipv4.pkt_too_small", "stream.3whs_syn_flood" */
    uint16_t gid, sid; /* Snort's; 0, 0: it has none */
};

extern const struct packet_event_row packet_event_row[PACKET_EVENT_COUNT];

/* By the name in rules: "ipv4.pkt_too_small" with prefix "decoder.", "3whs_syn_flood" with
 * "stream.", or whole with "".  -1: unknown. */
int packet_event_find(const char *prefix, const char *name);
int packet_event_find_snort(uint32_t gid, uint32_t sid); /* -1: unknown */

bool packet_event_is_stream(enum packet_event event);

/* The events of one packet; beyond its size they are left out. */
enum { EVENT_LIST_MAX = 15 };

struct event_list {
    uint8_t count;
    uint8_t id[EVENT_LIST_MAX]; /* enum packet_event, in the order in which they were raised */
};

static inline void event_list_add(struct event_list *list, enum packet_event event)
{
    if (list->count < EVENT_LIST_MAX)
        list->id[list->count++] = (uint8_t)event;
}

static inline bool event_list_has(const struct event_list *list, enum packet_event event)
{
    for (uint8_t i = 0; i < list->count; i++)
        if (list->id[i] == event)
            return true;
    return false;
}
