/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables proto.def, buffer.def, number.def and event.def, by number and by name. */
#include <string.h>

#include "tool/ids/inspect/inspect.h"

static const char *const proto_name[INSPECT_PROTO_COUNT] = {
#define PROTO(upper, name, tcp, udp, doc) name,
#include "tool/ids/inspect/proto.def"
#undef PROTO
};

static const char *const event_name[INSPECT_EVENT_COUNT] = {
#define EVENT(upper, name) name,
#include "tool/ids/inspect/event.def"
#undef EVENT
};

enum { TO_SERVER = BUFFER_TO_SERVER, TO_CLIENT = BUFFER_TO_CLIENT, BOTH = BUFFER_BOTH };

const struct buffer_row buffer_row[BUFFER_COUNT] = {
#define BUFFER(upper, name, proto, also, side, progress, kind, doc)                                \
    {name, INSPECT_##proto, INSPECT_##also, side, progress, BUFFER_##kind},
#include "tool/ids/inspect/buffer.def"
#undef BUFFER
};

const struct buffer_row number_row[NUMBER_COUNT] = {
#define NUMBER(upper, name, proto, side, progress, kind, doc)                                      \
    {name, INSPECT_##proto, INSPECT_UNKNOWN, side, progress, BUFFER_##kind},
#include "tool/ids/inspect/number.def"
#undef NUMBER
};

const char *inspect_proto_name(enum inspect_proto_id id)
{
    return proto_name[id];
}

int inspect_proto_find(const char *name)
{
    if (strcmp(name, "http") == 0)
        return INSPECT_HTTP_ANY;
    if (strcmp(name, "http1") == 0)
        return INSPECT_HTTP1;
    for (int i = INSPECT_FAILED + 1; i < INSPECT_PROTO_COUNT; i++)
        if (strcmp(proto_name[i], name) == 0)
            return i;
    return -1;
}

bool inspect_proto_covers(enum inspect_proto_id rule, enum inspect_proto_id seen)
{
    if (rule == seen)
        return true;
    switch (rule) {
    case INSPECT_HTTP_ANY:
        return seen == INSPECT_HTTP1 || seen == INSPECT_HTTP2 || seen == INSPECT_DOH2;
    case INSPECT_HTTP2:
    case INSPECT_DNS:
        return seen == INSPECT_DOH2; /* DNS inside HTTP/2 is both */
    case INSPECT_DCERPC:
        return seen == INSPECT_SMB; /* over named pipes */
    default:
        return false;
    }
}

static int row_find(const struct buffer_row *row, int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (strcmp(row[i].name, name) == 0)
            return i;
    return -1;
}

int buffer_find(const char *keyword)
{
    return row_find(buffer_row, BUFFER_COUNT, keyword);
}

int number_find(const char *keyword)
{
    return row_find(number_row, NUMBER_COUNT, keyword);
}

int inspect_event_find(const char *name)
{
    for (int i = 0; i < INSPECT_EVENT_COUNT; i++)
        if (strcmp(event_name[i], name) == 0)
            return i;
    return -1;
}

const char *inspect_event_name(enum inspect_event event)
{
    return event_name[event];
}
