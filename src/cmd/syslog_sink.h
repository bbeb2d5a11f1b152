/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What long-running commands tell their administrator, to syslog(3). */
#pragma once

#include <stdbool.h>

/* From now on log_at goes there, as `ident` of facility daemon, and to standard error, too, where
 * `also_stderr`. */
void syslog_sink_open(const char *ident, bool also_stderr);
