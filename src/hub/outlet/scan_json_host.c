/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/outlet/scan_json_host.h"

#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "hub/outlet/scan_words.h"

void scan_json_host_add_moment(struct json_out *j, const char *key, uint64_t wall_ns)
{
    char text[sizeof "2026-11-24T17:00:00.123456Z" + 8];
    struct civil c = clock_civil(wall_ns);
    snprintf(text, sizeof text, "%04d-%02u-%02uT%02u:%02u:%02u.%06uZ", c.year, c.month, c.day,
             c.hour, c.minute, c.second, (unsigned)(c.ns / NS_PER_US));
    json_text(j, key, text);
}

/* What is not known has no member. */
static void add_text(struct json_out *j, const char *key, const char *value)
{
    if (value)
        json_text(j, key, value);
}

static void add_addr(struct json_out *j, const char *key, const struct addr *a)
{
    char text[ADDR_TEXT_MAX];
    json_text(j, key, addr_format(a, text));
}

static void add_ports_text(struct json_out *j, const char *key, const struct port_set *set)
{
    struct str text = str_of(0);
    port_set_format(set, &text);
    json_text(j, key, str_text(&text));
    str_done(&text);
}

static void add_because(struct json_out *j, const struct scan_because *b)
{
    json_text(j, "reason", scan_reason_name(b->reason, 1));
    if (b->ttl)
        json_u64(j, "reason_ttl", b->ttl);
    if (b->from.family != ADDR_NONE)
        add_addr(j, "reason_address", &b->from);
}

static void add_texts(struct json_out *j, const char *key, const char *const *text, size_t count)
{
    if (count == 0)
        return;
    json_array(j, key);
    for (size_t i = 0; i < count; i++)
        json_text(j, NULL, text[i]);
    json_end(j);
}

static bool all_have_keys(const struct scan_script_node *node, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!node[i].key)
            return false;
    return true;
}

/* A table becomes an object when each member has a key, else an array, in which a member with a key
 * is an object of one. */
static void add_table(struct json_out *j, const char *key, const struct scan_script_node *node,
                      size_t count, unsigned depth)
{
    bool object = all_have_keys(node, count);
    if (object)
        json_object(j, key);
    else
        json_array(j, key);
    for (size_t i = 0; i < count && depth <= SCAN_SCRIPT_DEPTH_MAX; i++) {
        bool wrapped = !object && node[i].key;
        if (wrapped)
            json_object(j, NULL);
        if (node[i].text)
            json_text(j, node[i].key, node[i].text);
        else
            add_table(j, node[i].key, node[i].child, node[i].child_count, depth + 1);
        if (wrapped)
            json_end(j);
    }
    json_end(j);
}

void scan_json_host_add_scripts(struct json_out *j, const char *key,
                                const struct scan_script *script, size_t count)
{
    if (count == 0)
        return;
    json_array(j, key);
    for (size_t i = 0; i < count; i++) {
        json_object(j, NULL);
        json_text(j, "id", script[i].id);
        json_text(j, "output", script[i].output ? script[i].output : "");
        if (script[i].node_count > 0)
            add_table(j, "data", script[i].node, script[i].node_count, 1);
        json_end(j);
    }
    json_end(j);
}

static void add_service(struct json_out *j, const struct scan_service *s)
{
    if (!s->name && !s->product && !s->fingerprint && !s->ssl)
        return;
    json_object(j, "service");
    json_text(j, "name", s->name ? s->name : "unknown");
    add_text(j, "product", s->product);
    add_text(j, "version", s->version);
    add_text(j, "extra_info", s->extra_info);
    add_text(j, "hostname", s->hostname);
    add_text(j, "os_type", s->os_type);
    add_text(j, "device_type", s->device_type);
    add_text(j, "fingerprint", s->fingerprint);
    add_text(j, "tunnel", s->ssl ? "ssl" : NULL);
    if (s->rpc) {
        json_object(j, "rpc");
        json_u64(j, "number", s->rpc_number);
        json_u64(j, "low", s->rpc_low);
        json_u64(j, "high", s->rpc_high);
        json_end(j);
    }
    json_text(j, "method", s->probed ? "probed" : "table");
    json_u64(j, "confidence", s->confidence);
    add_texts(j, "cpe", s->cpe, s->cpe_count);
    json_end(j);
}

