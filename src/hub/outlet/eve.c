/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/outlet/eve.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/text/json.h"

static const char alert_key[] = "{\"alert\":";

/* "2026-11-24T17:00:00.123456+0000" */
static void add_timestamp(struct json_out *j, uint64_t wall_ns)
{
    char text[48];
    struct civil c = clock_civil(wall_ns);
    snprintf(text, sizeof text, "%04d-%02u-%02uT%02u:%02u:%02u.%06u+0000", c.year, c.month, c.day,
             c.hour, c.minute, c.second, (unsigned)(c.ns / NS_PER_US));
    json_text(j, "timestamp", text);
}

static bool has_ports(uint8_t ip_proto)
{
    return ip_proto == 6 || ip_proto == 17 || ip_proto == 132;
}

static void add_endpoint(struct json_out *j, const char *ip_key, const char *port_key,
                         const struct endpoint *at, uint8_t ip_proto)
{
    if (at->addr.family == ADDR_NONE)
        return;
    char text[ADDR_TEXT_MAX];
    json_text(j, ip_key, addr_format(&at->addr, text));
    if (at->port || has_ports(ip_proto))
        json_u64(j, port_key, at->port);
}

/* EVE's names; a protocol without one is its number in three digits. */
static void add_proto(struct json_out *j, uint8_t ip_proto)
{
    static const struct {
        uint8_t number;
        const char *name;
    } row[] = {{1, "ICMP"}, {2, "IGMP"}, {6, "TCP"},        {17, "UDP"},  {47, "GRE"},
               {50, "ESP"}, {51, "AH"},  {58, "IPv6-ICMP"}, {132, "SCTP"}};
    if (ip_proto == 0)
        return;
    for (size_t i = 0; i < ARRAY_COUNT(row); i++)
        if (row[i].number == ip_proto) {
            json_text(j, "proto", row[i].name);
            return;
        }
    char text[4];
    snprintf(text, sizeof text, "%03u", ip_proto);
    json_text(j, "proto", text);
}

/* The length of the object that `text` begins with, 0 if it does not end.  Our own writer's JSON:
 * it needs no check, only its end. */
static size_t object_len(const char *text)
{
    size_t depth = 0;
    bool in_text = false;
    for (size_t i = 0; text[i]; i++) {
        char c = text[i];
        if (in_text && c == '\\' && text[i + 1])
            i++;
        else if (c == '"')
            in_text = !in_text;
        else if (!in_text && c == '{')
            depth++;
        else if (!in_text && c == '}' && --depth == 0)
            return i + 1;
    }
    return 0;
}

/* event.json cut in two: what belongs to the alert (may be empty), and the rest, as objects. */
struct detail {
    struct str alert, rest;
};

static struct detail detail_of(const char *json)
{
    struct detail d = {0};
    if (!json)
        return d;
    size_t key_len = strlen(alert_key);
    size_t alert_len = strncmp(json, alert_key, key_len) == 0 && json[key_len] == '{'
                           ? object_len(json + key_len)
                           : 0;
    if (alert_len == 0) {
        str_add(&d.rest, json);
        return d;
    }
    const char *behind = json + key_len + alert_len;
    str_add_len(&d.alert, json + key_len, alert_len);
    str_add_char(&d.rest, '{');
    str_add(&d.rest, *behind == ',' ? behind + 1 : behind);
    return d;
}

static bool is_blocked(const struct event *e)
{
    return e->wish.action == WISH_DROP || e->wish.action == WISH_REJECT;
}

static void add_alert(struct json_out *j, const struct event *e, const struct str *detail)
{
    json_object(j, "alert");
    json_text(j, "action", is_blocked(e) ? "blocked" : "allowed");
    json_u64(j, "gid", e->gid);
    json_u64(j, "signature_id", e->sid);
    json_u64(j, "rev", e->rev);
    json_text(j, "signature", e->summary ? e->summary : "");
    if (detail->len == 0)
        json_text(j, "category", "");
    json_u64(j, "severity", severity_to_eve(e->severity));
    if (detail->len > 0)
        json_members(j, detail->text);
    json_end(j);
}

static void add_own(struct json_out *j, const struct event *e)
{
    char id[24];
    snprintf(id, sizeof id, "%" PRIu64, e->id);
    json_object(j, "picket");
    if (e->id)
        json_text(j, "id", id);
    json_text(j, "severity", severity_name(e->severity));
    json_text(j, "strength", strength_name(e->strength));
    json_text(j, "wish", wish_name(e->wish.action));
    if (e->wish.action == WISH_BAN)
        json_u64(j, "ban_s", e->wish.ban_s);
    if (e->summary && e->kind != EVENT_ALERT)
        json_text(j, "summary", e->summary);
    json_end(j);
}

void eve_format(const struct event *e, struct str *out)
{
    struct detail detail = detail_of(e->json);
    struct json_out j = json_out_of(out);
    json_object(&j, NULL);
    add_timestamp(&j, e->wall_ns);
    if (e->flow_id)
        json_u64(&j, "flow_id", e->flow_id);
    if (e->sensor)
        json_text(&j, "sensor", e->sensor);
    json_text(&j, "event_type", e->type ? e->type : event_kind_name(e->kind));
    add_endpoint(&j, "src_ip", "src_port", &e->src, e->ip_proto);
    add_endpoint(&j, "dest_ip", "dest_port", &e->dst, e->ip_proto);
    add_proto(&j, e->ip_proto);
    if (e->kind == EVENT_ALERT)
        add_alert(&j, e, &detail.alert);
    if (detail.rest.len > 0)
        json_members(&j, detail.rest.text);
    add_own(&j, e);
    json_end(&j);
    str_add_char(out, '\n');
    str_done(&detail.alert);
    str_done(&detail.rest);
}
