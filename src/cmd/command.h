/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of picket, and the exit statuses all of them share. */
#pragma once

#include <stddef.h>

#include "core/text/option.h"

enum exit_status {
    EXIT_DONE = 0,        /* the work was done, whatever it found */
    EXIT_FAILED = 1,      /* the work failed, or --fail-on struck */
    EXIT_USAGE = 2,       /* the command line makes no sense */
    EXIT_ENVIRONMENT = 3, /* rights, files, network */
};

struct command {
    const char *name;
    const char *beside;  /* the tool it stands beside; NULL: none */
    const char *summary; /* one line */
    const struct option_table *options;
    int (*run)(int argc, char **argv); /* argv[0] is the command's name; returns an exit status */
    const char *const *called;         /* names of the program that mean this command; NULL: none */
};

extern const struct command *const commands[]; /* in the order of modules.def; ends with NULL */

const struct command *command_find(const char *name); /* NULL: no such command */

/* The command that a program called `path` is ("/usr/local/bin/nc"); NULL: it is picket. */
const struct command *command_called(const char *path);

/* "picket scan: WORDS" on stderr, one line, control bytes from outside escaped. */
void command_complain(const char *command, const char *format, ...) PRINTF_LIKE(2, 3);

/* The exit status that an error code stands for: usage for -EINVAL, else environment. */
int command_status_of(int code);

/* The command line as one text, for reports; the caller frees it (mem_free). */
char *command_line(int argc, char **argv);
