/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every socket of this machine that waits for others: who owns it (process, package, user), who can
 * reach it, and the one command that closes it.  Reads the kernel, /proc and dpkg's lists; sends
 * nothing. */
#pragma once

#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/err.h"
#include "hub/model/exposure.h"
#include "tool/scan/data/service_table.h"

struct exposure_list {
    struct exposure *item; /* TCP first, then by port and address */
    size_t count;
};

/* All sockets of the network namespace this process is in.  What this process may not see is
 * missing in the entries (process, path) or unknown (reach): the entries themselves are complete.
 * Lives in `arena`. */
int exposure_collect(struct arena *arena, struct exposure_list *out, struct err *e) MUST_CHECK;

/* Where to read; exposure_collect reads the system's own. */
struct exposure_source {
    const char *proc;                     /* "/proc", or a made one */
    const char *root;                     /* "", or the folder of a system: packages and users */
    const struct service_table *services; /* names of ports; NULL: none */
    const char *program;                  /* how to call picket, for cures; NULL: "picket" */
};

int exposure_collect_from(struct arena *arena, const struct exposure_source *from,
                          struct exposure_list *out, struct err *e) MUST_CHECK;
