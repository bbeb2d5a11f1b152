/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/packet/event.h"

#include <string.h>

_Static_assert(PACKET_EVENT_COUNT <= UINT8_MAX, "struct event_list holds them in a byte");

const struct packet_event_row packet_event_row[PACKET_EVENT_COUNT] = {
#define EVENT(upper, name, gid, sid) {name, gid, sid},
#include "wire/packet/event.def"
#undef EVENT
};

static const char stream_prefix[] = "stream.";

int packet_event_find(const char *prefix, const char *name)
{
    size_t len = strlen(prefix);
    for (int i = 0; i < PACKET_EVENT_COUNT; i++) {
        const char *row = packet_event_row[i].name;
        if (strncmp(row, prefix, len) == 0 && strcmp(row + len, name) == 0)
            return i;
    }
    return -1;
}

int packet_event_find_snort(uint32_t gid, uint32_t sid)
{
    for (int i = 0; i < PACKET_EVENT_COUNT; i++)
        if (packet_event_row[i].gid == gid && packet_event_row[i].sid == sid && gid)
            return i;
    return -1;
}

bool packet_event_is_stream(enum packet_event event)
{
    return strncmp(packet_event_row[event].name, stream_prefix, sizeof stream_prefix - 1) == 0;
}
