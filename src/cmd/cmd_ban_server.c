/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picket ban server: fail2ban-server's options. */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd_ban.h"
#include "cmd/privileged.h"
#include "core/base/log.h"
#include "sys/io/file.h"
#include "tool/ban/conf/ban_conf.h"
#include "tool/ban/server/ban_server.h"

enum { SERVER_FAILED = 255 };

struct server_cli {
    bool help, version, foreground, background, force;
    int verbosity, quiet;
    const char *conf, *socket, *pidfile, *pname, *loglevel, *logtarget, *syslogsocket;
};

#define FIELD(name) offsetof(struct server_cli, name)

static const struct option rows[] = {
    {"c", "conf", OPTION_TEXT, "DIR", FIELD(conf), .help = "the configuration folder"},
    {"s", "socket", OPTION_TEXT, "FILE", FIELD(socket), .help = "listen for clients there"},
    {"p", "pidfile", OPTION_TEXT, "FILE", FIELD(pidfile),
     .help = "write the process's number there"},
    {NULL, "loglevel", OPTION_TEXT, "LEVEL", FIELD(loglevel),
     .help = "CRITICAL, ERROR, WARNING, NOTICE, INFO or DEBUG"},
    {NULL, "logtarget", OPTION_TEXT, "TARGET", FIELD(logtarget),
     .help = "a file, STDOUT, STDERR or SYSLOG"},
    {NULL, "syslogsocket", OPTION_TEXT, "FILE", FIELD(syslogsocket), .help = "or auto"},
    {"f", NULL, OPTION_SET, NULL, FIELD(foreground), .help = "stay in the foreground"},
    {"b", NULL, OPTION_SET, NULL, FIELD(background), .help = "go to the background (default)"},
    {"x", NULL, OPTION_SET, NULL, FIELD(force), .help = "remove a socket that is left from before"},
    {"v", NULL, OPTION_COUNT, NULL, FIELD(verbosity), .help = "say more at the start"},
    {"q", NULL, OPTION_COUNT, NULL, FIELD(quiet), .help = "say less"},
    {"h", "help", OPTION_SET, NULL, FIELD(help), .help = "print this"},
    {"V", "version", OPTION_SET, NULL, FIELD(version), .help = "print the version"},
};

static const struct option_group groups[] = {{"Options", rows, ARRAY_COUNT(rows)}};

static const struct option_table table = {
    .command = "ban server",
    .synopsis = "[OPTION...]",
    .summary = "watch logs and ban (beside fail2ban-server)",
    .group = groups,
    .group_count = ARRAY_COUNT(groups),
};

static void log_line(void *ctx, enum log_level level, const char *line)
{
    static const char *const names[] = {"ERROR", "WARNING", "INFO", "DEBUG"};
    (void)ctx;
    fprintf(stderr, "%-7s %s\n", names[level], line);
}

/* Folders of the socket and of the pid file, where they are missing: /run is empty after a boot. */
static int make_folder_of(const char *path, struct err *e)
{
    const char *slash = strrchr(path, '/');
    char folder[4096];
    if (!slash || slash == path || (size_t)(slash - path) >= sizeof folder)
        return 0;
    memcpy(folder, path, (size_t)(slash - path));
    folder[slash - path] = '\0';
    return file_make_folders(folder, 0755, e);
}

/* The caller goes on when the server stands, or has failed: he is told by a pipe. */
static int detach(int *out_tell, int *out_status)
{
    int fd[2];
    if (pipe2(fd, O_CLOEXEC))
        return -errno;
    pid_t pid = fork();
    if (pid < 0)
        return -errno;
    if (pid > 0) {
        char byte;
        close(fd[1]);
        *out_status = read(fd[0], &byte, 1) == 1 && byte == 0 ? EXIT_DONE : SERVER_FAILED;
        close(fd[0]);
        return 1;
    }
    close(fd[0]);
    setsid();
    *out_tell = fd[1];
    return 0;
}

static int serve(struct ban_conf *conf, int tell)
{
    struct err e = {0};
    struct ban_server_options o = {.socket = conf->server.socket,
                                   .pidfile = conf->server.pidfile,
                                   .background = tell >= 0,
                                   .connect = privileged_connect};
    if (tell >= 0) { /* what is wrong from here on is in the log */
        (void)!write(tell, "", 1);
        close(tell);
        int null = open("/dev/null", O_RDWR);
        for (int fd = 0; fd < 3; fd++)
            dup2(null, fd);
        if (null > 2)
            close(null);
    }
    if (ban_server_run(&o, &conf->commands, &e) < 0) {
        command_complain("ban server", "%s", e.text);
        return SERVER_FAILED;
    }
    return EXIT_DONE;
}

/* What keeps the server from starting at all; a jail with a fault is left out while others stand.
 */
static int read_conf(struct ban_conf *conf, const struct server_cli *cli)
{
    struct err e = {0};
    int rc = ban_conf_read_server(conf, cli->conf ? cli->conf : BAN_CONF_FOLDER, &e);
    if (rc == 0)
        rc = ban_conf_read(conf, NULL, false, &e);
    if (rc == 0)
        rc = make_folder_of(conf->server.socket, &e);
    if (rc == 0)
        rc = make_folder_of(conf->server.pidfile, &e);
    if (rc < 0) {
        command_complain("ban server", "%s", e.text);
        return SERVER_FAILED;
    }
    for (size_t i = 0; i < conf->commands.count; i++) {
        const struct ban_list *c = conf->commands.item[i].list;
        if (strcmp(c->item[0].text, "config-error") == 0)
            command_complain("ban server", "%s", c->item[1].text);
    }
    return conf->bad_jails && !conf->good_jails ? SERVER_FAILED : EXIT_DONE;
}

static int start(const struct server_cli *cli)
{
    struct ban_conf conf = {
        .server = {cli->socket, cli->pidfile, cli->loglevel, cli->logtarget, cli->syslogsocket}};
    int tell = -1, status = read_conf(&conf, cli), rc = 0;
    if (status == EXIT_DONE && cli->force)
        unlink(conf.server.socket);
    if (status == EXIT_DONE && !cli->foreground)
        rc = detach(&tell, &status);
    if (rc < 0)
        status = SERVER_FAILED;
    else if (rc == 0 && status == EXIT_DONE)
        status = serve(&conf, tell);
    ban_conf_done(&conf);
    return status;
}

static int run(int argc, char **argv)
{
    struct server_cli cli = {0};
    struct text_list words = {0};
    int status;
    if (!ban_cli_parse(&table, argc, argv, &cli, &cli.help, &words, SERVER_FAILED, &status)) {
        int level = LOG_LEVEL_WARN + cli.verbosity - cli.quiet;
        log_open(log_line, NULL,
                 level < 0                 ? LOG_LEVEL_ERROR
                 : level > LOG_LEVEL_DEBUG ? LOG_LEVEL_DEBUG
                                           : level);
        if (cli.version) {
            puts("picket " PICKET_VERSION " (fail2ban " CONF_VERSION ")");
            status = EXIT_DONE;
        } else {
            status = start(&cli);
        }
    }
    text_list_done(&words);
    return status;
}

const struct ban_subcommand ban_server_command = {"server", &table, run};
