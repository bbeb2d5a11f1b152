/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/outlet/nmap_xml_host.h"

#include <string.h>

#include "core/base/clock.h"
#include "hub/outlet/scan_words.h"

static void add_because(struct xml_out *x, const struct scan_because *b)
{
    xml_attr(x, "reason", scan_reason_name(b->reason, 1));
    xml_attr_u64(x, "reason_ttl", b->ttl);
    if (b->from.family != ADDR_NONE) {
        char from[ADDR_TEXT_MAX];
        xml_attr(x, "reason_ip", addr_format(&b->from, from));
    }
}

static void add_address(struct xml_out *x, const char *addr, const char *type, const char *vendor)
{
    xml_open(x, "address");
    xml_attr(x, "addr", addr);
    xml_attr(x, "addrtype", type);
    xml_attr(x, "vendor", vendor);
    xml_close(x);
    xml_newline(x);
}

static void add_names(struct xml_out *x, const struct scan_host *h)
{
    xml_open(x, "hostnames");
    xml_newline(x);
    for (size_t i = 0; i < h->name_count; i++) {
        xml_open(x, "hostname");
        xml_attr(x, "name", h->name[i].name);
        xml_attr(x, "type", h->name[i].by_user ? "user" : "PTR");
        xml_close(x);
        xml_newline(x);
    }
    xml_close(x);
    xml_newline(x);
}

/* The DTD has no reason_ip in a status. */
static void add_identity(struct xml_out *x, const struct scan_host *h)
{
    char addr[ADDR_TEXT_MAX], mac[MAC_TEXT_MAX];
    struct scan_because because = h->because;
    because.from = (struct addr){0};
    xml_open(x, "status");
    xml_attr(x, "state", scan_host_state_name(h->state));
    add_because(x, &because);
    xml_close(x);
    xml_newline(x);
    add_address(x, addr_format(&h->addr, addr), h->addr.family == ADDR_IP6 ? "ipv6" : "ipv4", NULL);
    if (h->has_mac)
        add_address(x, mac_format(&h->mac, mac), "mac", h->vendor);
    if (h->state == SCAN_HOST_UP || h->name_count > 0)
        add_names(x, h);
}

static void add_cpe(struct xml_out *x, const char *const *cpe, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        xml_open(x, "cpe");
        xml_text(x, cpe[i]);
        xml_close(x);
    }
}

static void add_node(struct xml_out *x, const struct scan_script_node *node, unsigned depth)
{
    if (depth > SCAN_SCRIPT_DEPTH_MAX)
        return;
    xml_open(x, node->text ? "elem" : "table");
    xml_attr(x, "key", node->key);
    if (node->text) {
        xml_text(x, node->text);
    } else {
        xml_newline(x);
        for (size_t i = 0; i < node->child_count; i++)
            add_node(x, &node->child[i], depth + 1);
    }
    xml_close(x);
    xml_newline(x);
}

void nmap_xml_host_add_script(struct xml_out *x, const struct scan_script *script)
{
    xml_open(x, "script");
    xml_attr(x, "id", script->id);
    xml_attr(x, "output", script->output ? script->output : "");
    for (size_t i = 0; i < script->node_count; i++)
        add_node(x, &script->node[i], 1);
    xml_close(x);
}

static void add_deduction(struct xml_out *x, const struct scan_service *s, bool is_ip)
{
    /* nmap writes these two the other way round for protocols */
    if (is_ip)
        xml_attr_u64(x, "conf", s->confidence);
    xml_attr(x, "method", s->probed ? "probed" : "table");
    if (!is_ip)
        xml_attr_u64(x, "conf", s->confidence);
}

static void add_rpc(struct xml_out *x, const struct scan_service *s)
{
    xml_attr(x, "proto", "rpc");
    xml_attr_u64(x, "rpcnum", s->rpc_number);
    xml_attr_u64(x, "lowver", s->rpc_low);
    xml_attr_u64(x, "highver", s->rpc_high);
}

static void add_service(struct xml_out *x, const struct scan_service *s, bool is_ip)
{
    if (!s->name && !s->product && !s->fingerprint && !s->ssl)
        return;
    if (is_ip)
        xml_newline(x);
    xml_open(x, "service");
    xml_attr(x, "name", s->name ? s->name : "unknown");
    xml_attr(x, "product", s->product);
    xml_attr(x, "version", s->version);
    xml_attr(x, "extrainfo", s->extra_info);
    xml_attr(x, "hostname", s->hostname);
    xml_attr(x, "ostype", s->os_type);
    xml_attr(x, "devicetype", s->device_type);
    xml_attr(x, "servicefp", s->fingerprint);
    if (s->ssl)
        xml_attr(x, "tunnel", "ssl");
    if (s->rpc)
        add_rpc(x, s);
    add_deduction(x, s, is_ip);
    add_cpe(x, s->cpe, s->cpe_count);
    xml_close(x);
}

