/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picket ban regex: fail2ban-regex's options. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd_ban.h"
#include "core/base/log.h"
#include "tool/ban/conf/ban_conf.h"
#include "tool/ban/regex_tool.h"

/* What fail2ban-regex ends with when it fails. */
enum { REGEX_FAILED = 255 };

struct regex_cli {
    bool help, version;
    struct regex_options o;
    const char *now;
};

#define FIELD(name) offsetof(struct regex_cli, name)

static const struct option rows[] = {
    {"c", "config", OPTION_TEXT, "DIR", FIELD(o.conf), .help = "the configuration folder"},
    {"d", "datepattern", OPTION_TEXT, "PATTERN", FIELD(o.date_pattern),
     .help = "what dates look like; {NONE}: there are none"},
    {NULL, "timezone", OPTION_TEXT, "ZONE", FIELD(o.zone), .help = "of dates that name none"},
    {NULL, "TZ", OPTION_TEXT, "ZONE", FIELD(o.zone), .help = NULL},
    {"e", "encoding", OPTION_TEXT, "NAME", FIELD(o.encoding), .help = "of the log"},
    {"r", "raw", OPTION_SET, NULL, FIELD(o.raw), .help = "do not resolve names"},
    {NULL, "usedns", OPTION_TEXT, "HOW", FIELD(o.usedns), .help = "yes, warn, no or raw"},
    {"L", "maxlines", OPTION_INT, "COUNT", FIELD(o.max_lines), .min = 1, .max = 256,
     .help = "search in so many lines at once"},
    {"m", "journalmatch", OPTION_TEXT, "MATCH", FIELD(o.journal_match),
     .help = "entries of the journal, in place of the filter's"},
    {"o", "out", OPTION_TEXT, "FORM", FIELD(o.out),
     .help = "print what is found: json, row, id, ip, msg, a group, or \"<tags>\""},
    {"i", "invert", OPTION_SET, NULL, FIELD(o.invert), .help = "with -o: what is not found"},
    {NULL, "now", OPTION_TEXT, "EPOCH", FIELD(now), .help = "the clock stands still there"},
    {NULL, "no-check-all", OPTION_SET, NULL, FIELD(o.no_check_all),
     .help = "stop at the first expression that matches, as the server does"},
    {NULL, "print-no-missed", OPTION_SET, NULL, FIELD(o.no_missed),
     .help = "print no lines that did not match"},
    {NULL, "print-no-ignored", OPTION_SET, NULL, FIELD(o.no_ignored),
     .help = "print no lines that were ignored"},
    {NULL, "print-all-matched", OPTION_SET, NULL, FIELD(o.all_matched),
     .help = "print all lines that matched"},
    {NULL, "print-all-missed", OPTION_SET, NULL, FIELD(o.all_missed),
     .help = "however many did not"},
    {NULL, "print-all-ignored", OPTION_SET, NULL, FIELD(o.all_ignored),
     .help = "however many were ignored"},
    {NULL, "verbose-date", OPTION_SET, NULL, FIELD(o.verbose_date),
     .help = "with -v: what the date templates are"},
    {NULL, "VD", OPTION_SET, NULL, FIELD(o.verbose_date), .help = NULL},
    {"v", "verbose", OPTION_COUNT, NULL, FIELD(o.verbosity), .help = "say more"},
    {"h", "help", OPTION_SET, NULL, FIELD(help), .help = "print this"},
    {"V", "version", OPTION_SET, NULL, FIELD(version), .help = "print the version"},
};

static const struct option_group groups[] = {{"Options", rows, ARRAY_COUNT(rows)}};

static const struct option_table table = {
    .command = "ban regex",
    .synopsis = "[OPTION...] LOG REGEX [IGNOREREGEX]",
    .summary = "what a filter makes of a log (beside fail2ban-regex)",
    .group = groups,
    .group_count = ARRAY_COUNT(groups),
};

static int write_out(void *ctx, const char *text, size_t len)
{
    (void)ctx;
    return fwrite(text, 1, len, stdout) == len ? 0 : -EPIPE;
}

static void log_line(void *ctx, enum log_level level, const char *line)
{
    (void)ctx, (void)level;
    fprintf(stderr, "%s\n", line);
}

static int with_options(struct regex_cli *cli, const struct text_list *words)
{
    struct err e = {0};
    if (cli->now && option_read_real(cli->now, &cli->o.now_s, &e) < 0) {
        command_complain("ban regex", "--now: %s", e.text);
        return REGEX_FAILED;
    }
    if (words->count < 2 || words->count > 3) {
        command_complain("ban regex", "give a log, an expression or filter, and perhaps another "
                                      "expression of what to ignore");
        return REGEX_FAILED;
    }
    cli->o.has_now = cli->now;
    cli->o.log = words->text[0];
    cli->o.regex = words->text[1];
    cli->o.ignore_regex = words->count > 2 ? words->text[2] : NULL;
    if (!cli->o.conf)
        cli->o.conf = BAN_CONF_FOLDER;
    if (regex_tool_run(&cli->o, write_out, NULL, &e) < 0) {
        if (e.code)
            command_complain("ban regex", "%s", e.text);
        return REGEX_FAILED;
    }
    return EXIT_DONE;
}

static int run(int argc, char **argv)
{
    struct regex_cli cli = {0};
    struct text_list words = {0};
    int status;
    if (!ban_cli_parse(&table, argc, argv, &cli, &cli.help, &words, REGEX_FAILED, &status)) {
        log_open(log_line, NULL, cli.o.verbosity > 1 ? LOG_LEVEL_DEBUG : LOG_LEVEL_ERROR);
        if (cli.version) {
            puts("picket " PICKET_VERSION " (fail2ban " CONF_VERSION ")");
            status = EXIT_DONE;
        } else {
            status = with_options(&cli, &words);
        }
    }
    text_list_done(&words);
    return status;
}

const struct ban_subcommand ban_regex_command = {"regex", &table, run};
