/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The findings of a host in the page of an audit, worst first. */
#pragma once

#include "core/text/html.h"
#include "hub/model/audit_report.h"

void audit_html_finding_add(struct html_out *h, const struct audit_host *host);
const char *audit_html_finding_tone(enum severity severity); /* a class of the style sheet */