static void add_port(struct xml_out *x, const struct scan_port *p)
{
    xml_open(x, "port");
    xml_attr(x, "protocol", scan_proto_name(p->proto));
    xml_attr_u64(x, "portid", p->number);
    xml_open(x, "state");
    xml_attr(x, "state", scan_state_name(p->state));
    add_because(x, &p->because);
    xml_close(x);
    if (p->owner) {
        xml_open(x, "owner");
        xml_attr(x, "name", p->owner);
        xml_close(x);
    }
    add_service(x, &p->service, p->proto == SCAN_IP);
    for (size_t i = 0; i < p->script_count; i++)
        nmap_xml_host_add_script(x, &p->script[i]);
    xml_close(x);
    xml_newline(x);
}

static void add_extra_reason(struct xml_out *x, const struct scan_extra_reason *r)
{
    xml_open(x, "extrareasons");
    xml_attr(x, "reason", scan_reason_name(r->reason, 1));
    xml_attr_u64(x, "count", r->count);
    xml_attr(x, "proto", scan_proto_name(r->proto));
    if (r->ports) {
        struct str ports = str_of(0);
        port_set_format(r->ports, &ports);
        xml_attr(x, "ports", str_text(&ports));
        str_done(&ports);
    }
    xml_close(x);
    xml_newline(x);
}

static void add_ports(struct xml_out *x, const struct scan_host *h)
{
    xml_open(x, "ports");
    for (size_t i = 0; i < h->extra_count; i++) {
        const struct scan_extra *extra = &h->extra[i];
        xml_open(x, "extraports");
        xml_attr(x, "state", scan_state_name(extra->state));
        xml_attr_u64(x, "count", extra->count);
        xml_newline(x);
        for (size_t k = 0; k < extra->reason_count; k++)
            add_extra_reason(x, &extra->reason[k]);
        xml_close(x);
        xml_newline(x);
    }
    for (size_t i = 0; i < h->port_count; i++)
        add_port(x, &h->port[i]);
    xml_close(x);
    xml_newline(x);
}

static void add_os_class(struct xml_out *x, const struct scan_os_class *c)
{
    xml_open(x, "osclass");
    xml_attr(x, "type", c->type);
    xml_attr(x, "vendor", c->vendor ? c->vendor : "");
    xml_attr(x, "osfamily", c->family ? c->family : "");
    xml_attr(x, "osgen", c->generation);
    xml_attr_u64(x, "accuracy", c->accuracy);
    add_cpe(x, c->cpe, c->cpe_count);
    xml_close(x);
    xml_newline(x);
}

static void add_os_match(struct xml_out *x, const struct scan_os_match *m)
{
    xml_open(x, "osmatch");
    xml_attr(x, "name", m->name);
    xml_attr_u64(x, "accuracy", m->accuracy);
    xml_attr_u64(x, "line", m->line);
    xml_newline(x);
    for (size_t i = 0; i < m->class_count; i++)
        add_os_class(x, &m->class[i]);
    xml_close(x);
    xml_newline(x);
}

static void add_os(struct xml_out *x, const struct scan_os *os)
{
    xml_open(x, "os");
    for (size_t i = 0; i < os->used_count; i++) {
        xml_open(x, "portused");
        xml_attr(x, "state", scan_state_name(os->used[i].state));
        xml_attr(x, "proto", scan_proto_name(os->used[i].proto));
        xml_attr_u64(x, "portid", os->used[i].number);
        xml_close(x);
        xml_newline(x);
    }
    for (size_t i = 0; i < os->match_count; i++)
        add_os_match(x, &os->match[i]);
    if (os->fingerprint) {
        xml_open(x, "osfingerprint");
        xml_attr(x, "fingerprint", os->fingerprint);
        xml_close(x);
        xml_newline(x);
    }
    xml_close(x);
    xml_newline(x);
}

static void add_number(struct xml_out *x, const char *tag, const char *name, uint64_t value)
{
    xml_open(x, tag);
    xml_attr_u64(x, name, value);
    xml_close(x);
    xml_newline(x);
}

/* <tag class="..." values="..."/> */
static void add_sequence(struct xml_out *x, const char *tag, const char *class, const char *values)
{
    xml_open(x, tag);
    xml_attr(x, "class", class);
    xml_attr(x, "values", values);
    xml_close(x);
    xml_newline(x);
}

