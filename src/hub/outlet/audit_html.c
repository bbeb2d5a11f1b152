/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page reads from the answer to the grounds: one sentence, the numbers, what to close with the
 * command that closes it, what to put right, what was seen from outside, what was not looked at. */
#include "hub/outlet/audit_html.h"

#include <stdio.h>
#include <string.h>

#include "hub/outlet/audit_html_exposure.h"
#include "hub/outlet/audit_html_finding.h"
#include "hub/outlet/audit_words.h"
#include "hub/outlet/page.h"
#include "hub/outlet/scan_html_host.h"

static const char *const part_column[] = {"Part", "State", "Time"};

static void add_tile(struct html_out *h, const char *tone, size_t count, const char *words)
{
    char class[32];
    snprintf(class, sizeof class, "tile %s", tone);
    html_open(h, "li");
    html_attr(h, "class", class);
    html_open(h, "b");
    html_textf(h, "%zu", count);
    html_close(h);
    html_textf(h, " %s", words);
    html_close(h);
}

static void add_reach_tiles(struct html_out *h, const struct audit_host *host)
{
    size_t count[REACH_COUNT];
    audit_report_count_reach(host, count);
    html_open(h, "ul");
    html_attr(h, "class", "tiles");
    for (int r = REACH_COUNT - 1; r >= 0; r--)
        if (count[r] > 0 || r == REACH_ANYONE)
            add_tile(h, audit_html_exposure_tone((enum reach)r), count[r],
                     audit_words_reach((enum reach)r)->count);
    html_close(h);
}

static void add_finding_tiles(struct html_out *h, const struct audit_host *host)
{
    size_t count[SEVERITY_COUNT];
    audit_report_count_severity(host, count);
    html_open(h, "ul");
    html_attr(h, "class", "tiles");
    for (int s = SEVERITY_COUNT - 1; s >= 0; s--) {
        if (count[s] == 0)
            continue;
        char words[48];
        snprintf(words, sizeof words, "%s finding%s", severity_name((enum severity)s),
                 count[s] == 1 ? "" : "s");
        add_tile(h, audit_html_finding_tone((enum severity)s), count[s], words);
    }
    html_close(h);
}

static void add_summary(struct html_out *h, const struct audit_host *host)
{
    struct str verdict = str_of(0);
    audit_words_verdict(&verdict, host);
    html_open(h, "section");
    html_attr(h, "class", "sheet");
    html_attr(h, "aria-label", "Summary");
    html_open(h, "p");
    html_attr(h, "class", "verdict");
    html_text(h, str_text(&verdict));
    html_close(h);
    if (host->is_local)
        add_reach_tiles(h, host);
    if (host->finding_count > 0)
        add_finding_tiles(h, host);
    html_close(h);
    html_raw(h, "\n");
    str_done(&verdict);
}

static const char *part_tone(enum audit_part_state state)
{
    static const char *const tone[AUDIT_PART_STATE_COUNT] = {"green", "amber", "red"};
    return state < AUDIT_PART_STATE_COUNT ? tone[state] : "grey";
}

static void add_part(struct html_out *h, const struct audit_part *part)
{
    char class[32];
    snprintf(class, sizeof class, "badge %s", part_tone(part->state));
    page_row_begin(h);
    page_row_head_open(h, part_column[0]);
    html_text(h, part->name);
    html_open(h, "span");
    html_attr(h, "class", "small");
    html_text(h, part->doc);
    html_close(h);
    html_close(h);
    page_cell_open(h, part_column[1]);
    html_open(h, "span");
    html_attr(h, "class", class);
    html_text(h, audit_part_state_name(part->state));
    html_close(h);
    if (part->reason) {
        html_open(h, "span");
        html_attr(h, "class", "small");
        html_outside(h, part->reason);
        html_close(h);
    }
    html_close(h);
    page_cell_open(h, part_column[2]);
    if (part->state == AUDIT_PART_DONE)
        html_textf(h, "%.1f s", part->elapsed_s);
    html_close(h);
    page_row_end(h);
}

static void add_parts(struct html_out *h, const struct audit_host *host)
{
    html_open(h, "section");
    html_attr(h, "class", "sheet");
    html_element(h, "h2", "What was looked at");
    page_table_begin(h, NULL, "Parts of the audit", part_column, ARRAY_COUNT(part_column));
    for (size_t i = 0; i < host->part_count; i++)
        add_part(h, &host->part[i]);
    page_table_end(h);
    html_close(h);
    html_raw(h, "\n");
}

static void add_scan(struct html_out *h, const struct audit_host *host)
{
    html_open(h, "section");
    html_attr(h, "class", "sheet");
    html_element(h, "h2", "What a scan saw");
    if (host->scan->state == SCAN_HOST_UP)
        scan_html_host_add_results(h, host->scan);
    else
        html_textf(h, "The host was %s.", scan_host_state_name(host->scan->state));
    html_close(h);
    html_raw(h, "\n");
}

static void add_host_title(struct html_out *h, const struct audit_host *host, const char *tag,
                           const char *id)
{
    struct str name = str_of(0);
    audit_words_host(&name, host);
    html_open(h, tag);
    if (id)
        html_attr(h, "id", id);
    html_outside(h, str_text(&name));
    html_close(h);
    if (host->system) {
        html_open(h, "p");
        html_attr(h, "class", "facts");
        html_outside(h, host->system);
        html_close(h);
    }
    str_done(&name);
}

static void add_host(struct html_out *h, const struct audit_host *host)
{
    add_summary(h, host);
    if (host->is_local)
        audit_html_exposure_add(h, host);
    if (host->finding_count > 0)
        audit_html_finding_add(h, host);
    if (host->scan)
        add_scan(h, host);
    add_parts(h, host);
}

static void add_header(struct html_out *h, const struct audit_report *r)
{
    html_open(h, "header");
    html_open(h, "p");
    html_attr(h, "class", "kicker");
    html_text(h, r->program);
    html_close(h);
    if (r->host_count == 1) {
        add_host_title(h, &r->host[0], "h1", NULL);
    } else {
        html_open(h, "h1");
        html_textf(h, "%zu hosts", r->host_count);
        html_close(h);
    }
    html_open(h, "p");
    html_attr(h, "class", "facts");
    html_text(h, "Looked at on ");
    page_moment(h, r->start_wall_ns);
    html_close(h);
    html_close(h);
    html_raw(h, "\n<nav aria-label=\"Hosts\"></nav>\n");
}

static void add_footer(struct html_out *h, const struct audit_report *r)
{
    html_open(h, "footer");
    html_open(h, "p");
    html_textf(h, "Made by picket %s in %.1f s. The same again:", r->version,
               (double)(r->end_wall_ns - r->start_wall_ns) / 1e9);
    html_close(h);
    page_command(h, r->args);
    html_close(h);
    html_raw(h, "\n");
}

void audit_html_write(const struct audit_report *r, struct str *out)
{
    struct html_out h = html_out_of(out);
    struct str title = str_of(0);
    str_add(&title, "Audit");
    if (r->host_count == 1) {
        str_add(&title, " of ");
        audit_words_host(&title, &r->host[0]);
    }
    page_begin(&h, str_text(&title));
    add_header(&h, r);
    html_raw(&h, "<main>\n");
    for (size_t i = 0; i < r->host_count; i++) {
        char id[32];
        snprintf(id, sizeof id, "host-%zu", i + 1);
        if (r->host_count > 1)
            add_host_title(&h, &r->host[i], "h2", id);
        add_host(&h, &r->host[i]);
    }
    html_raw(&h, "</main>\n");
    add_footer(&h, r);
    page_end(&h);
    str_done(&title);
}
