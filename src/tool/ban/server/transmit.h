/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fail2ban's commands, in and out: what fail2ban-client sends and what it gets back. */
#pragma once

#include "tool/ban/server/ban_jail.h"

/* What the commands of a configuration and those of clients act upon. */
struct transmitter {
    struct ban_world *world;
    bool is_quiet;  /* while a whole configuration is taken: answers are not made */
    bool want_stop; /* "stop": the server is to end */
    bool is_reload;
    unsigned config_errors;
};

/* Do one command.  *out (in `arena`) is the answer; a negative return is a fault for the client,
 * with its words in *e. */
int transmit(struct transmitter *t, const struct ban_value *command, struct arena *arena,
             struct ban_value *out, struct err *e) MUST_CHECK;

struct ban_jail *transmit_jail(const struct transmitter *t, const char *name); /* NULL: none */
