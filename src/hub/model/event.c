/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/model/event.h"

#include "hub/model/name_table.h"

static const char *const names[EVENT_KIND_COUNT] = {
#define EVENT_KIND(upper, lower, doc) [EVENT_##upper] = #lower,
#include "hub/model/event_kind.def"
#undef EVENT_KIND
};

const char *event_kind_name(enum event_kind kind)
{
    return name_table_name(names, EVENT_KIND_COUNT, kind);
}

/* EVE's list of protocols is open: what is no kind of ours is a protocol's record. */
int event_kind_from_name(const char *name)
{
    int kind = name_table_find(names, EVENT_KIND_COUNT, name);
    return kind >= 0 ? kind : name[0] ? EVENT_PROTOCOL : -1;
}
