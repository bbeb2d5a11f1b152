/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order of the parts is nmap's. */
#include "hub/outlet/nmap_text_host.h"

#include <inttypes.h>
#include <string.h>

#include "core/base/clock.h"
#include "hub/outlet/columns.h"
#include "hub/outlet/nmap_text_os.h"
#include "hub/outlet/scan_words.h"

enum { FINGERPRINT_LINE = 74 };

enum port_column { AT, STATE, SERVICE, REASON, VERSION, PORT_COLUMNS };

/* The port table of one host; a cell lives until the next one of its column is made. */
struct port_table {
    const struct scan_head *head;
    struct columns columns;
    struct str cell[PORT_COLUMNS];
    const char *text[PORT_COLUMNS];
    enum port_column shown[PORT_COLUMNS];
    size_t count;
};

static void add_head_line(const struct scan_head *head, const struct scan_host *h, struct str *out)
{
    str_add(out, "Nmap scan report for ");
    scan_words_host(out, h);
    if (h->state == SCAN_HOST_DOWN) {
        str_add(out, " [host down");
        if (head->show_reasons)
            str_addf(out, ", received %s", scan_reason_name(h->because.reason, 1));
        str_add_char(out, ']');
    }
    str_add_char(out, '\n');
}

static void add_up_line(const struct scan_head *head, const struct scan_host *h, struct str *out)
{
    str_add(out, "Host is up");
    if (head->show_reasons) {
        str_add(out, ", received ");
        scan_words_because(out, &h->because);
    }
    if (h->has_times) {
        str_add(out, " (");
        scan_words_latency(out, h->srtt_us);
        str_add(out, "s latency)");
    }
    str_add(out, ".\n");
}

static void add_other_names(const struct scan_host *h, struct str *out)
{
    char addr[ADDR_TEXT_MAX];
    const char *typed = scan_words_host_name(h, true), *found = scan_words_host_name(h, false);
    if (typed && h->other_count > 0) {
        str_add(out, "Other addresses for ");
        scan_words_clean(out, typed);
        str_add(out, " (not scanned):");
        for (size_t i = 0; i < h->other_count; i++)
            str_addf(out, " %s", addr_format(&h->other_addr[i], addr));
        str_add_char(out, '\n');
    }
    if (typed && found && strcmp(typed, found) != 0) {
        str_addf(out, "rDNS record for %s: ", addr_format(&h->addr, addr));
        scan_words_clean(out, found);
        str_add_char(out, '\n');
    }
}

static void add_status(const struct scan_head *head, const struct scan_host *h, struct str *out)
{
    add_head_line(head, h, out);
    if (h->listed_only) {
        add_other_names(h, out);
        return;
    }
    if (h->state != SCAN_HOST_UP)
        return;
    add_up_line(head, h, out);
    add_other_names(h, out);
    if (h->smurf_responses)
        str_addf(out,
                 "Host seems to be a subnet broadcast address (returned %zu extra pings). Note -- "
                 "the actual IP also responded.\n",
                 h->smurf_responses);
}

/* nmap says this under -vv and -d. */
static void add_moment(const struct scan_head *head, const struct scan_host *h, struct str *out)
{
    if ((head->verbosity < 2 && head->debugging == 0) || !h->start_wall_ns)
        return;
    struct civil c = clock_civil(h->start_wall_ns);
    uint64_t end_s = h->end_wall_ns / NS_PER_S, start_s = h->start_wall_ns / NS_PER_S;
    str_addf(out, "Scanned at %d-%02u-%02u %02u:%02u:%02u UTC for %" PRIu64 "s\n", c.year, c.month,
             c.day, c.hour, c.minute, c.second, end_s > start_s ? end_s - start_s : 0);
}

/* "Not shown: 101 filtered tcp ports (no-response), 103 closed tcp ports (reset)" */
static void add_not_shown(const struct scan_host *h, struct str *out)
{
    const char *before = "Not shown: ";
    for (size_t i = 0; i < h->extra_count; i++) {
        const struct scan_extra *extra = &h->extra[i];
        const char *plural = extra->count == 1 ? "" : "s"; /* of the state, not of the reason */
        for (size_t k = 0; k < extra->reason_count; k++) {
            const struct scan_extra_reason *r = &extra->reason[k];
            bool is_ip = r->proto == SCAN_IP;
            str_addf(out, "%s%zu %s %s %s%s (%s)", before, r->count, scan_state_name(extra->state),
                     is_ip ? "n/a" : scan_proto_name(r->proto), is_ip ? "protocol" : "port", plural,
                     scan_reason_name(r->reason, 1));
            before = ", ";
        }
    }
    if (h->extra_count > 0)
        str_add_char(out, '\n');
}

static void port_cell(const struct port_table *t, enum port_column column,
                      const struct scan_port *p, struct str *out)
{
    switch (column) {
    case AT:
        str_addf(out, p->proto == SCAN_IP ? "%u" : "%u/%s", p->number, scan_proto_name(p->proto));
        break;
    case STATE:
        str_add(out, scan_state_name(p->state));
        break;
    case SERVICE:
        scan_words_service(out, t->head, p);
        break;
    case REASON:
        scan_words_because(out, &p->because);
        break;
    case VERSION:
        scan_words_version(out, &p->service);
        break;
    case PORT_COLUMNS:
        break;
    }
}

static void fill_row(struct port_table *t, const struct scan_port *p)
{
    for (size_t i = 0; i < t->count; i++) {
        str_reset(&t->cell[i]);
        port_cell(t, t->shown[i], p, &t->cell[i]);
        t->text[i] = str_text(&t->cell[i]);
    }
}

