/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A host of a scan as a JSON object: -oJ and the report of audit share it. */
#pragma once

#include "core/text/json.h"
#include "hub/model/scan_report.h"

void scan_json_host_add(struct json_out *j, const char *key, const struct scan_host *h);
void scan_json_host_add_scripts(struct json_out *j, const char *key,
                                const struct scan_script *script,
                                size_t count); /* nothing for none */

/* "KEY": "2026-11-24T17:00:00.123456Z" */
void scan_json_host_add_moment(struct json_out *j, const char *key, uint64_t wall_ns);