static void add_port(struct json_out *j, const struct scan_port *p)
{
    json_object(j, NULL);
    json_text(j, "protocol", scan_proto_name(p->proto));
    json_u64(j, "port", p->number);
    json_text(j, "state", scan_state_name(p->state));
    add_because(j, &p->because);
    add_text(j, "owner", p->owner);
    add_service(j, &p->service);
    scan_json_host_add_scripts(j, "scripts", p->script, p->script_count);
    json_end(j);
}

static void add_extra(struct json_out *j, const struct scan_extra *extra)
{
    json_object(j, NULL);
    json_text(j, "state", scan_state_name(extra->state));
    json_u64(j, "count", extra->count);
    json_array(j, "reasons");
    for (size_t i = 0; i < extra->reason_count; i++) {
        const struct scan_extra_reason *r = &extra->reason[i];
        json_object(j, NULL);
        json_text(j, "reason", scan_reason_name(r->reason, 1));
        json_text(j, "protocol", scan_proto_name(r->proto));
        json_u64(j, "count", r->count);
        if (r->ports)
            add_ports_text(j, "ports", r->ports);
        json_end(j);
    }
    json_end(j);
    json_end(j);
}

static void add_ports(struct json_out *j, const struct scan_host *h)
{
    if (!h->ports_scanned)
        return;
    json_array(j, "ports");
    for (size_t i = 0; i < h->port_count; i++)
        add_port(j, &h->port[i]);
    json_end(j);
    json_array(j, "not_shown");
    for (size_t i = 0; i < h->extra_count; i++)
        add_extra(j, &h->extra[i]);
    json_end(j);
}

static void add_os_match(struct json_out *j, const struct scan_os_match *m)
{
    json_object(j, NULL);
    json_text(j, "name", m->name);
    json_u64(j, "accuracy", m->accuracy);
    json_u64(j, "line", m->line);
    json_array(j, "classes");
    for (size_t i = 0; i < m->class_count; i++) {
        const struct scan_os_class *c = &m->class[i];
        json_object(j, NULL);
        add_text(j, "type", c->type);
        add_text(j, "vendor", c->vendor);
        add_text(j, "family", c->family);
        add_text(j, "generation", c->generation);
        json_u64(j, "accuracy", c->accuracy);
        add_texts(j, "cpe", c->cpe, c->cpe_count);
        json_end(j);
    }
    json_end(j);
    json_end(j);
}

static void add_os(struct json_out *j, const struct scan_os *os)
{
    json_object(j, "os");
    json_array(j, "ports_used");
    for (size_t i = 0; i < os->used_count; i++) {
        json_object(j, NULL);
        json_text(j, "state", scan_state_name(os->used[i].state));
        json_text(j, "protocol", scan_proto_name(os->used[i].proto));
        json_u64(j, "port", os->used[i].number);
        json_end(j);
    }
    json_end(j);
    json_array(j, "matches");
    for (size_t i = 0; i < os->match_count; i++)
        add_os_match(j, &os->match[i]);
    json_end(j);
    add_text(j, "fingerprint", os->fingerprint);
    json_end(j);
}

