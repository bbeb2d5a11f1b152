/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picket ban client: fail2ban-client's options and commands. */
#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd_ban.h"
#include "core/base/log.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "tool/ban/ban_client.h"
#include "tool/ban/beautify.h"
#include "tool/ban/conf/ban_conf.h"
#include "tool/ban/conf/ban_duration.h"

/* What fail2ban-client ends with when it fails. */
enum { CLIENT_FAILED = 255 };

struct client_cli {
    bool help, version, short_version, dump, dump_pretty, test, interactive, force, background,
        foreground;
    int verbosity, quiet;
    const char *conf, *socket, *pidfile, *pname, *loglevel, *logtarget, *syslogsocket, *str2sec;
    int64_t timeout_ns;
};

#define FIELD(name) offsetof(struct client_cli, name)

static const struct option rows[] = {
    {"c", "conf", OPTION_TEXT, "DIR", FIELD(conf), .help = "the configuration folder"},
    {"s", "socket", OPTION_TEXT, "FILE", FIELD(socket), .help = "the server's socket"},
    {"p", "pidfile", OPTION_TEXT, "FILE", FIELD(pidfile), .help = "the server's pid file"},
    {NULL, "loglevel", OPTION_TEXT, "LEVEL", FIELD(loglevel), .help = "of a server started here"},
    {NULL, "logtarget", OPTION_TEXT, "TARGET", FIELD(logtarget),
     .help = "where a server started here logs: a file, STDOUT, STDERR, SYSLOG"},
    {NULL, "syslogsocket", OPTION_TEXT, "FILE", FIELD(syslogsocket), .help = "or auto"},
    {"d", NULL, OPTION_SET, NULL, FIELD(dump),
     .help = "print the commands that the configuration makes"},
    {NULL, "dp", OPTION_SET, NULL, FIELD(dump_pretty), .help = "the same, for people"},
    {NULL, "dump-pretty", OPTION_SET, NULL, FIELD(dump_pretty), .help = NULL},
    {"t", "test", OPTION_SET, NULL, FIELD(test), .help = "test the configuration"},
    {"v", NULL, OPTION_COUNT, NULL, FIELD(verbosity), .help = "say more"},
    {"q", NULL, OPTION_COUNT, NULL, FIELD(quiet), .help = "say less"},
    {NULL, "str2sec", OPTION_TEXT, "TIME", FIELD(str2sec),
     .help = "print the seconds of a time such as 1d12h"},
    {"h", "help", OPTION_SET, NULL, FIELD(help), .help = "print this"},
    {"V", "version", OPTION_SET, NULL, FIELD(version), .help = "print the version"},
};

static const struct option_group groups[] = {{"Options", rows, ARRAY_COUNT(rows)}};

static const struct option_table table = {
    .command = "ban client",
    .synopsis = "[OPTION...] COMMAND [WORD...]",
    .summary = "ask the server, or look at its configuration (beside fail2ban-client)",
    .group = groups,
    .group_count = ARRAY_COUNT(groups),
    .stop_at_word = true,
};

static int print_seconds(const char *text)
{
    double seconds;
    bool is_whole;
    struct err e = {0};
    if (ban_duration_parse(text, &seconds, &is_whole, &e) < 0) {
        command_complain("ban client", "%s", e.text);
        return CLIENT_FAILED;
    }
    struct str out = str_of(0);
    if (is_whole && fabs(seconds) < 1e15)
        str_addf(&out, "%lld", (long long)seconds);
    else
        ban_real_repr(seconds, &out);
    puts(str_text(&out));
    str_done(&out);
    return EXIT_DONE;
}

static void print_command(const struct ban_value *command, bool pretty)
{
    struct str line = str_of(0);
    ban_value_repr(command, &line);
    printf("%s%s\n", pretty ? "  " : "", str_text(&line));
    str_done(&line);
}

/* -d, -t: read it all, and say what it makes. */
static int look_at_conf(struct ban_conf *conf, const struct client_cli *cli)
{
    struct err e = {0};
    bool dump = cli->dump || cli->dump_pretty;
    int rc = ban_conf_read(conf, NULL, dump, &e);
    if (rc < 0) {
        command_complain("ban client", "Failed during configuration: %s", e.text);
    } else if (dump) {
        for (size_t i = 0; i < conf->commands.count; i++)
            print_command(&conf->commands.item[i], cli->dump_pretty);
    }
    /* a jail with a fault fails a test; a dump it fails only when there is no other */
    bool ok = rc == 0 && (!conf->bad_jails || (!cli->test && conf->good_jails));
    if (cli->test)
        puts(ok ? "OK: configuration test is successful" : "ERROR: test configuration failed");
    else if (rc == 0 && !ok)
        command_complain("ban client", "no jail of the configuration is right");
    return ok ? EXIT_DONE : CLIENT_FAILED;
}

static void log_line(void *ctx, enum log_level level, const char *line)
{
    (void)ctx;
    static const char *const names[] = {"ERROR", "WARNING", "INFO", "DEBUG"};
    fprintf(stderr, "%-7s %s\n", names[level], line);
}

/* ---- asking the server ---- */

