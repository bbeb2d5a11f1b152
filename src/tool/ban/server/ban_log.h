/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The server's own log, in the form that fail2ban's filter "recidive" and other readers know:
 *     2026-01-15 12:00:00,123 fail2ban.actions        [4711]: NOTICE  [sshd] Ban 192.0.2.9
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/attr.h"
#include "core/base/err.h"

enum ban_log_level { /* Python's numbers */
                     BAN_LOG_HEAVYDEBUG = 5,
                     BAN_LOG_TRACEDEBUG = 7,
                     BAN_LOG_DEBUG = 10,
                     BAN_LOG_INFO = 20,
                     BAN_LOG_NOTICE = 25,
                     BAN_LOG_WARNING = 30,
                     BAN_LOG_ERROR = 40,
                     BAN_LOG_CRITICAL = 50,
};

struct ban_log {
    char *target; /* a file's path, STDOUT, STDERR, SYSLOG or INHERITED */
    char *syslog_socket;
    int level, fd; /* fd -1: none */
    bool is_syslog;
};

void ban_log_init(struct ban_log *l); /* to STDERR, level INFO */
void ban_log_done(struct ban_log *l);

/* 0, or a negative errno value: the file cannot be opened, and the target stays. */
int ban_log_set_target(struct ban_log *l, const char *target, struct err *e) MUST_CHECK;
int ban_log_set_level(struct ban_log *l, const char *level, struct err *e) MUST_CHECK;
const char *ban_log_level_name(int level);

/* Open the file anew, after somebody has renamed it. */
const char *ban_log_flush(struct ban_log *l); /* "rolled over" or "flushed" */

/* `part` is "actions", "filter", "server"...; control bytes in the words become \xNN. */
void ban_log(struct ban_log *l, int level, const char *part, const char *format, ...)
    PRINTF_LIKE(4, 5);
