/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/outlet/scan_html_host.h"

#include <stdio.h>
#include <string.h>

#include "hub/outlet/page.h"
#include "hub/outlet/scan_words.h"

static const char *const port_column[] = {"Port", "State", "Service", "Version", "Reason"};
static const char *const hop_column[] = {"Hop", "Round trip", "Address"};
static const char *const system_column[] = {"System", "Accuracy", "Class"};

static void add_badge(struct html_out *h, const char *tone, const char *text)
{
    char class[32];
    snprintf(class, sizeof class, "badge %s", tone);
    html_open(h, "span");
    html_attr(h, "class", class);
    html_text(h, text);
    html_close(h);
}

static const char *tone_of(enum scan_state state)
{
    switch (state) {
    case SCAN_OPEN:
        return "green";
    case SCAN_CLOSED:
        return "grey";
    default:
        return "amber";
    }
}

static void add_small(struct html_out *h, const char *text)
{
    html_open(h, "span");
    html_attr(h, "class", "small");
    html_outside(h, text);
    html_close(h);
}

void scan_html_host_add_scripts(struct html_out *h, const struct scan_script *script, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        html_open(h, "details");
        html_open(h, "summary");
        html_outside(h, script[i].id);
        html_close(h);
        html_open(h, "pre");
        html_outside(h, script[i].output ? script[i].output : "");
        html_close(h);
        html_close(h);
    }
}

static void add_service_cell(struct html_out *h, const struct scan_port *p)
{
    const struct scan_service *s = &p->service;
    page_cell_open(h, port_column[2]);
    if (s->ssl)
        html_text(h, "ssl/");
    html_outside(h, s->name ? s->name : "unknown");
    if (!s->probed && s->name)
        add_small(h, "by its number");
    if (p->owner) {
        html_text(h, " ");
        add_small(h, p->owner);
    }
    html_close(h);
}

static void add_version_cell(struct html_out *h, const struct scan_port *p)
{
    struct str version = str_of(0);
    scan_words_version(&version, &p->service);
    page_cell_open(h, port_column[3]);
    if (version.len > 0)
        html_outside(h, str_text(&version));
    for (size_t i = 0; i < p->service.cpe_count; i++)
        add_small(h, p->service.cpe[i]);
    scan_html_host_add_scripts(h, p->script, p->script_count);
    html_close(h);
    str_done(&version);
}

static void add_reason_cell(struct html_out *h, const struct scan_port *p)
{
    struct str because = str_of(0);
    scan_words_because(&because, &p->because);
    page_cell_open(h, port_column[4]);
    html_text(h, str_text(&because));
    html_close(h);
    str_done(&because);
}

static void add_port(struct html_out *h, const struct scan_port *p)
{
    page_row_begin(h);
    page_row_head_open(h, port_column[0]);
    html_textf(h, "%u/%s", p->number, scan_proto_name(p->proto));
    html_close(h);
    page_cell_open(h, port_column[1]);
    add_badge(h, tone_of(p->state), scan_state_name(p->state));
    html_close(h);
    add_service_cell(h, p);
    add_version_cell(h, p);
    add_reason_cell(h, p);
    page_row_end(h);
}

static void add_ports(struct html_out *h, const struct scan_host *host)
{
    if (host->port_count > 0) {
        page_table_begin(h, NULL, "Ports", port_column, ARRAY_COUNT(port_column));
        for (size_t i = 0; i < host->port_count; i++)
            add_port(h, &host->port[i]);
        page_table_end(h);
    }
    for (size_t i = 0; i < host->extra_count; i++) {
        const struct scan_extra *extra = &host->extra[i];
        html_open(h, "p");
        html_attr(h, "class", "note");
        html_textf(h, "Not shown: %zu %s", extra->count, scan_state_name(extra->state));
        for (size_t k = 0; k < extra->reason_count; k++)
            html_textf(h, "%s%zu %s %s", k ? ", " : " (", extra->reason[k].count,
                       scan_proto_name(extra->reason[k].proto),
                       scan_reason_name(extra->reason[k].reason, extra->reason[k].count));
        html_text(h, extra->reason_count ? ")." : ".");
        html_close(h);
    }
}

static void add_class(struct html_out *h, const struct scan_os_class *c)
{
    const char *word[] = {c->vendor, c->family, c->generation, c->type};
    struct str text = str_of(0);
    bool twice = c->vendor && c->family && strcmp(c->vendor, c->family) == 0; /* "Linux Linux" */
    for (size_t i = twice ? 1 : 0; i < ARRAY_COUNT(word); i++)
        if (word[i])
            str_addf(&text, "%s%s", text.len ? " " : "", word[i]);
    add_small(h, str_text(&text));
    str_done(&text);
}

