/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Starting other programs: an argument vector, never a shell line; a group of its own, so that a
 * time-out ends its descendants too. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/str.h"

struct child_spec {
    const char *path;          /* absolute, or looked for in /usr/sbin:/usr/bin:/sbin:/bin */
    const char *const *argv;   /* ends with NULL */
    const char *const *env;    /* NULL: PATH and LC_ALL=C only */
    int in_fd, out_fd, err_fd; /* -1: /dev/null */
};

/* Start it.  0, or a negative errno value (a failed exec is told here too).  The child has default
 * signal handling and no descriptors but 0, 1 and 2. */
int child_start(const struct child_spec *spec, pid_t *out_pid, struct err *e) MUST_CHECK;

/* Run to its end: standard output goes to *out (up to its limit), at most `limit_ns`, after which
 * the group is killed (-ETIMEDOUT).  *out_status as waitpid(2) tells it. */
int child_run(const char *path, const char *const *argv, uint64_t limit_ns, struct str *out,
              int *out_status, struct err *e) MUST_CHECK;
