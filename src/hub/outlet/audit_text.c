/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/outlet/audit_text.h"

#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "hub/outlet/audit_words.h"
#include "hub/outlet/columns.h"
#include "hub/outlet/scan_words.h"

/* Select Graphic Rendition (ECMA-48 8.3.117). */
static const char bold[] = "1", red[] = "1;31", yellow[] = "33", green[] = "32", plain[] = "0";

enum { INDENT = 4, LABEL_WIDTH = 7 };

/* What the functions below hand down. */
struct view {
    struct audit_text_style style;
    struct str *out;
};

static void paint(const struct view *v, const char *colour)
{
    if (v->style.colour)
        str_addf(v->out, "\x1b[%sm", colour);
}

static void add_indent(const struct view *v, size_t count)
{
    while (count-- > 0)
        str_add_char(v->out, ' ');
}

/* Words of `text`, filled up to the width; lines after the first begin with `indent` blanks.  The
 * cursor stands at column `at`.  A line break of the text is kept. */
static void add_filled(const struct view *v, const char *text, size_t at, size_t indent)
{
    bool line_empty = true;
    for (const char *word = text; *word;) {
        size_t len = strcspn(word, " \n");
        struct str clean = str_of(0), raw = str_of(0);
        str_add_len(&raw, word, len);
        scan_words_clean(&clean, str_text(&raw));
        size_t width = columns_width(str_text(&clean));
        if (!line_empty && at + 1 + width > v->style.width) {
            str_add_char(v->out, '\n');
            add_indent(v, indent);
            at = indent;
        } else if (!line_empty) {
            str_add_char(v->out, ' ');
            at++;
        }
        str_add(v->out, str_text(&clean));
        at += width;
        line_empty = false;
        str_done(&clean);
        str_done(&raw);
        word += len;
        if (*word == '\n' && word[1]) {
            str_add_char(v->out, '\n');
            add_indent(v, indent);
            at = indent;
            line_empty = true;
        }
        word += *word != '\0';
    }
    str_add_char(v->out, '\n');
}

/* "    why    no rule drops it"; nothing for NULL. */
static void add_labelled(const struct view *v, const char *label, const char *text)
{
    if (!text || !*text)
        return;
    add_indent(v, INDENT);
    str_addf(v->out, "%-*s", LABEL_WIDTH, label);
    add_filled(v, text, INDENT + LABEL_WIDTH, INDENT + LABEL_WIDTH);
}

static void add_command(const struct view *v, const char *label, const char *command)
{
    add_indent(v, INDENT);
    str_addf(v->out, "%-*s", LABEL_WIDTH, label);
    paint(v, bold);
    scan_words_clean(v->out, command);
    paint(v, plain);
    str_add_char(v->out, '\n');
}

static const char *reach_colour(enum reach reach)
{
    static const char *const colour[REACH_COUNT] = {
        [REACH_LOOPBACK] = plain, [REACH_FIREWALLED] = green, [REACH_NEIGHBOURS] = yellow,
        [REACH_UNKNOWN] = yellow, [REACH_ANYONE] = red,
    };
    return reach < REACH_COUNT ? colour[reach] : plain;
}

static const char *severity_colour(enum severity severity)
{
    if (severity >= SEVERITY_HIGH)
        return red;
    return severity == SEVERITY_MEDIUM ? yellow : plain;
}

static void add_heading(const struct view *v, const char *colour, const char *text)
{
    str_add_char(v->out, '\n');
    paint(v, colour);
    str_add(v->out, text);
    paint(v, plain);
    str_add_char(v->out, '\n');
}

/* The row of one service in the table of its group. */
enum { PORT, SERVICE, PROGRAM, USER, CELLS };

static const char *const service_title[CELLS] = {"PORT", "SERVICE", "PROGRAM", "USER"};

struct service_row {
    struct str text[CELLS];
    const char *cell[CELLS];
};

