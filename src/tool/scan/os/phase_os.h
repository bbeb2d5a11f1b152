/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -O: which systems are the hosts of a group? */
#pragma once

#include "tool/scan/phase.h"

int phase_os(struct phase *p, struct group *g, struct err *e) MUST_CHECK;

/* Part of the host's report. */
void phase_os_report(const struct group_host *host, struct scan_host *out);
