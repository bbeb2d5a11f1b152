/* SPDX-License-Identifier: GPL-3.0-or-later */
/* /etc/hosts.deny (hosts_access(5)): daemons linked with tcp_wrappers refuse who is in it. */
#pragma once

#include <stdbool.h>

#include "core/base/attr.h"
#include "core/base/err.h"

enum { HOSTS_DENY_MAX = 16 << 20 };

/* Append `line` (without a newline) unless the file has it already; then *added is false.  The file
 * is made when it is not there.  Others who lock it (flock(2)) are waited for.  0 or a negative
 * errno value. */
int hosts_deny_add(const char *path, const char *line, bool *added, struct err *e) MUST_CHECK;
