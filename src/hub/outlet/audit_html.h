/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report of an audit as one HTML page; see page.h for what it promises. */
#pragma once

#include "core/base/str.h"
#include "hub/model/audit_report.h"

/* Append the whole page. */
void audit_html_write(const struct audit_report *r, struct str *out);
