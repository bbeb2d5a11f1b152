/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/server/ban_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/str.h"
#include "sys/io/file.h"

enum { LINE_MAX_BYTES = 8192 };

static const struct {
    int level;
    const char *name;
    int syslog;
} levels[] = {
    {BAN_LOG_HEAVYDEBUG, "HEAVYDEBUG", LOG_DEBUG},
    {BAN_LOG_TRACEDEBUG, "TRACEDEBUG", LOG_DEBUG},
    {BAN_LOG_DEBUG, "DEBUG", LOG_DEBUG},
    {BAN_LOG_INFO, "INFO", LOG_INFO},
    {BAN_LOG_NOTICE, "NOTICE", LOG_NOTICE},
    {BAN_LOG_WARNING, "WARNING", LOG_WARNING},
    {BAN_LOG_ERROR, "ERROR", LOG_ERR},
    {BAN_LOG_CRITICAL, "CRITICAL", LOG_CRIT},
};

void ban_log_init(struct ban_log *l)
{
    *l = (struct ban_log){.target = mem_copy_text("STDERR"),
                          .syslog_socket = mem_copy_text("auto"),
                          .level = BAN_LOG_INFO,
                          .fd = 2};
}

static void close_target(struct ban_log *l)
{
    if (l->fd > 2)
        close(l->fd);
    if (l->is_syslog)
        closelog();
    l->fd = -1;
    l->is_syslog = false;
}

void ban_log_done(struct ban_log *l)
{
    close_target(l);
    mem_free(l->target);
    mem_free(l->syslog_socket);
}

static bool is_file(const char *target)
{
    return strcasecmp(target, "STDOUT") && strcasecmp(target, "SYSOUT") &&
           strcasecmp(target, "STDERR") && strcasecmp(target, "SYSLOG") &&
           strcasecmp(target, "INHERITED");
}

int ban_log_set_target(struct ban_log *l, const char *target, struct err *e)
{
    /* "FILE[padding=off]": options of the form are not needed to find the file */
    char *name = mem_copy_text(target);
    name[strcspn(name, "[")] = '\0';
    int fd = -1;
    if (is_file(name)) {
        fd = open(name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0640);
        if (fd < 0) {
            int rc = err_set(e, -errno, "log target %s: %s", name, strerror(errno));
            mem_free(name);
            return rc;
        }
    }
    if (strcasecmp(name, "INHERITED") == 0) {
        mem_free(name);
        return 0;
    }
    close_target(l);
    l->fd = fd;
    if (strcasecmp(name, "STDERR") == 0)
        l->fd = 2;
    else if (strcasecmp(name, "STDOUT") == 0 || strcasecmp(name, "SYSOUT") == 0)
        l->fd = 1;
    else if (strcasecmp(name, "SYSLOG") == 0) {
        openlog("fail2ban", LOG_PID, LOG_DAEMON);
        l->is_syslog = true;
    }
    mem_free(l->target);
    l->target = name;
    return 0;
}

int ban_log_set_level(struct ban_log *l, const char *level, struct err *e)
{
    char *end;
    long number = strtol(level, &end, 10);
    if (*level && !*end) {
        l->level = (int)number;
        return 0;
    }
    for (size_t i = 0; i < ARRAY_COUNT(levels); i++)
        if (strcasecmp(levels[i].name, level) == 0) {
            l->level = levels[i].level;
            return 0;
        }
    if (strcasecmp(level, "MSG") == 0)
        l->level = BAN_LOG_NOTICE;
    else
        return err_set(e, -EINVAL, "Invalid log level '%.40s'", level);
    return 0;
}

const char *ban_log_level_name(int level)
{
    for (size_t i = 0; i < ARRAY_COUNT(levels); i++)
        if (levels[i].level == level)
            return levels[i].name;
    return "NOTSET";
}

const char *ban_log_flush(struct ban_log *l)
{
    struct err ignored = {0};
    if (!is_file(l->target))
        return "flushed";
    char *target = mem_copy_text(l->target);
    int rc = ban_log_set_target(l, target, &ignored);
    mem_free(target);
    return rc == 0 ? "rolled over" : "flushed";
}

/* What a log line brought along may not make a line of its own here. */
static void add_escaped(struct str *to, const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            str_addf(to, "\\x%02x", (unsigned char)*text);
        else
            str_add_char(to, *text);
}

static void add_head(struct str *to, int level, const char *part)
{
    struct tm tm;
    uint64_t now_ns = clock_wall_ns(&clock_system);
    time_t now = (time_t)(now_ns / NS_PER_S);
    char stamp[32] = "", name[40] = "fail2ban.";
    if (localtime_r(&now, &tm))
        strftime(stamp, sizeof stamp, "%Y-%m-%d %H:%M:%S", &tm);
    strncat(name, part, 20);
    str_addf(to, "%s,%03u %-24s[%d]: %-7s ", stamp, (unsigned)(now_ns / NS_PER_MS % 1000), name,
             (int)getpid(), ban_log_level_name(level));
}

void ban_log(struct ban_log *l, int level, const char *part, const char *format, ...)
{
    if (level < l->level || (l->fd < 0 && !l->is_syslog))
        return;
    struct str words = str_of(LINE_MAX_BYTES), line = str_of(3 * LINE_MAX_BYTES);
    va_list args;
    va_start(args, format);
    str_addv(&words, format, args);
    va_end(args);
    if (!l->is_syslog)
        add_head(&line, level, part);
    add_escaped(&line, str_text(&words));
    int priority = LOG_INFO;
    for (size_t i = 0; i < ARRAY_COUNT(levels); i++)
        priority = levels[i].level <= level ? levels[i].syslog : priority;
    if (l->is_syslog) {
        syslog(priority, "%s: %s %s", part, ban_log_level_name(level), str_text(&line));
    } else {
        str_add_char(&line, '\n');
        (void)!file_write_all(l->fd, str_text(&line), line.len);
    }
    str_done(&words);
    str_done(&line);
}
