/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picket assess: which of its sub-commands. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "cmd/assess.h"
#include "cmd/command.h"

struct assess_cli {
    bool help;
};

static const struct option rows[] = {
    {"h", "help", OPTION_SET, NULL, offsetof(struct assess_cli, help), .help = "print this"},
};

static const struct option_group groups[] = {{"Options", rows, ARRAY_COUNT(rows)}};

static const struct option_table table = {
    .command = "assess",
    .synopsis = "SUBCOMMAND [OPTION...]",
    .summary = "test hosts for known weaknesses with NASL checks",
    .group = groups,
    .group_count = ARRAY_COUNT(groups),
    .stop_at_word = true,
};

static const struct {
    const char *name, *help;
    int (*run)(int argc, char **argv);
} subcommands[] = {
    {"scan", "test hosts for weaknesses", assess_scan_run},
    {"feed", "see whether the scripts of a folder can be run", assess_feed_run},
    {"nasl", "run, parse or describe single scripts", assess_nasl_run},
};

static void print_help(void)
{
    struct str text = str_of(0);
    option_help(&table, &text);
    str_add(&text, "\nSubcommands (each takes --help):\n");
    for (size_t i = 0; i < ARRAY_COUNT(subcommands); i++)
        str_addf(&text, "  %-10s %s\n", subcommands[i].name, subcommands[i].help);
    fputs(str_text(&text), stdout);
    str_done(&text);
}

static int run(int argc, char **argv)
{
    struct assess_cli cli = {0};
    struct text_list words = {0};
    struct err e = {0};
    int status = EXIT_USAGE;
    if (option_parse(&table, argc, argv, &cli, &words, &e) < 0) {
        command_complain("assess", "%s", e.text);
    } else if (cli.help) {
        print_help();
        status = EXIT_DONE;
    } else if (!words.count) {
        command_complain("assess", "what shall be done?  (scan, feed, nasl; see --help)");
    } else {
        size_t which = 0;
        while (which < ARRAY_COUNT(subcommands) &&
               strcmp(subcommands[which].name, words.text[0]) != 0)
            which++;
        int first = argc - (int)words.count; /* the words are the rest of argv */
        if (which < ARRAY_COUNT(subcommands))
            status = subcommands[which].run(argc - first, argv + first);
        else
            command_complain("assess", "\"%s\" is no sub-command", words.text[0]);
    }
    text_list_done(&words);
    return status;
}

const struct command command_assess = {
    .name = "assess",
    .beside = "openvas",
    .summary = "test hosts for known weaknesses with NASL checks",
    .options = &table,
    .run = run,
};
