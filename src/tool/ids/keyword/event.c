/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events of decoders, streams and application parsers, and which application protocol it is. */
#include <errno.h>
#include <string.h>

#include "tool/ids/keyword/keyword.h"
#include "tool/ids/look/look.h"

struct event_test {
    uint16_t event; /* enum packet_event or enum inspect_event */
};

static bool packet_event_holds(const void *state, const struct look *look)
{
    const struct event_test *t = state;
    return event_list_has(&look->packet->event, (enum packet_event)t->event);
}

static int parse_packet_event(struct rule_parser *p, const struct ids_keyword *k, char *value,
                              struct err *e)
{
    struct event_test *t = parser_take(p, sizeof *t);
    char *older = strstr(value, "_different_"); /* as older rules write it */
    if (older)
        memmove(older + 5, older + 10, strlen(older + 10) + 1);
    int event = packet_event_find(k->detail, value);
    if (event < 0)
        return err_set(e, -EINVAL, "unknown event \"%s\"", value);
    t->event = (uint16_t)event;
    parser_add_test(p, packet_event_holds, t);
    p->rule->trait |= RULE_HAS_PACKET_TEST | RULE_HAS_EVENT;
    return 0;
}

static bool app_event_holds(const void *state, const struct look *look)
{
    const struct event_test *t = state;
    return look->tx && inspect_tx_has_event(look->tx, (enum inspect_event)t->event);
}

static bool flow_event_holds(const void *state, const struct look *look)
{
    const struct event_test *t = state;
    return look->flow && inspect_flow_has_event(look->flow, (enum inspect_event)t->event);
}

static int parse_app_event(struct rule_parser *p, const struct ids_keyword *k, char *value,
                           struct err *e)
{
    struct event_test *t = parser_take(p, sizeof *t);
    char *dot = strchr(value, '.');
    (void)k;
    if (strncmp(value, "ikev2.", 6) == 0) { /* an older name */
        value = arena_print(p->arena, "ike.%s", value + 6);
        dot = strchr(value, '.');
    }
    int event = inspect_event_find(value);
    if (!dot) {
        if (event < 0)
            return err_set(e, -EINVAL, "unknown event \"%s\"", value);
        t->event = (uint16_t)event;
        parser_add_test(p, flow_event_holds, t);
        return 0;
    }
    *dot = '\0';
    int proto = strcmp(value, "ftp") == 0 ? INSPECT_FTP : inspect_proto_find(value);
    if (event < 0 || proto < 0)
        return err_set(e, -EINVAL, "unknown event \"%s.%s\"", value, dot + 1);
    if (parser_proto(p, (enum inspect_proto_id)proto, INSPECT_UNKNOWN, e) < 0)
        return e->code;
    t->event = (uint16_t)event;
    parser_add_tx_test(p, &sticky_state, app_event_holds, t);
    return 0;
}

struct proto_test {
    uint8_t proto;
    uint8_t way; /* enum way */
    bool negated;
};

enum way {
    WAY_EITHER,
    WAY_FINAL,
    WAY_BOTH,
    WAY_TO_SERVER,
    WAY_TO_CLIENT,
    WAY_ORIGINAL,
    WAY_DIRECTION
};

/* Has the answer been looked for and found?  "unknown" can be asked for as well. */
static bool is_proto(const struct proto_test *t, uint8_t seen)
{
    if (t->proto == INSPECT_UNKNOWN)
        return seen == INSPECT_UNKNOWN;
    return inspect_proto_covers((enum inspect_proto_id)t->proto, (enum inspect_proto_id)seen) ||
           t->proto == seen;
}

static bool proto_holds(const void *state, const struct look *look)
{
    const struct proto_test *t = state;
    const struct flow *f = look->flow;
    if (!f)
        return false;
    uint8_t seen;
    switch ((enum way)t->way) {
    case WAY_BOTH:
        return (is_proto(t, f->app_side[0]) && is_proto(t, f->app_side[1])) != t->negated;
    case WAY_TO_SERVER:
        seen = f->app_side[FLOW_TO_SERVER];
        break;
    case WAY_TO_CLIENT:
        seen = f->app_side[FLOW_TO_CLIENT];
        break;
    case WAY_ORIGINAL:
        seen = f->app_before ? f->app_before : f->app;
        break;
    case WAY_FINAL:
        seen = f->app;
        break;
    case WAY_DIRECTION:
        seen = f->app_side[look->side];
        break;
    default:
        if (t->negated && f->app_side[0] == INSPECT_UNKNOWN && f->app_side[1] == INSPECT_UNKNOWN)
            return false; /* not known is not "another one" */
        return (is_proto(t, f->app_side[0]) || is_proto(t, f->app_side[1]) ||
                is_proto(t, f->app)) != t->negated;
    }
    if (seen == INSPECT_UNKNOWN && t->proto != INSPECT_UNKNOWN)
        return false;
    return is_proto(t, seen) != t->negated;
}

/* [!]NAME[,final|either|both|to_server|to_client|original|direction] */
static int parse_proto(struct rule_parser *p, const struct ids_keyword *k, char *value,
                       struct err *e)
{
    static const char *const way[] = {"either",    "final",    "both",     "to_server",
                                      "to_client", "original", "direction"};
    struct proto_test *t = parser_take(p, sizeof *t);
    char *rest = value, *name = word_next(&rest, ','), *mode = word_next(&rest, ',');
    (void)k;
    if (*name == '!') {
        t->negated = true;
        name = word_trim(name + 1);
    }
    int proto = strcmp(name, "failed") == 0    ? INSPECT_FAILED
                : strcmp(name, "unknown") == 0 ? INSPECT_UNKNOWN
                                               : inspect_proto_find(name);
    if (proto < 0)
        return err_set(e, -EINVAL, "unknown protocol \"%s\"", name);
    t->proto = (uint8_t)proto;
    size_t i = 0;
    while (mode && i < ARRAY_COUNT(way) && strcmp(way[i], mode) != 0)
        i++;
    if (i == ARRAY_COUNT(way))
        return err_set(e, -EINVAL, "unknown word \"%s\"", mode);
    t->way = mode ? (uint8_t)i : WAY_DIRECTION;
    parser_add_test(p, proto_holds, t);
    p->rule->trait |= RULE_ASKS_PROTO;
    return 0;
}

static const struct ids_keyword keyword[] = {
    {"decode-event", RULE_SURICATA, KEYWORD_NEEDS_VALUE, parse_packet_event, "decoder.",
     "decode-event:NAME; what a decoder found"},
    {"engine-event", RULE_SURICATA, KEYWORD_NEEDS_VALUE, parse_packet_event, "",
     "engine-event:NAME; what a decoder or the stream found"},
    {"stream-event", RULE_SURICATA, KEYWORD_NEEDS_VALUE, parse_packet_event, "stream.",
     "stream-event:NAME; what TCP's tracking found"},
    {"app-layer-event", RULE_SURICATA, KEYWORD_NEEDS_VALUE, parse_app_event, NULL,
     "app-layer-event:[PROTOCOL.]NAME; what a parser found"},
    {"app-layer-protocol", RULE_SURICATA, KEYWORD_NEEDS_VALUE, parse_proto, NULL,
     "app-layer-protocol:[!]NAME[,final|either|both|to_server|to_client|original|direction]"},
};

const struct ids_keyword_family ids_keyword_event = {"event", "events, and which protocol it is",
                                                     keyword, ARRAY_COUNT(keyword)};
