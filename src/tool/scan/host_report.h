/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From results to a report: which ports are listed one by one, which are only counted, and why. */
#pragma once

#include "tool/scan/group.h"

/* Fill *out for the host; what it points to lives in `arena`.  Returns false when --open hides it.
 */
bool host_report_make(const struct group *g, const struct group_host *host,
                      const struct scan_options *options, struct arena *arena,
                      struct scan_host *out);
