/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The port lists of -p and --exclude-ports (nmap(1), PORT SPECIFICATION): numbers, ranges open at
 * either end, names with wildcards, [ranges] of known ports, and T: U: S: P: for one protocol. */
#pragma once

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/net/port_set.h"
#include "hub/model/scan_report.h"
#include "tool/scan/data/service_table.h"

struct scan_ports {
    struct port_set of[SCAN_PROTO_COUNT]; /* of[SCAN_IP] holds protocol numbers */
};

enum { SCAN_TOP_DEFAULT = 1000, SCAN_TOP_FAST = 100 };

/* Add `text` to *out.  `protos` has a bit (1 << enum scan_proto) for each protocol being scanned:
 * what stands before the first "T:" counts for all of them.  0, or -EINVAL naming the element. */
int port_spec_parse(const char *text, unsigned protos, const struct service_table *services,
                    struct scan_ports *out, struct err *e) MUST_CHECK;