static void add_system(struct html_out *h, const struct scan_os *os)
{
    html_element(h, "h3", "Operating system");
    if (os->match_count == 0) {
        html_element(h, "p", "No match.");
        return;
    }
    page_table_begin(h, NULL, "Operating system", system_column, ARRAY_COUNT(system_column));
    for (size_t i = 0; i < os->match_count; i++) {
        const struct scan_os_match *m = &os->match[i];
        page_row_begin(h);
        page_row_head_open(h, system_column[0]);
        html_outside(h, m->name);
        html_close(h);
        page_cell_open(h, system_column[1]);
        html_textf(h, "%u %%", m->accuracy);
        html_close(h);
        page_cell_open(h, system_column[2]);
        for (size_t k = 0; k < m->class_count; k++)
            add_class(h, &m->class[k]);
        html_close(h);
        page_row_end(h);
    }
    page_table_end(h);
}

static void add_hop(struct html_out *h, const struct scan_hop *hop)
{
    char addr[ADDR_TEXT_MAX];
    bool silent = hop->addr.family == ADDR_NONE;
    page_row_begin(h);
    page_row_head_open(h, hop_column[0]);
    html_textf(h, "%u", hop->ttl);
    html_close(h);
    page_cell_open(h, hop_column[1]);
    if (!silent && hop->rtt_ms >= 0)
        html_textf(h, "%.2f ms", hop->rtt_ms);
    html_close(h);
    page_cell_open(h, hop_column[2]);
    html_text(h, silent ? "no answer" : addr_format(&hop->addr, addr));
    if (hop->host)
        add_small(h, hop->host);
    html_close(h);
    page_row_end(h);
}

static void add_trace(struct html_out *h, const struct scan_trace *t)
{
    html_element(h, "h3", "The way there");
    page_table_begin(h, NULL, "The way there", hop_column, ARRAY_COUNT(hop_column));
    for (size_t i = 0; i < t->hop_count; i++)
        add_hop(h, &t->hop[i]);
    page_table_end(h);
}

void scan_html_host_add_results(struct html_out *h, const struct scan_host *host)
{
    add_ports(h, host);
    if (host->os)
        add_system(h, host->os);
    if (host->script_count > 0) {
        html_element(h, "h3", "Scripts");
        scan_html_host_add_scripts(h, host->script, host->script_count);
    }
    if (host->trace)
        add_trace(h, host->trace);
}

/* What follows the first fact of a line is set off by a dot. */
static void add_fact(struct html_out *h, const char *label, const char *value)
{
    html_text(h, " \xc2\xb7 ");
    html_text(h, label);
    html_outside(h, value);
}

static void add_latency(struct html_out *h, const struct scan_host *host)
{
    char text[32];
    snprintf(text, sizeof text, "%.3g ms", (double)host->srtt_us / 1e3);
    add_fact(h, "latency ", text);
}

static void add_other_names(struct html_out *h, const struct scan_host *host)
{
    char addr[ADDR_TEXT_MAX];
    const char *typed = scan_words_host_name(host, true);
    const char *found = scan_words_host_name(host, false);
    if (typed && found && strcmp(typed, found) != 0)
        add_fact(h, "known to DNS as ", found);
    for (size_t i = 0; i < host->other_count; i++)
        add_fact(h, i ? "" : "not scanned: ", addr_format(&host->other_addr[i], addr));
}

static void add_facts(struct html_out *h, const struct scan_host *host)
{
    html_open(h, "p");
    html_attr(h, "class", "facts");
    html_text(h, host->listed_only ? "listed" : scan_host_state_name(host->state));
    if (!host->listed_only) {
        struct str because = str_of(0);
        scan_words_because(&because, &host->because);
        add_fact(h, "", str_text(&because));
        str_done(&because);
    }
    if (host->has_times)
        add_latency(h, host);
    if (host->has_mac) {
        char mac[MAC_TEXT_MAX];
        add_fact(h, "MAC ", mac_format(&host->mac, mac));
        add_fact(h, "", host->vendor ? host->vendor : "unknown vendor");
    }
    if (host->distance) {
        char hops[24];
        snprintf(hops, sizeof hops, "%u hop%s away", host->distance,
                 host->distance == 1 ? "" : "s");
        add_fact(h, "", hops);
    }
    add_other_names(h, host);
    if (host->comment)
        add_fact(h, "", host->comment);
    html_close(h);
}

void scan_html_host_add(struct html_out *h, const struct scan_host *host, size_t number)
{
    char id[32];
    struct str name = str_of(0);
    snprintf(id, sizeof id, "host-%zu", number);
    scan_words_host(&name, host);
    html_open(h, "section");
    html_attr(h, "class", "sheet");
    html_attr(h, "aria-labelledby", id);
    html_open(h, "h2");
    html_attr(h, "id", id);
    html_outside(h, str_text(&name));
    html_close(h);
    add_facts(h, host);
    if (host->timed_out)
        html_element(h, "p", "Given up: the time for one host was over.");
    else
        scan_html_host_add_results(h, host);
    html_close(h);
    html_raw(h, "\n");
    str_done(&name);
}
