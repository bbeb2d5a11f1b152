/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands of the administrator's configuration, run by the shell one after another beside the
 * loop: a slow one delays no probe, a hanging one is ended. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "sys/loop/loop.h"

enum { COMMANDS_MAX = 1024, COMMAND_LIMIT_S = 30 };

/* It ended with status 0 (ok), or `why` says how it failed. */
typedef void command_done_fn(void *ctx, const char *target, const char *line, bool ok,
                             const char *why);

struct command_queue;

/* `done` is called from the loop for each command. */
struct command_queue *command_queue_new(struct loop *loop, command_done_fn *done, void *ctx);
void command_queue_free(struct command_queue *q); /* ends the one that runs; takes NULL */

/* Run `line` by /bin/sh when those before it have ended.  Texts are copied.  -ENOSPC: COMMANDS_MAX
 * wait already. */
int command_queue_add(struct command_queue *q, const char *target, const char *line,
                      struct err *e) MUST_CHECK;

size_t command_queue_waiting(const struct command_queue *q); /* the running one included */
