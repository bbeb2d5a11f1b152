/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The script phases of a scan. */
#pragma once

#include "tool/scan/phase.h"
#include "tool/scan/script/engine.h"

/* Load the chosen scripts; p->scripts is the owner's to close.  Nothing when none are chosen. */
int phase_scripts_open(struct phase *p, struct err *e) MUST_CHECK;

/* Before the first host, or behind the last; what they say is told. */
int phase_scripts_run(struct phase *p, bool post, struct err *e) MUST_CHECK;

/* Make the reports of the hosts that are up, and let scripts add to them: host->report. */
int phase_scripts_group(struct phase *p, struct group *g, struct err *e) MUST_CHECK;
