/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the normal output says of a host as a whole: its system, its services together, the way
 * there. */
#pragma once

#include "core/base/str.h"
#include "hub/model/scan_report.h"

/* "OS details: ...", "Network Distance: ...": what was asked for and found; else nothing. */
void nmap_text_os_add_system(const struct scan_head *head, const struct scan_host *h,
                             struct str *out);
void nmap_text_os_add_services(const struct scan_host *h,
                               struct str *out); /* "Service Info: ..." */
void nmap_text_os_add_trace(const struct scan_host *h, struct str *out);
