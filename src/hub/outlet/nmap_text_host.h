/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the normal output says of one host, and of scripts. */
#pragma once

#include "core/base/str.h"
#include "hub/model/scan_report.h"

void nmap_text_host_add(const struct scan_head *head, const struct scan_host *h, struct str *out);

/* What a script said, as nmap draws it: "| id: ..." and "|_" at the last line. */
void nmap_text_host_add_script(const struct scan_script *script, struct str *out);
