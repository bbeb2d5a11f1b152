/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a scan learnt about a host, as facts on the bus. */
#pragma once

#include <stdint.h>

#include "hub/bus/bus.h"
#include "hub/model/scan_report.h"

/* Publish that the host is up or down, its names and MAC, and each listed port that is not closed,
 * with the service it is known for. */
void facts_publish(struct bus_port *port, const struct scan_host *host, uint64_t seen_wall_ns);
