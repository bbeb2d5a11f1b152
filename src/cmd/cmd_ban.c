/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picket ban: which of its parts is meant. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd_ban.h"
#include "core/base/mem.h"

static const struct ban_subcommand *const subcommands[] = {
    &ban_server_command, &ban_client_command, &ban_regex_command, &ban_list_command,
    &ban_why_command,    &ban_export_command, &ban_add_command,   &ban_lift_command};

struct ban_cli {
    bool help;
};

static const struct option rows[] = {
    {"h", "help", OPTION_SET, NULL, offsetof(struct ban_cli, help), .help = "print all of this"},
};

static const struct option_group groups[] = {{"Options", rows, ARRAY_COUNT(rows)}};

static const struct option_table table = {
    .command = "ban",
    .synopsis = "PART [OPTION...] [WORD...]",
    .summary = "ban who fails too often, by what logs say (beside fail2ban)",
    .group = groups,
    .group_count = ARRAY_COUNT(groups),
    .stop_at_word = true,
};

static void print_help(void)
{
    struct str text = str_of(0);
    option_help(&table, &text);
    for (size_t i = 0; i < ARRAY_COUNT(subcommands); i++) {
        str_add_char(&text, '\n');
        option_help(subcommands[i]->options, &text);
    }
    fputs(str_text(&text), stdout);
    str_done(&text);
}

bool ban_cli_parse(const struct option_table *of, int argc, char **argv, void *to, const bool *help,
                   struct text_list *words, int usage_status, int *out_status)
{
    struct err e = {0};
    if (option_parse(of, argc, argv, to, words, &e) < 0) {
        command_complain(of->command, "%s", e.text);
        *out_status = usage_status;
        return true;
    }
    if (!*help)
        return false;
    struct str text = str_of(0);
    option_help(of, &text);
    fputs(str_text(&text), stdout);
    str_done(&text);
    *out_status = EXIT_DONE;
    return true;
}

static int run(int argc, char **argv)
{
    struct ban_cli cli = {0};
    struct text_list words = {0};
    struct err e = {0};
    int status = EXIT_USAGE;
    if (option_parse(&table, argc, argv, &cli, &words, &e) < 0) {
        command_complain("ban", "%s", e.text);
    } else if (cli.help) {
        print_help();
        status = EXIT_DONE;
    } else if (words.count == 0) {
        command_complain("ban", "which part of it? (picket ban --help)");
    } else {
        size_t i = 0;
        while (i < ARRAY_COUNT(subcommands) && strcmp(subcommands[i]->name, words.text[0]) != 0)
            i++;
        int skip = argc - (int)words.count;
        if (i < ARRAY_COUNT(subcommands))
            status = subcommands[i]->run(argc - skip, argv + skip);
        else
            command_complain("ban", "\"%s\" is no part of it (picket ban --help)", words.text[0]);
    }
    text_list_done(&words);
    return status;
}

const struct command command_ban = {
    .name = "ban",
    .beside = "fail2ban",
    .summary = "ban who fails too often, by what logs say",
    .options = &table,
    .run = run,
};
