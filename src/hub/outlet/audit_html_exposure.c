/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/outlet/audit_html_exposure.h"

#include <stdio.h>
#include <string.h>

#include "hub/outlet/audit_words.h"
#include "hub/outlet/page.h"

enum { PORT, SERVICE, PROCESS, WHY, CLOSE, COLUMNS };

static const char *const column[COLUMNS] = {
    [PORT] = "Port",       [SERVICE] = "Service",
    [PROCESS] = "Program", [WHY] = "Who reaches it, and why",
    [CLOSE] = "Close it",
};

const char *audit_html_exposure_tone(enum reach reach)
{
    static const char *const tone[REACH_COUNT] = {
        [REACH_LOOPBACK] = "grey", [REACH_FIREWALLED] = "green", [REACH_NEIGHBOURS] = "amber",
        [REACH_UNKNOWN] = "amber", [REACH_ANYONE] = "red",
    };
    return reach < REACH_COUNT ? tone[reach] : "amber";
}

static void add_small(struct html_out *h, const char *label, const char *text)
{
    if (!text)
        return;
    html_open(h, "span");
    html_attr(h, "class", "small");
    html_text(h, label);
    html_outside(h, text);
    html_close(h);
}

static void add_port_cell(struct html_out *h, const struct audit_host *host, size_t i)
{
    struct str text = str_of(0);
    audit_words_port(&text, &host->exposure[i]);
    page_row_head_open(h, column[PORT]);
    html_text(h, str_text(&text));
    str_reset(&text);
    audit_words_where(&text, host, i);
    add_small(h, "", str_text(&text));
    html_close(h);
    str_done(&text);
}

static void add_process_cell(struct html_out *h, const struct exposure *x)
{
    struct str text = str_of(0);
    audit_words_process(&text, x);
    page_cell_open(h, column[PROCESS]);
    html_outside(h, str_text(&text));
    str_reset(&text);
    if (x->pid)
        str_addf(&text, "%d", (int)x->pid);
    add_small(h, "process ", text.len ? str_text(&text) : NULL);
    add_small(h, "user ", x->user);
    str_reset(&text);
    if (x->package)
        str_addf(&text, "%s %s", x->package, x->package_version ? x->package_version : "");
    add_small(h, "package ", text.len ? str_text(&text) : NULL);
    add_small(h, "unit ", x->unit);
    if (!x->package)
        add_small(h, "", x->path);
    html_close(h);
    str_done(&text);
}

static void add_why_cell(struct html_out *h, const struct exposure *x)
{
    char class[32];
    snprintf(class, sizeof class, "badge %s", audit_html_exposure_tone(x->reach));
    page_cell_open(h, column[WHY]);
    html_open(h, "span");
    html_attr(h, "class", class);
    html_text(h, audit_words_reach(x->reach)->count);
    html_close(h);
    add_small(h, "", x->reach_why);
    html_close(h);
}

/* The commands of all sockets of the service, each once. */
static void add_close_cell(struct html_out *h, const struct audit_host *host, size_t i)
{
    const char *before = NULL;
    page_cell_open(h, column[CLOSE]);
    for (size_t k = i; k < host->exposure_count; k++) {
        const struct exposure *x = &host->exposure[k];
        bool told = before && x->cure && strcmp(before, x->cure) == 0;
        if (!audit_report_same_service(&host->exposure[i], x) || !x->cure || told)
            continue;
        page_command(h, x->cure);
        before = x->cure;
    }
    html_close(h);
}

static void add_row(struct html_out *h, const struct audit_host *host, size_t i, bool with_cure)
{
    const struct exposure *x = &host->exposure[i];
    page_row_begin(h);
    add_port_cell(h, host, i);
    page_cell_open(h, column[SERVICE]);
    html_outside(h, x->service ? x->service : "unknown");
    html_close(h);
    add_process_cell(h, x);
    add_why_cell(h, x);
    if (with_cure)
        add_close_cell(h, host, i);
    page_row_end(h);
}

static bool has_cure(const struct audit_host *host, enum reach reach)
{
    for (size_t i = 0; i < host->exposure_count; i++)
        if (host->exposure[i].reach == reach && host->exposure[i].cure)
            return true;
    return false;
}

static void add_group(struct html_out *h, const struct audit_host *host, enum reach reach,
                      size_t count)
{
    const struct audit_reach_words *words = audit_words_reach(reach);
    bool with_cure = has_cure(host, reach);
    char class[32];
    snprintf(class, sizeof class, "badge %s", audit_html_exposure_tone(reach));
    html_open(h, "div");
    html_attr(h, "class", "group");
    html_open(h, "h3");
    html_text(h, words->title);
    html_text(h, " ");
    html_open(h, "span");
    html_attr(h, "class", class);
    html_textf(h, "%zu", count);
    html_close(h);
    html_close(h);
    html_open(h, "p");
    html_attr(h, "class", "note");
    html_text(h, words->doc);
    html_close(h);
    page_table_begin(h, with_cure ? "sockets curable" : "sockets", words->title, column,
                     with_cure ? COLUMNS : CLOSE);
    for (size_t i = 0; i < host->exposure_count; i++)
        if (host->exposure[i].reach == reach && audit_report_is_first(host, i))
            add_row(h, host, i, with_cure);
    page_table_end(h);
    html_close(h);
}

void audit_html_exposure_add(struct html_out *h, const struct audit_host *host)
{
    size_t count[REACH_COUNT];
    audit_report_count_reach(host, count);
    html_open(h, "section");
    html_attr(h, "class", "sheet");
    html_element(h, "h2", "What waits for others");
    if (host->exposure_count == 0)
        html_element(h, "p", "No program on this machine waits for connections.");
    for (int r = REACH_COUNT - 1; r >= 0; r--)
        if (count[r] > 0)
            add_group(h, host, (enum reach)r, count[r]);
    html_close(h);
    html_raw(h, "\n");
}