static void fill_service_row(struct service_row *row, const struct exposure *x)
{
    for (size_t i = 0; i < CELLS; i++)
        str_reset(&row->text[i]);
    audit_words_port(&row->text[PORT], x);
    scan_words_clean(&row->text[SERVICE], x->service ? x->service : "unknown");
    audit_words_process(&row->text[PROGRAM], x);
    scan_words_clean(&row->text[USER], x->user ? x->user : "");
    for (size_t i = 0; i < CELLS; i++)
        row->cell[i] = str_text(&row->text[i]);
}

static void service_row_done(struct service_row *row)
{
    for (size_t i = 0; i < CELLS; i++)
        str_done(&row->text[i]);
}

/* All groups share the widths, so that the eye can run down the page. */
static struct columns measure_services(const struct audit_host *host)
{
    struct columns columns = {0};
    struct service_row row = {0};
    for (size_t i = 0; i < CELLS; i++)
        columns_measure(&columns, i, service_title[i]);
    for (size_t i = 0; i < host->exposure_count; i++) {
        fill_service_row(&row, &host->exposure[i]);
        for (size_t k = 0; k < CELLS; k++)
            columns_measure(&columns, k, row.cell[k]);
    }
    service_row_done(&row);
    return columns;
}

/* "openssh-server 1:9.2p1-2, ssh.service"; the path of a program that is of no package. */
static void add_origin(const struct view *v, const struct exposure *x)
{
    struct str text = str_of(0);
    if (x->package)
        str_addf(&text, "%s %s", x->package, x->package_version ? x->package_version : "");
    else if (x->path)
        str_addf(&text, "%s, of no package", x->path);
    if (x->unit)
        str_addf(&text, "%s%s", text.len ? ", " : "", x->unit);
    add_labelled(v, "from", str_text(&text));
    str_done(&text);
}

static void add_cures(const struct view *v, const struct audit_host *host, size_t i)
{
    const char *before = NULL;
    for (size_t k = i; k < host->exposure_count; k++) {
        const struct exposure *x = &host->exposure[k];
        bool told = before && x->cure && strcmp(before, x->cure) == 0;
        if (!audit_report_same_service(&host->exposure[i], x) || !x->cure || told)
            continue;
        add_command(v, "close", x->cure);
        before = x->cure;
    }
}

static void add_service(const struct view *v, const struct audit_host *host, size_t i,
                        const struct columns *columns)
{
    const struct exposure *x = &host->exposure[i];
    struct service_row row = {0};
    struct str where = str_of(0);
    fill_service_row(&row, x);
    columns_put(columns, row.cell, CELLS, v->out);
    audit_words_where(&where, host, i);
    add_labelled(v, "at", str_text(&where));
    add_origin(v, x);
    if (x->reach != REACH_LOOPBACK)
        add_labelled(v, "why", x->reach_why);
    add_cures(v, host, i);
    service_row_done(&row);
    str_done(&where);
}

static void add_services(const struct view *v, const struct audit_host *host)
{
    size_t count[REACH_COUNT];
    struct columns columns = measure_services(host);
    audit_report_count_reach(host, count);
    if (host->exposure_count > 0) {
        str_add_char(v->out, '\n');
        columns_put(&columns, service_title, CELLS, v->out);
    }
    for (int r = REACH_COUNT - 1; r >= 0; r--) {
        if (count[r] == 0)
            continue;
        struct str title = str_of(0);
        str_addf(&title, "%s (%zu)", audit_words_reach((enum reach)r)->title, count[r]);
        add_heading(v, reach_colour((enum reach)r), str_text(&title));
        str_done(&title);
        for (size_t i = 0; i < host->exposure_count; i++)
            if ((int)host->exposure[i].reach == r && audit_report_is_first(host, i))
                add_service(v, host, i, &columns);
    }
}

static void add_finding(const struct view *v, const struct finding *f)
{
    paint(v, severity_colour(f->severity));
    str_addf(v->out, "%-*s", (int)sizeof "Critical", audit_words_severity(f->severity));
    paint(v, plain);
    if (f->ip_proto)
        str_addf(v->out, "%u/%s ", f->port, f->ip_proto == 17 ? "udp" : "tcp");
    add_filled(v, f->name, sizeof "Critical", INDENT);
    add_labelled(v, "seen", f->evidence);
    if (f->cure)
        add_command(v, "cure", f->cure);
    add_labelled(v, "see", f->refs);
}

