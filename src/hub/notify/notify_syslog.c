/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alerts to the system log, in the form that syslogd and journald read from /dev/log. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/str.h"
#include "hub/notify/notify_channel.h"
#include "sys/io/sock.h"

enum { FACILITY_AUTH = 4 << 3, NOTICE = 5, WARNING = 4, CRITICAL = 2, LINE_MAX_BYTES = 1024 };

static int level_of(const char *severity)
{
    if (!severity)
        return NOTICE;
    return strcmp(severity, "critical") == 0 ? CRITICAL
           : strcmp(severity, "high") == 0   ? WARNING
                                             : NOTICE;
}

static int send_line(const struct notify_batch *b, struct err *e)
{
    const struct notify_alert *a = &b->alert[0];
    struct str line = str_of(LINE_MAX_BYTES), words = str_of(LINE_MAX_BYTES / 2);
    int fd, rc = sock_unix_connect_as(SOCK_DGRAM, *b->to ? b->to : "/dev/log", &fd, e);
    if (rc < 0)
        return rc;
    for (const char *p = a->title ? a->title : ""; *p; p++)
        str_add_char(&words, (unsigned char)*p < ' ' || *p == 127 ? ' ' : *p);
    str_addf(&line, "<%d>picket: %s%s%s %s", FACILITY_AUTH | level_of(a->severity), a->id,
             a->severity ? " " : "", a->severity ? a->severity : "", str_text(&words));
    if (send(fd, line.text, line.len, MSG_NOSIGNAL) < 0)
        rc = err_set(e, -errno, "syslog: %s", strerror(errno));
    close(fd);
    str_done(&line);
    str_done(&words);
    return rc;
}

const struct notify_channel notify_syslog = {.name = "syslog", .send = send_line};