static void port_table_begin(struct port_table *t, const struct scan_head *head,
                             const struct scan_host *h, struct str *out)
{
    static const char *const title[PORT_COLUMNS] = {"PORT", "STATE", "SERVICE", "REASON",
                                                    "VERSION"};
    for (enum port_column c = AT; c < PORT_COLUMNS; c++) {
        if ((c == REASON && !head->show_reasons) || (c == VERSION && !head->version_scan))
            continue;
        t->text[t->count] = c == AT && h->port[0].proto == SCAN_IP ? "PROTOCOL" : title[c];
        columns_measure(&t->columns, t->count, t->text[t->count]);
        t->shown[t->count++] = c;
    }
    const char *titles[PORT_COLUMNS];
    memcpy(titles, t->text, sizeof titles);
    for (size_t i = 0; i < h->port_count; i++) {
        fill_row(t, &h->port[i]);
        for (size_t k = 0; k < t->count; k++)
            columns_measure(&t->columns, k, t->text[k]);
    }
    columns_put(&t->columns, titles, t->count, out);
}

static void add_port_table(const struct scan_head *head, const struct scan_host *h, struct str *out)
{
    struct port_table t = {.head = head};
    port_table_begin(&t, head, h, out);
    for (size_t i = 0; i < h->port_count; i++) {
        fill_row(&t, &h->port[i]);
        columns_put(&t.columns, t.text, t.count, out);
        for (size_t k = 0; k < h->port[i].script_count; k++)
            nmap_text_host_add_script(&h->port[i].script[k], out);
    }
    for (size_t i = 0; i < PORT_COLUMNS; i++)
        str_done(&t.cell[i]);
}

/* The report holds it in one line; nmap's text breaks it, so that it can be mailed. */
static void add_fingerprint(const char *fingerprint, struct str *out)
{
    struct str text = str_of(0);
    scan_words_clean(&text, fingerprint);
    for (size_t at = 0; at < text.len;) {
        size_t room = FINGERPRINT_LINE - (at ? strlen("SF:") : 0);
        size_t len = text.len - at < room ? text.len - at : room;
        str_add(out, at ? "SF:" : "");
        str_add_len(out, text.text + at, len);
        str_add_char(out, '\n');
        at += len;
    }
    str_done(&text);
}

static void add_fingerprints(const struct scan_host *h, struct str *out)
{
    size_t count = 0;
    for (size_t i = 0; i < h->port_count; i++)
        count += h->port[i].service.fingerprint != NULL;
    if (count == 0)
        return;
    str_addf(out, "%zu service%s unrecognized despite returning data. Fingerprint%s:\n", count,
             count == 1 ? "" : "s", count == 1 ? "" : "s");
    for (size_t i = 0; i < h->port_count; i++) {
        const char *fingerprint = h->port[i].service.fingerprint;
        if (!fingerprint)
            continue;
        if (count > 1)
            str_add(out, "==============NEXT SERVICE FINGERPRINT==============\n");
        add_fingerprint(fingerprint, out);
    }
}

static void add_ports(const struct scan_head *head, const struct scan_host *h, struct str *out)
{
    if (scan_words_port_count(h) == 0)
        return;
    if (h->port_count == 0) {
        str_addf(out, "All %zu scanned ports on ", scan_words_port_count(h));
        scan_words_host(out, h);
        str_add(out, " are in ignored states.\n");
    }
    add_not_shown(h, out);
    if (h->port_count == 0)
        return;
    if (h->extra_count == 0)
        str_add_char(out, '\n');
    add_port_table(head, h, out);
    add_fingerprints(h, out);
}

static void add_mac(const struct scan_host *h, struct str *out)
{
    if (!h->has_mac)
        return;
    char mac[MAC_TEXT_MAX];
    str_addf(out, "MAC Address: %s (", mac_format(&h->mac, mac));
    scan_words_clean(out, h->vendor ? h->vendor : "Unknown");
    str_add(out, ")\n");
}

void nmap_text_host_add_script(const struct scan_script *script, struct str *out)
{
    const char *text = script->output ? script->output : "";
    size_t len = strlen(text);
    while (len > 0 && text[len - 1] == '\n')
        len--;
    struct str line = str_of(0);
    str_addf(&line, "%s: ", script->id);
    for (size_t at = 0;;) {
        const char *newline = memchr(text + at, '\n', len - at);
        size_t end = newline ? (size_t)(newline - text) : len;
        str_add_len(&line, text + at, end - at);
        str_add(out, newline ? "| " : "|_");
        scan_words_clean(out, str_text(&line));
        str_add_char(out, '\n');
        if (!newline)
            break;
        str_reset(&line);
        at = end + 1;
    }
    str_done(&line);
}

static void add_host_scripts(const struct scan_host *h, struct str *out)
{
    if (h->script_count == 0)
        return;
    str_add(out, "\nHost script results:\n");
    for (size_t i = 0; i < h->script_count; i++)
        nmap_text_host_add_script(&h->script[i], out);
}

void nmap_text_host_add(const struct scan_head *head, const struct scan_host *h, struct str *out)
{
    add_status(head, h, out);
    if (h->timed_out) {
        str_add(out, "Skipping host ");
        scan_words_host(out, h);
        str_add(out, " due to host timeout\n");
        return;
    }
    if (h->state != SCAN_HOST_UP)
        return;
    if (h->ports_scanned)
        add_moment(head, h, out);
    add_ports(head, h, out);
    add_mac(h, out);
    nmap_text_os_add_system(head, h, out);
    nmap_text_os_add_services(h, out);
    add_host_scripts(h, out);
    nmap_text_os_add_trace(h, out);
    if (h->ports_scanned || h->script_count > 0 || h->trace)
        str_add_char(out, '\n');
}
