/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sockets of this machine in the page of an audit: a table for each reach, widest first. */
#pragma once

#include "core/text/html.h"
#include "hub/model/audit_report.h"

void audit_html_exposure_add(struct html_out *h, const struct audit_host *host);
const char *audit_html_exposure_tone(enum reach reach); /* a class of the style sheet */
