/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What version detection found, as a report tells it. */
#pragma once

#include "hub/model/scan_report.h"
#include "tool/scan/group.h"

/* A port that might have been open is, once something answered there. */
void service_report_state(const struct group_host *host, enum scan_proto proto, uint16_t port,
                          struct probe_result *result);

/* Fill port->service from what was found, else from the table. */
void service_report_fill(const struct group_host *host, struct scan_port *port,
                         const struct service_table *table, struct arena *arena);
