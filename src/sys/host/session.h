/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From where administrators are logged in over SSH, now: a mistaken or provoked ban must not cut
 * them off.  Only sessions that have passed authentication count (sshd names its process after the
 * user and terminal then): an open connection to port 22 proves nothing. */
#pragma once

#include <stdbool.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/net/cidr_set.h"

/* Add the peers of root's sessions and of those of members of the groups sudo, wheel and admin.
 * `proc` is "/proc", `group_file` "/etc/group", or made ones.  Processes that may not be looked
 * into are left out.  0 or a negative errno value. */
int session_add_peers(struct cidr_set *set, const char *proc, const char *group_file,
                      struct err *e) MUST_CHECK;

/* The user of sshd's process title "sshd: USER@pts/0", in `user`; false: it is no such session. */
enum { SESSION_USER_MAX = 64 };
bool session_user_of(const char *title, char user[SESSION_USER_MAX]);