static void add_uptime(struct xml_out *x, const struct scan_host *h)
{
    xml_open(x, "uptime");
    xml_attr_u64(x, "seconds", h->uptime_s);
    if (h->last_boot_wall_ns) {
        struct str date = str_of(0);
        scan_words_date(&date, h->last_boot_wall_ns);
        xml_attr(x, "lastboot", str_text(&date));
        str_done(&date);
    }
    xml_close(x);
    xml_newline(x);
}

static void add_stack(struct xml_out *x, const struct scan_host *h)
{
    if (h->uptime_s)
        add_uptime(x, h);
    if (h->distance)
        add_number(x, "distance", "value", h->distance);
    if (h->tcp_sequence_index) {
        xml_open(x, "tcpsequence");
        xml_attr(x, "index", h->tcp_sequence_index);
        xml_attr(x, "difficulty", h->tcp_sequence_difficulty ? h->tcp_sequence_difficulty : "");
        xml_attr(x, "values", h->tcp_sequence_values ? h->tcp_sequence_values : "");
        xml_close(x);
        xml_newline(x);
    }
    if (h->ip_id_class)
        add_sequence(x, "ipidsequence", h->ip_id_class, h->ip_id_values ? h->ip_id_values : "");
    if (h->tcp_ts_class)
        add_sequence(x, "tcptssequence", h->tcp_ts_class, h->tcp_ts_values);
}

/* Silent routers are left out: nmap's readers take a gap in ttl for them. */
static void add_hop(struct xml_out *x, const struct scan_hop *hop)
{
    char addr[ADDR_TEXT_MAX];
    if (hop->addr.family == ADDR_NONE)
        return;
    xml_open(x, "hop");
    xml_attr_u64(x, "ttl", hop->ttl);
    xml_attr(x, "ipaddr", addr_format(&hop->addr, addr));
    if (hop->rtt_ms < 0)
        xml_attr(x, "rtt", "--");
    else
        xml_attrf(x, "rtt", "%.2f", hop->rtt_ms);
    xml_attr(x, "host", hop->host);
    xml_close(x);
    xml_newline(x);
}

static void add_trace(struct xml_out *x, const struct scan_trace *t)
{
    char word[SCAN_WORDS_PROTO_MAX];
    xml_open(x, "trace");
    if (t->port && t->proto != SCAN_IP)
        xml_attr_u64(x, "port", t->port);
    if (t->port)
        xml_attr(x, "proto", scan_words_trace_proto(t, word));
    xml_newline(x);
    for (size_t i = 0; i < t->hop_count; i++)
        add_hop(x, &t->hop[i]);
    xml_close(x);
    xml_newline(x);
}

static void add_times(struct xml_out *x, const struct scan_host *h)
{
    xml_open(x, "times");
    xml_attr_u64(x, "srtt", h->srtt_us);
    xml_attr_u64(x, "rttvar", h->rttvar_us);
    xml_attr_u64(x, "to", h->timeout_us);
    xml_close(x);
    xml_newline(x);
}

static void add_host_scripts(struct xml_out *x, const struct scan_host *h)
{
    xml_open(x, "hostscript");
    for (size_t i = 0; i < h->script_count; i++)
        nmap_xml_host_add_script(x, &h->script[i]);
    xml_close(x);
}

static void add_results(struct xml_out *x, const struct scan_host *h)
{
    if (scan_words_port_count(h) > 0)
        add_ports(x, h);
    if (h->os)
        add_os(x, h->os);
    add_stack(x, h);
    if (h->script_count > 0)
        add_host_scripts(x, h);
    if (h->trace)
        add_trace(x, h->trace);
}

void nmap_xml_host_add(struct xml_out *x, const struct scan_host *h)
{
    xml_open(x, "host");
    if (h->start_wall_ns && (h->ports_scanned || h->timed_out)) {
        xml_attr_u64(x, "starttime", h->start_wall_ns / NS_PER_S);
        xml_attr_u64(x, "endtime", h->end_wall_ns / NS_PER_S);
    }
    if (h->timed_out)
        xml_attr(x, "timedout", "true");
    xml_attr(x, "comment", h->comment);
    add_identity(x, h);
    if (h->smurf_responses)
        add_number(x, "smurf", "responses", h->smurf_responses);
    if (!h->timed_out)
        add_results(x, h);
    if (h->has_times)
        add_times(x, h);
    xml_close(x);
    xml_newline(x);
}

void nmap_xml_host_add_hint(struct xml_out *x, const struct scan_host *h)
{
    xml_open(x, "hosthint");
    add_identity(x, h);
    xml_close(x);
    xml_newline(x);
}
