/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/top.h"

#include <stdio.h>
#include <string.h>

#include "cmd/command.h"
#include "core/base/mem.h"
#include "core/text/completion.h"

static void print_commands(FILE *to)
{
    fputs("usage: picket COMMAND [OPTION...] [ARGUMENT...]\n\n", to);
    for (size_t i = 0; commands[i]; i++)
        fprintf(to, "  %-10s %s%s%s%s\n", commands[i]->name, commands[i]->summary,
                commands[i]->beside ? " (beside " : "",
                commands[i]->beside ? commands[i]->beside : "", commands[i]->beside ? ")" : "");
    fputs("\n  picket COMMAND --help     the command's options\n"
          "  picket --version          the version\n"
          "  picket --completion SHELL a completion script for bash or zsh\n",
          to);
}

static int print_completion(const char *shell)
{
    size_t count = 0;
    while (commands[count])
        count++;
    const struct option_table **table = mem_zero(count * sizeof *table);
    for (size_t i = 0; i < count; i++)
        table[i] = commands[i]->options;
    struct str out = str_of(0);
    int status = EXIT_DONE;
    if (strcmp(shell, "bash") == 0)
        completion_bash("picket", table, count, &out);
    else if (strcmp(shell, "zsh") == 0)
        completion_zsh("picket", table, count, &out);
    else
        status = EXIT_USAGE;
    fputs(str_text(&out), stdout);
    str_done(&out);
    mem_free(table);
    return status;
}

int top_run(const char *word, int argc, char **argv)
{
    if (!word) {
        print_commands(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
        puts("picket " PICKET_VERSION);
        return EXIT_DONE;
    }
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0) {
        print_commands(stdout);
        return EXIT_DONE;
    }
    if (strcmp(word, "--completion") == 0) {
        if (argc == 3 && print_completion(argv[2]) == EXIT_DONE)
            return EXIT_DONE;
        fputs("picket: --completion wants bash or zsh\n", stderr);
        return EXIT_USAGE;
    }
    fprintf(stderr, "picket: no command \"%s\" (picket --help lists them)\n", word);
    return EXIT_USAGE;
}
