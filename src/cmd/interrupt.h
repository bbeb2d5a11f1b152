/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ctrl-C for commands that do their work in one go: the first one asks the work to end in order,
 * the second one ends the process. */
#pragma once

#include <stdbool.h>

void interrupt_watch(void);             /* SIGINT and SIGTERM */
bool interrupt_was_asked(void *unused); /* of the form that tools ask by */
