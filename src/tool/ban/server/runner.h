/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs the commands of a jail's actions one after another, without the server waiting for them:
 * each in a shell of its own with a time limit, its output kept for the log.  A ban that fails is
 * tried once more after the firewall was checked and, where it is broken, set up anew. */
#pragma once

#include "sys/loop/loop.h"
#include "tool/ban/server/ban_action.h"
#include "tool/ban/server/ban_log.h"

enum job_kind { JOB_START, JOB_BAN, JOB_UNBAN, JOB_PROLONG, JOB_FLUSH, JOB_STOP, JOB_RELOAD };

struct runner;

struct runner *runner_new(struct loop *loop, struct ban_log *log, const char *jail);
void runner_free(struct runner *r); /* a command that runs is killed */

/* Queue work.  `ticket` (may be NULL) is copied; `values` is read when the command is made, so its
 * pointers must live as long as the runner. */
void runner_add(struct runner *r, enum job_kind kind, struct ban_action *action,
                const struct ticket *ticket, const struct action_values *values);

/* The action leaves: it is freed when what is queued for it is done. */
void runner_retire(struct runner *r, struct ban_action *action);

bool runner_is_idle(const struct runner *r);

/* Called whenever it has become idle; may be NULL. */
void runner_on_idle(struct runner *r, void (*fn)(void *ctx), void *ctx);

/* Called when an action had to be set up anew: the bans in force have to be given again. */
void runner_on_repair(struct runner *r, void (*fn)(void *ctx, struct ban_action *a), void *ctx);
