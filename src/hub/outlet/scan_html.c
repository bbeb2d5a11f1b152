/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page grows host by host: what the records leave open (main, body, html) the tail closes. */
#include "hub/outlet/scan_html.h"

#include <assert.h>

#include "core/text/html.h"
#include "hub/outlet/page.h"
#include "hub/outlet/scan_html_host.h"
#include "hub/outlet/scan_words.h"

struct page_state {
    size_t hosts; /* written so far */
};

static_assert(sizeof(struct page_state) <= SCAN_OUTLET_STATE, "state of a format");

static void add_info(struct html_out *h, const struct scan_info *info)
{
    struct str ports = str_of(0);
    size_t count = port_set_count(info->ports);
    port_set_format(info->ports, &ports);
    html_open(h, "details");
    html_open(h, "summary");
    html_textf(h, "%s scan of %zu %s %s%s", info->type, count, scan_proto_name(info->proto),
               info->proto == SCAN_IP ? "protocol" : "port", count == 1 ? "" : "s");
    html_close(h);
    html_element(h, "pre", str_text(&ports));
    html_close(h);
    str_done(&ports);
}

static void begin(void *state, const struct scan_head *head, struct str *out)
{
    (void)state;
    struct html_out h = html_out_of(out);
    page_begin(&h, "Scan report");
    html_open(&h, "header");
    html_open(&h, "p");
    html_attr(&h, "class", "kicker");
    html_text(&h, head->program);
    html_close(&h);
    html_element(&h, "h1", "Scan report");
    html_open(&h, "p");
    html_attr(&h, "class", "facts");
    page_moment(&h, head->start_wall_ns);
    html_textf(&h, " \xc2\xb7 picket %s \xc2\xb7 ", head->version);
    html_open(&h, "a");
    html_attr(&h, "href", "#totals");
    html_text(&h, "totals");
    html_close(&h);
    html_close(&h);
    page_command(&h, head->args);
    for (size_t i = 0; i < head->info_count; i++)
        add_info(&h, &head->info[i]);
    html_close(&h);
    html_raw(&h, "\n<nav aria-label=\"Hosts\"></nav>\n<main>\n");
}

static void host(void *state, const struct scan_head *head, const struct scan_host *host_seen,
                 struct str *out)
{
    (void)head;
    struct page_state *s = state;
    struct html_out h = html_out_of(out);
    scan_html_host_add(&h, host_seen, ++s->hosts);
}

static void target(void *state, const struct scan_head *head, const char *bad_target,
                   struct str *out)
{
    (void)state;
    (void)head;
    struct html_out h = html_out_of(out);
    html_open(&h, "section");
    html_attr(&h, "class", "sheet");
    html_open(&h, "p");
    html_text(&h, "Not scanned, no such host: ");
    html_outside(&h, bad_target);
    html_close(&h);
    html_close(&h);
    html_raw(&h, "\n");
}

static void scripts(void *state, const struct scan_head *head, const struct scan_run_scripts *s,
                    struct str *out)
{
    (void)state;
    (void)head;
    struct html_out h = html_out_of(out);
    html_open(&h, "section");
    html_attr(&h, "class", "sheet");
    html_element(&h, "h2", s->post ? "Scripts after the scan" : "Scripts before the scan");
    scan_html_host_add_scripts(&h, s->script, s->script_count);
    html_close(&h);
    html_raw(&h, "\n");
}

static void end(void *state, const struct scan_head *head, const struct scan_tail *tail,
                struct str *out)
{
    (void)state;
    (void)head;
    struct str totals = str_of(0);
    scan_words_totals(&totals, tail);
    struct html_out h = html_out_of(out);
    html_raw(&h, "</main>\n");
    html_open(&h, "footer");
    html_attr(&h, "id", "totals");
    if (tail->error) {
        html_open(&h, "p");
        html_text(&h, "Stopped: ");
        html_outside(&h, tail->error);
        html_close(&h);
    }
    html_open(&h, "p");
    html_text(&h, str_text(&totals));
    html_text(&h, ". Ended ");
    page_moment(&h, tail->end_wall_ns);
    html_text(&h, ".");
    html_close(&h);
    html_close(&h);
    html_raw(&h, "\n");
    page_end(&h);
    str_done(&totals);
}

const struct scan_outlet_format scan_outlet_scan_html = {
    .name = "html",
    .option = "oH",
    .doc = "one self-contained HTML page",
    .begin = begin,
    .host = host,
    .target = target,
    .scripts = scripts,
    .end = end,
};