static void add_findings(const struct view *v, const struct audit_host *host)
{
    if (host->finding_count == 0)
        return;
    add_heading(v, bold, "What should be put right");
    for (int s = SEVERITY_COUNT - 1; s >= 0; s--)
        for (size_t i = 0; i < host->finding_count; i++)
            if ((int)host->finding[i].severity == s)
                add_finding(v, &host->finding[i]);
}

static void add_scan(const struct view *v, const struct audit_host *host)
{
    if (!host->scan)
        return;
    add_heading(v, bold, "What a scan saw");
    size_t shown = 0;
    for (size_t i = 0; i < host->scan->port_count; i++) {
        const struct scan_port *p = &host->scan->port[i];
        if (!scan_words_is_open(p->state))
            continue;
        struct str line = str_of(0);
        str_addf(&line, "%u/%s %s ", p->number, scan_proto_name(p->proto),
                 scan_state_name(p->state));
        scan_words_clean(&line, p->service.name ? p->service.name : "unknown");
        str_add_char(&line, ' ');
        scan_words_version(&line, &p->service);
        add_filled(v, str_text(&line), 0, INDENT);
        str_done(&line);
        shown++;
    }
    if (shown == 0)
        str_add(v->out, "No open port.\n");
}

/* Parts that were done need no word here; the others do: the report is not complete. */
static void add_parts(const struct view *v, const struct audit_host *host)
{
    bool first = true;
    for (size_t i = 0; i < host->part_count; i++) {
        const struct audit_part *part = &host->part[i];
        if (part->state == AUDIT_PART_DONE)
            continue;
        if (first)
            add_heading(v, yellow, "What was not looked at");
        first = false;
        struct str line = str_of(0);
        str_addf(&line, "%s: %s", part->name, audit_part_state_name(part->state));
        if (part->reason)
            str_addf(&line, ", %s", part->reason);
        add_filled(v, str_text(&line), 0, INDENT);
        str_done(&line);
    }
}

static void add_title(const struct view *v, const struct audit_report *r,
                      const struct audit_host *host)
{
    struct str name = str_of(0);
    struct civil c = clock_civil(r->start_wall_ns);
    audit_words_host(&name, host);
    paint(v, bold);
    str_addf(v->out, "Audit of %s", str_text(&name));
    paint(v, plain);
    str_addf(v->out, ", %d-%02u-%02u %02u:%02u UTC\n", c.year, c.month, c.day, c.hour, c.minute);
    if (host->system)
        add_filled(v, host->system, 0, 0);
    str_done(&name);
}

static void add_summary(const struct view *v, const struct audit_host *host)
{
    struct str line = str_of(0);
    audit_words_verdict(&line, host);
    str_add_char(v->out, '\n');
    paint(v, bold);
    add_filled(v, str_text(&line), 0, 0);
    paint(v, plain);
    if (host->is_local) {
        str_reset(&line);
        audit_words_reach_counts(&line, host);
        str_add(&line, "; ");
        audit_words_finding_counts(&line, host);
        str_add_char(&line, '.');
        add_filled(v, str_text(&line), 0, 0);
    }
    str_done(&line);
}

void audit_text_write(const struct audit_report *r, const struct audit_text_style *style,
                      struct str *out)
{
    struct view v = {.style = *style, .out = out};
    if (v.style.width == 0)
        v.style.width = AUDIT_TEXT_WIDTH;
    if (v.style.width < AUDIT_TEXT_WIDTH_MIN)
        v.style.width = AUDIT_TEXT_WIDTH_MIN;
    for (size_t i = 0; i < r->host_count; i++) {
        const struct audit_host *host = &r->host[i];
        str_add(out, i ? "\n" : "");
        add_title(&v, r, host);
        add_summary(&v, host);
        if (host->is_local)
            add_services(&v, host);
        add_findings(&v, host);
        add_scan(&v, host);
        add_parts(&v, host);
    }
}
