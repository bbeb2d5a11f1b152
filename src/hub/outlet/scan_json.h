/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -oJ: one JSON object in one line for each run; a file that was appended to holds one line a run.
 *
 * {"program", "version", "args", "start", "start_time",
 *  "scans": [{"type", "protocol", "flags", "count", "ports"}],
 *  "prescripts": [SCRIPT],                       where there are any
 *  "hosts": [HOST | {"state": "skipped", "target", "reason": "invalid"}],
 *  "postscripts": [SCRIPT],
 *  "end", "end_time", "elapsed_s", "hosts_up", "hosts_down", "hosts_total", "exit", "error"}
 *
 * Moments are RFC 3339 (UTC) in "start" and seconds since 1970 in "start_time".  What was not found
 * has no member.  Names and values are those of nmap's XML where it has them. */
#pragma once

#include "hub/outlet/scan_outlet.h"

extern const struct scan_outlet_format scan_outlet_scan_json;
