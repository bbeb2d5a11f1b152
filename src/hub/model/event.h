/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An event: something was seen at a moment.  ids, trap and ban write them, respond acts on their
 * wish, outlets write them down. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/net/addr.h"
#include "hub/model/severity.h"

enum event_kind {
#define EVENT_KIND(upper, lower, doc) EVENT_##upper,
#include "hub/model/event_kind.def"
#undef EVENT_KIND
    EVENT_KIND_COUNT,
};

const char *event_kind_name(enum event_kind kind); /* "alert", as in EVE's event_type */
int event_kind_from_name(
    const char *name); /* EVE's protocol types give EVENT_PROTOCOL; "" gives -1 */

struct event {
    uint64_t id;      /* event_id.h; 0: the store gives one */
    uint64_t wall_ns; /* when it happened, UTC */
    enum event_kind kind;
    enum severity severity;
    enum strength strength;
    struct wish wish;
    struct endpoint src, dst; /* ADDR_NONE where there is none */
    uint8_t ip_proto;         /* 6 TCP, 17 UDP ...; 0: none */
    uint64_t flow_id;         /* 0: none */
    uint32_t gid, sid, rev;   /* the rule, filter or test that spoke; 0: none */
    const char
        *type; /* EVE's event_type where the kind is too coarse ("http"); NULL: the kind's name */
    const char *sensor;  /* who saw it: host or interface; may be NULL */
    const char *summary; /* one line for people, UTF-8; may hold a stranger's words; may be NULL */
    const char *json; /* ready-made object "{...}": the members beyond those above, in EVE's names;
                         or NULL.  What belongs into EVE's alert comes first: {"alert":{...},... */
};
