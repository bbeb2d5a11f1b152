/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/syslog_sink.h"

#include <stddef.h>
#include <syslog.h>

#include "core/base/log.h"

static void to_syslog(void *ctx, enum log_level level, const char *line)
{
    static const int priority[] = {[LOG_LEVEL_ERROR] = LOG_ERR,
                                   [LOG_LEVEL_WARN] = LOG_WARNING,
                                   [LOG_LEVEL_INFO] = LOG_NOTICE,
                                   [LOG_LEVEL_DEBUG] = LOG_DEBUG};
    (void)ctx;
    syslog(priority[level], "%s", line);
}

void syslog_sink_open(const char *ident, bool also_stderr)
{
    openlog(ident, LOG_PID | LOG_NDELAY | (also_stderr ? LOG_PERROR : 0), LOG_DAEMON);
    log_open(to_syslog, NULL, LOG_LEVEL_INFO);
}
