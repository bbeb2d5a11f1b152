/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole configuration folder of fail2ban, turned into the commands that set up a server. */
#pragma once

#include "tool/ban/conf/conf_jail.h"

#define BAN_CONF_FOLDER "/etc/fail2ban"

/* What the server itself needs, from fail2ban.conf; what is not NULL at the start stays (it came
 * from the command line). */
struct ban_conf_server {
    const char *socket, *pidfile, *loglevel, *logtarget, *syslogsocket;
};

struct ban_conf {
    struct arena arena;
    struct conf_store store;
    struct ban_conf_server server;
    struct ban_list commands;
    size_t bad_jails, good_jails;
};

/* *c is empty but for `server`.  -ENOENT: no fail2ban.conf in the folder. */
int ban_conf_read_server(struct ban_conf *c, const char *folder, struct err *e) MUST_CHECK;

/* After that: everything, or one jail (`jail` not NULL), into c->commands.  A jail with a fault is
 * counted and yields a "config-error" command. */
int ban_conf_read(struct ban_conf *c, const char *jail, bool allow_no_files,
                  struct err *e) MUST_CHECK;
void ban_conf_done(struct ban_conf *c);
