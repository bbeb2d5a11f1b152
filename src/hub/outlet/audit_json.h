/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report of an audit as one JSON object:
 *
 * {"program", "version", "args", "start", "end", "elapsed_s",
 *  "hosts": [{"name", "address", "local", "system",
 *             "parts": [{"name", "doc", "state", "reason", "elapsed_s"}],
 *             "reach": {REACH: services within it}, "severity": {SEVERITY: findings},
 *             "exposures": [EXPOSURE], "findings": [FINDING], "scan": HOST of scan_json.h}]}
 *
 * Members are named as in hub/model; what is not known has no member.  Each socket is an exposure
 * of its own; "reach" counts services, for which two sockets may stand. */
#pragma once

#include "core/base/str.h"
#include "hub/model/audit_report.h"

/* Append the object and a newline. */
void audit_json_write(const struct audit_report *r, struct str *out);
