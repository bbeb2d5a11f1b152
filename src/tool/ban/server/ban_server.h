/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The server: jails, their logs and actions, the database, and the socket on which clients ask. */
#pragma once

#include "hub/respond/respond.h"
#include "tool/ban/conf/ban_value.h"

struct ban_server;

struct ban_server_options {
    const char *socket, *pidfile; /* pidfile NULL: none */
    bool background;              /* the caller has detached; told by `status` only */
    respond_connect_fn *connect;  /* the way to the keeper, for the action "picket"; may be NULL */
    void *connect_ctx;
};

/* Set up by `commands` (of ban_conf), listen, and serve until told to stop.  0, or a negative errno
 * value: the commands are wrong, or the socket is taken.  What happens goes to the log that the
 * commands name. */
int ban_server_run(const struct ban_server_options *o, const struct ban_list *commands,
                   struct err *e) MUST_CHECK;
