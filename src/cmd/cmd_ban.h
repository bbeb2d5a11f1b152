/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sub-commands of `picket ban`, each with an option table of its own. */
#pragma once

#include "cmd/command.h"

struct ban_subcommand {
    const char *name;
    const struct option_table *options;
    int (*run)(int argc, char **argv); /* argv[0] is the sub-command's name */
};

extern const struct ban_subcommand ban_server_command, ban_client_command, ban_regex_command,
    ban_list_command, ban_why_command, ban_export_command, ban_add_command, ban_lift_command;

/* Parse; prints the help or the version where that is asked for.  True: *out_status is all there is
 * to do.  `usage_status`: what a wrong option gives. */
bool ban_cli_parse(const struct option_table *table, int argc, char **argv, void *to,
                   const bool *help, struct text_list *words, int usage_status, int *out_status);
