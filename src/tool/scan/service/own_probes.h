/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which probe file is read: one that was named, the installed one of nmap, or the one that is built
 * in (data/probes/picket-probes). */
#pragma once

#include "tool/scan/service/probe_db.h"

/* `file` (--versiondb) or, where it is NULL, nmap-service-probes in `folder` (--datadir); where
 * both are NULL /usr/share/nmap is looked at, and without it picket's own probes are taken; either
 * way with picket-probes-more before it.  What was named must be there, and is taken as it is. */
int own_probes_open(struct probe_db *db, const char *file, const char *folder,
                    probe_db_fault_fn *fault, void *fault_ctx, struct err *e) MUST_CHECK;

/* What is built in. */
void own_probes_builtin(struct probe_db *db, probe_db_fault_fn *fault, void *fault_ctx);
