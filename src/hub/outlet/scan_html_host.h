/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One host of a scan as a part of an HTML page: -oH and the report of audit share it. */
#pragma once

#include "core/text/html.h"
#include "hub/model/scan_report.h"

/* A section of its own; `number` makes its address in the page. */
void scan_html_host_add(struct html_out *h, const struct scan_host *host, size_t number);

/* Its ports, what was not shown, system, scripts and trace, without the heading. */
void scan_html_host_add_results(struct html_out *h, const struct scan_host *host);

void scan_html_host_add_scripts(struct html_out *h, const struct scan_script *script, size_t count);
