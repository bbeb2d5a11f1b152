/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/outlet/grepable.h"

#include <inttypes.h>
#include <string.h>

#include "hub/outlet/scan_words.h"

/* A part of a port: as nmap does it, "/" becomes "|"; a tab would end the field. */
static void add_part(struct str *out, const char *text)
{
    struct str clean = str_of(0);
    scan_words_clean(&clean, text);
    for (size_t i = 0; i < clean.len; i++) {
        char c = clean.text[i];
        if (c == '\t')
            str_add(out, "\\x09");
        else
            str_add_char(out, c == '/' ? '|' : c);
    }
    str_done(&clean);
}

static void add_ports_of(const struct scan_head *head, enum scan_proto proto, struct str *out)
{
    for (size_t i = 0; i < head->info_count; i++) {
        const struct scan_info *info = &head->info[i];
        if (info->proto != proto)
            continue;
        str_addf(out, "%zu;", port_set_count(info->ports));
        port_set_format(info->ports, out);
        return;
    }
    str_add(out, "0;");
}

static void begin(void *state, const struct scan_head *head, struct str *out)
{
    static const char *const word[SCAN_PROTO_COUNT] = {"TCP", "UDP", "SCTP", "PROTOCOLS"};
    (void)state;
    str_addf(out, "# picket %s scan initiated ", head->version);
    scan_words_date(out, head->start_wall_ns);
    str_add(out, " as: ");
    scan_words_clean(out, head->args);
    str_add_char(out, '\n');
    if (head->verbosity == 0 && head->debugging == 0)
        return;
    str_add(out, "# Ports scanned:");
    for (enum scan_proto p = SCAN_TCP; p < SCAN_PROTO_COUNT; p++) {
        str_addf(out, " %s(", word[p]);
        add_ports_of(head, p, out);
        str_add_char(out, ')');
    }
    str_add_char(out, '\n');
}

/* "Host: ADDR (NAME)\t", the name from DNS only, as nmap has it. */
static void add_host(const struct scan_host *h, struct str *out)
{
    char addr[ADDR_TEXT_MAX];
    const char *name = scan_words_host_name(h, false);
    str_addf(out, "Host: %s (", addr_format(&h->addr, addr));
    add_part(out, name ? name : "");
    str_add(out, ")\t");
}

static void add_status(const struct scan_host *h, const char *status, struct str *out)
{
    add_host(h, out);
    str_addf(out, "Status: %s\n", status);
}

static void add_service(const struct scan_head *head, const struct scan_port *p, struct str *out)
{
    struct str text = str_of(0);
    if (p->service.name || p->service.ssl)
        scan_words_service(&text, head, p);
    add_part(out, str_text(&text));
    str_add_char(out, '/');
    if (p->service.rpc) {
        str_add_char(out, '(');
        add_part(out, p->service.name ? p->service.name : "");
        str_addf(out, ":%" PRIu32 "*%" PRIu32 "-%" PRIu32 ")", p->service.rpc_number,
                 p->service.rpc_low, p->service.rpc_high);
    }
    str_add_char(out, '/');
    str_reset(&text);
    scan_words_version(&text, &p->service);
    add_part(out, str_text(&text));
    str_add_char(out, '/');
    str_done(&text);
}

/* port/state/protocol/owner/service/rpc/version/ */
static void add_port(const struct scan_head *head, const struct scan_port *p, struct str *out)
{
    str_addf(out, "%u/%s/%s/", p->number, scan_state_name(p->state), scan_proto_name(p->proto));
    add_part(out, p->owner ? p->owner : "");
    str_add_char(out, '/');
    add_service(head, p, out);
}

/* number/state/name/; here nmap leaves the name as it is, which may be "a/n" */
static void add_protocol(const struct scan_port *p, struct str *out)
{
    str_addf(out, "%u/%s/", p->number, scan_state_name(p->state));
    scan_words_clean(out, p->service.name ? p->service.name : "");
    str_add_char(out, '/');
}

static void add_ports(const struct scan_head *head, const struct scan_host *h, struct str *out)
{
    bool protocols = h->port_count > 0 && h->port[0].proto == SCAN_IP;
    str_add(out, protocols ? "Protocols: " : "Ports: ");
    for (size_t i = 0; i < h->port_count; i++) {
        str_add(out, i ? ", " : "");
        if (h->port[i].proto == SCAN_IP)
            add_protocol(&h->port[i], out);
        else
            add_port(head, &h->port[i], out);
    }
    if (h->extra_count == 1)
        str_addf(out, "\tIgnored State: %s (%zu)", scan_state_name(h->extra[0].state),
                 h->extra[0].count);
}

static void add_system(const struct scan_host *h, struct str *out)
{
    const char *before = "\tOS: ";
    for (size_t i = 0; h->os && i < h->os->match_count; i++) {
        if (h->os->match[i].accuracy < 100)
            break;
        str_add(out, before);
        add_part(out, h->os->match[i].name);
        before = "|";
    }
    if (h->tcp_sequence_index)
        str_addf(out, "\tSeq Index: %s", h->tcp_sequence_index);
    if (h->ip_id_class)
        str_addf(out, "\tIP ID Seq: %s", h->ip_id_class);
}

static const char *status_word(const struct scan_host *h)
{
    static const char *const word[SCAN_HOST_STATE_COUNT] = {
        [SCAN_HOST_UNKNOWN] = "Unknown",
        [SCAN_HOST_UP] = "Up",
        [SCAN_HOST_DOWN] = "Down",
        [SCAN_HOST_SKIPPED] = "Skipped",
    };
    return h->listed_only ? "Unknown" : word[h->state];
}

static void host(void *state, const struct scan_head *head, const struct scan_host *h,
                 struct str *out)
{
    (void)state;
    if (h->smurf_responses) {
        add_host(h, out);
        str_addf(out, "Status: Smurf (%zu responses)\n", h->smurf_responses);
    }
    add_status(h, status_word(h), out);
    if (h->timed_out) {
        add_status(h, "Timeout", out);
        return;
    }
    if (scan_words_port_count(h) == 0)
        return;
    add_host(h, out);
    add_ports(head, h, out);
    add_system(h, out);
    str_add_char(out, '\n');
}

static void end(void *state, const struct scan_head *head, const struct scan_tail *tail,
                struct str *out)
{
    (void)state;
    (void)head;
    if (tail->error) {
        str_add(out, "# Stopped: ");
        scan_words_clean(out, tail->error);
        str_add_char(out, '\n');
    }
    str_add(out, "# picket done at ");
    scan_words_date(out, tail->end_wall_ns);
    str_add(out, " -- ");
    scan_words_totals(out, tail);
    str_add_char(out, '\n');
}

const struct scan_outlet_format scan_outlet_grepable = {
    .name = "grepable",
    .option = "oG",
    .suffix = ".gnmap",
    .doc = "one line a host, for grep",
    .begin = begin,
    .host = host,
    .end = end,
};
