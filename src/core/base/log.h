/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a long-running part tells its administrator.  Nothing below cmd/ writes to a stream: it
 * calls log_at, and the command decides at start where that goes (stderr, syslog, the journal). */
#pragma once

#include "core/base/attr.h"

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

typedef void log_sink_fn(void *ctx, enum log_level level, const char *line);

/* Lines up to `level` go to `sink`, one call a line, without a newline; control bytes from outside
 * have become \xNN.  Without a sink (the state at start) they go nowhere.  Call before threads. */
void log_open(log_sink_fn *sink, void *ctx, enum log_level level);

void log_at(enum log_level level, const char *format, ...) PRINTF_LIKE(2, 3);