static void add_stack(struct json_out *j, const struct scan_host *h)
{
    if (h->distance)
        json_u64(j, "distance", h->distance);
    if (h->uptime_s)
        json_u64(j, "uptime_s", h->uptime_s);
    if (h->last_boot_wall_ns)
        scan_json_host_add_moment(j, "last_boot", h->last_boot_wall_ns);
    if (h->tcp_sequence_index) {
        json_object(j, "tcp_sequence");
        json_text(j, "index", h->tcp_sequence_index);
        add_text(j, "difficulty", h->tcp_sequence_difficulty);
        add_text(j, "values", h->tcp_sequence_values);
        json_end(j);
    }
    if (h->ip_id_class) {
        json_object(j, "ip_id_sequence");
        json_text(j, "class", h->ip_id_class);
        add_text(j, "values", h->ip_id_values);
        json_end(j);
    }
    if (h->tcp_ts_class) {
        json_object(j, "tcp_timestamp_sequence");
        json_text(j, "class", h->tcp_ts_class);
        add_text(j, "values", h->tcp_ts_values);
        json_end(j);
    }
}

static void add_trace(struct json_out *j, const struct scan_trace *t)
{
    char word[SCAN_WORDS_PROTO_MAX];
    json_object(j, "trace");
    if (t->port) {
        json_text(j, "protocol", scan_words_trace_proto(t, word));
        if (t->proto != SCAN_IP)
            json_u64(j, "port", t->port);
    }
    json_array(j, "hops");
    for (size_t i = 0; i < t->hop_count; i++) {
        const struct scan_hop *hop = &t->hop[i];
        json_object(j, NULL);
        json_u64(j, "ttl", hop->ttl);
        if (hop->addr.family != ADDR_NONE)
            add_addr(j, "address", &hop->addr);
        add_text(j, "host", hop->host);
        if (hop->rtt_ms >= 0 && hop->addr.family != ADDR_NONE)
            json_double(j, "rtt_ms", hop->rtt_ms, 2);
        json_end(j);
    }
    json_end(j);
    json_end(j);
}

static void add_names(struct json_out *j, const struct scan_host *h)
{
    json_array(j, "names");
    for (size_t i = 0; i < h->name_count; i++) {
        json_object(j, NULL);
        json_text(j, "name", h->name[i].name);
        json_text(j, "type", h->name[i].by_user ? "user" : "PTR");
        json_end(j);
    }
    json_end(j);
    if (h->other_count == 0)
        return;
    json_array(j, "other_addresses");
    for (size_t i = 0; i < h->other_count; i++)
        add_addr(j, NULL, &h->other_addr[i]);
    json_end(j);
}

static void add_identity(struct json_out *j, const struct scan_host *h)
{
    char mac[MAC_TEXT_MAX];
    json_text(j, "state", scan_host_state_name(h->state));
    add_because(j, &h->because);
    add_addr(j, "address", &h->addr);
    json_text(j, "family", h->addr.family == ADDR_IP6 ? "ipv6" : "ipv4");
    if (h->has_mac)
        json_text(j, "mac", mac_format(&h->mac, mac));
    add_text(j, "vendor", h->vendor);
    add_names(j, h);
    add_text(j, "comment", h->comment);
    if (h->start_wall_ns && h->ports_scanned) {
        scan_json_host_add_moment(j, "start", h->start_wall_ns);
        scan_json_host_add_moment(j, "end", h->end_wall_ns);
    }
    if (h->timed_out)
        json_bool(j, "timed_out", true);
    if (h->smurf_responses)
        json_u64(j, "smurf_responses", h->smurf_responses);
}

void scan_json_host_add(struct json_out *j, const char *key, const struct scan_host *h)
{
    json_object(j, key);
    add_identity(j, h);
    if (!h->timed_out)
        add_ports(j, h);
    if (h->os)
        add_os(j, h->os);
    add_stack(j, h);
    scan_json_host_add_scripts(j, "scripts", h->script, h->script_count);
    if (h->trace)
        add_trace(j, h->trace);
    if (h->has_times) {
        json_object(j, "times");
        json_u64(j, "srtt_us", h->srtt_us);
        json_u64(j, "rttvar_us", h->rttvar_us);
        json_u64(j, "timeout_us", h->timeout_us);
        json_end(j);
    }
    json_end(j);
}
