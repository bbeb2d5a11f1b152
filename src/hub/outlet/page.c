/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/outlet/page.h"

#include <stdio.h>

#include "core/base/clock.h"
#include "hub/outlet/page_asset.h"

static void add_meta(struct html_out *h, const char *key, const char *name, const char *content)
{
    html_void(h, "meta");
    html_attr(h, key, name);
    html_attr(h, "content", content);
}

static void add_policy(struct html_out *h)
{
    struct str policy = str_of(0);
    str_addf(&policy,
             "default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; "
             "form-action 'none'",
             page_style_digest, page_script_digest);
    add_meta(h, "http-equiv", "Content-Security-Policy", str_text(&policy));
    str_done(&policy);
}

void page_begin(struct html_out *h, const char *title)
{
    html_raw(h, "<!DOCTYPE html>\n<html lang=\"en\">\n");
    html_open(h, "head");
    html_void(h, "meta");
    html_attr(h, "charset", "utf-8");
    add_policy(h);
    add_meta(h, "name", "viewport", "width=device-width, initial-scale=1");
    add_meta(h, "name", "referrer", "no-referrer");
    html_element(h, "title", title);
    html_open(h, "style");
    html_raw(h, page_style);
    html_close(h);
    html_close(h);
    html_raw(h, "\n<body>\n");
}

void page_end(struct html_out *h)
{
    html_open(h, "script");
    html_raw(h, page_script);
    html_close(h);
    html_raw(h, "\n</body>\n</html>\n");
}

void page_table_begin(struct html_out *h, const char *class, const char *label,
                      const char *const *column, size_t count)
{
    html_open(h, "table");
    if (class)
        html_attr(h, "class", class);
    html_attr(h, "role", "table");
    html_attr(h, "aria-label", label);
    html_open(h, "thead");
    html_attr(h, "role", "rowgroup");
    html_open(h, "tr");
    html_attr(h, "role", "row");
    for (size_t i = 0; i < count; i++) {
        html_open(h, "th");
        html_attr(h, "role", "columnheader");
        html_attr(h, "scope", "col");
        html_text(h, column[i]);
        html_close(h);
    }
    html_close(h);
    html_close(h);
    html_open(h, "tbody");
    html_attr(h, "role", "rowgroup");
    html_raw(h, "\n");
}

void page_table_end(struct html_out *h)
{
    html_close(h);
    html_close(h);
    html_raw(h, "\n");
}

void page_row_begin(struct html_out *h)
{
    html_open(h, "tr");
    html_attr(h, "role", "row");
}

void page_row_end(struct html_out *h)
{
    html_close(h);
    html_raw(h, "\n");
}

void page_cell_open(struct html_out *h, const char *column)
{
    html_open(h, "td");
    html_attr(h, "role", "cell");
    html_attr(h, "data-title", column);
}

void page_row_head_open(struct html_out *h, const char *column)
{
    html_open(h, "th");
    html_attr(h, "role", "rowheader");
    html_attr(h, "scope", "row");
    html_attr(h, "data-title", column);
}

void page_command(struct html_out *h, const char *command)
{
    html_open(h, "div");
    html_attr(h, "class", "command");
    html_open(h, "code");
    html_outside(h, command); /* it may hold the name of a file or a package */
    html_close(h);
    html_close(h);
}

void page_moment(struct html_out *h, uint64_t wall_ns)
{
    static const char *const month[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
    char machine[32];
    struct civil c = clock_civil(wall_ns);
    snprintf(machine, sizeof machine, "%04d-%02u-%02uT%02u:%02u:%02uZ", c.year, c.month, c.day,
             c.hour, c.minute, c.second);
    html_open(h, "time");
    html_attr(h, "datetime", machine);
    html_textf(h, "%u %s %d, %02u:%02u UTC", c.day, month[c.month - 1], c.year, c.hour, c.minute);
    html_close(h);
}
