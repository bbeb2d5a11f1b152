/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Picks the command from the table. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>

#include "cmd/command.h"
#include "cmd/top.h"

int main(int argc, char **argv)
{
    signal(SIGPIPE,
           SIG_IGN); /* a reader that goes away is an error of the write, told like others */
    const struct command *called = argc > 0 ? command_called(argv[0]) : NULL;
    if (called)
        return called->run(argc, argv);
    const struct command *command = argc > 1 ? command_find(argv[1]) : NULL;
    int status =
        command ? command->run(argc - 1, argv + 1) : top_run(argc > 1 ? argv[1] : NULL, argc, argv);
    if (fflush(stdout) != 0 && status == EXIT_DONE) {
        if (errno != EPIPE) /* whoever closed the pipe knows */
            perror("picket: standard output");
        status = EXIT_ENVIRONMENT;
    }
    return status;
}
