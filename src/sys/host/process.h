/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which processes hold a socket: one pass over /proc/PID/fd (proc(5)) for all sockets asked about.
 * What this process may not see (another user's, without CAP_SYS_PTRACE) stays unknown. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/err.h"

struct process {
    int32_t pid;
    uint64_t start;   /* clock ticks after boot */
    const char *name; /* comm: at most 15 bytes */
    const char *path; /* of the program, as its own mount namespace sees it; NULL: not readable */
    bool replaced;    /* the program's file was deleted or replaced since it was started */
    bool other_root;  /* it sees another root folder (a container): `path` is not ours */
    const char *unit; /* systemd service or scope by its cgroup; NULL: none */
};

struct process_owner {
    uint64_t inode;               /* asked about */
    const struct process *leader; /* who speaks for it: the one started first, but not pid 1 when
                                     there is another (socket activation); NULL: nobody seen */
    uint32_t count;               /* processes that hold it */
};

/* Fill out[0..count), whose inodes are set by the caller, in ascending order.  `proc` is "/proc" or
 * a made one.  Processes that end meanwhile are left out.  What is found lives in `arena`. 0, or a
 * negative errno value when the folder itself cannot be read. */
int process_find_owners(struct arena *arena, const char *proc, struct process_owner *out,
                        size_t count, struct err *e) MUST_CHECK;

/* The unit that the text of /proc/PID/cgroup names, or NULL.  Lives in `arena`. */
const char *process_unit_of(struct arena *arena, const char *cgroup_text);
