/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What picket does by itself, without a command: help, version, completion. */
#pragma once

/* `word` is the first word of the command line (NULL: there was none).  Returns an exit status. */
int top_run(const char *word, int argc, char **argv);