static const uint64_t ANSWER_LIMIT_NS = 600 * NS_PER_S;

static int fail(const char *words)
{
    command_complain("ban client", "%s", words);
    return CLIENT_FAILED;
}

/* "the jail does not exist" and the like are the server's words; else it could not be asked. */
static int complain(const struct ban_conf *conf, const struct err *e)
{
    if (e->code == -EREMOTEIO)
        return fail(e->text);
    command_complain("ban client", "Failed to access socket path: %s. Is the server running? (%s)",
                     conf->server.socket, e->text);
    return CLIENT_FAILED;
}

static int ask(struct ban_conf *conf, const struct ban_list *words, const struct ban_value *command)
{
    struct ban_value answer;
    struct err e = {0};
    if (ban_client_ask(conf->server.socket, command, ANSWER_LIMIT_NS, &conf->arena, &answer, &e) <
        0)
        return complain(conf, &e);
    struct str text = str_of(0);
    beautify(words, &answer, &text);
    puts(str_text(&text));
    str_done(&text);
    return EXIT_DONE;
}

/* "reload [--restart] [--unban] [--all|JAIL]" and "restart [--unban] JAIL": the configuration is
 * read here, so that one with a fault changes nothing. */
static int reload(struct ban_conf *conf, const struct ban_list *words, bool restart)
{
    struct ban_value command = ban_value_words(&conf->arena, "reload", NULL);
    struct ban_value options = ban_value_list(&conf->arena), stream = ban_value_list(&conf->arena);
    const char *jail = NULL;
    struct err e = {0};
    if (restart)
        ban_list_add_text(options.list, &conf->arena, "--restart");
    for (size_t i = 1; i < words->count; i++) {
        const char *word = words->item[i].text;
        if (strcmp(word, "--restart") == 0 || strcmp(word, "--unban") == 0 ||
            strcmp(word, "--if-exists") == 0)
            ban_list_add_text(options.list, &conf->arena, word);
        else if (strcmp(word, "--all") != 0)
            jail = word;
    }
    if (ban_conf_read(conf, jail, false, &e) < 0)
        return fail(e.text);
    if (conf->bad_jails && !conf->good_jails)
        return fail("no jail of the configuration is right; nothing was reloaded (-t tells more)");
    for (size_t i = 0; i < conf->commands.count; i++)
        if (!jail || strcmp(conf->commands.item[i].list->item[0].text, "set") != 0 ||
            strcmp(conf->commands.item[i].list->item[1].text, jail) == 0)
            ban_list_add(stream.list, &conf->arena, conf->commands.item[i]);
    ban_list_add_text(command.list, &conf->arena, jail ? jail : "--all");
    ban_list_add(command.list, &conf->arena, options);
    ban_list_add(command.list, &conf->arena, stream);
    return ask(conf, words, &command);
}

static int run_words(struct ban_conf *conf, const struct text_list *words)
{
    struct ban_value command = ban_value_list(&conf->arena);
    for (size_t i = 0; i < words->count; i++)
        ban_list_add_text(command.list, &conf->arena, words->text[i]);
    const char *name = words->text[0];
    if (strcmp(name, "reload") == 0)
        return reload(conf, command.list, false);
    if (strcmp(name, "restart") == 0 && words->count > 1)
        return reload(conf, command.list, true);
    if (strcmp(name, "start") == 0 && words->count == 1)
        return fail("the server is started by: picket ban server");
    return ask(conf, command.list, &command);
}

static int with_conf(const struct client_cli *cli, const struct text_list *words)
{
    struct ban_conf conf = {
        .server = {cli->socket, cli->pidfile, cli->loglevel, cli->logtarget, cli->syslogsocket}};
    struct err e = {0};
    int status = CLIENT_FAILED;
    int rc = ban_conf_read_server(&conf, cli->conf ? cli->conf : BAN_CONF_FOLDER, &e);
    if (rc < 0)
        command_complain("ban client", "%s", e.text);
    else if (cli->dump || cli->dump_pretty || cli->test)
        status = look_at_conf(&conf, cli);
    else if (words->count)
        status = run_words(&conf, words);
    else
        command_complain("ban client", "no command? (picket ban --help)");
    ban_conf_done(&conf);
    return status;
}

static int run(int argc, char **argv)
{
    struct client_cli cli = {0};
    struct text_list words = {0};
    int status;
    if (ban_cli_parse(&table, argc, argv, &cli, &cli.help, &words, CLIENT_FAILED, &status)) {
        text_list_done(&words);
        return status;
    }
    int level = LOG_LEVEL_WARN + cli.verbosity - cli.quiet;
    log_open(log_line, NULL,
             level < 0                 ? LOG_LEVEL_ERROR
             : level > LOG_LEVEL_DEBUG ? LOG_LEVEL_DEBUG
                                       : level);
    if (cli.version) {
        puts("picket " PICKET_VERSION " (fail2ban " CONF_VERSION ")");
        status = EXIT_DONE;
    } else if (cli.str2sec) {
        status = print_seconds(cli.str2sec);
    } else {
        status = with_conf(&cli, &words);
    }
    text_list_done(&words);
    return status;
}

const struct ban_subcommand ban_client_command = {"client", &table, run};
