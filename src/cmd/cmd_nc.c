/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picket nc: options of three netcats; the work is tool/nc. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cmd/command.h"
#include "cmd/nc_cli.h"
#include "cmd/nc_setup.h"
#include "core/base/mem.h"
#include "core/base/own.h"
#include "core/script/lua_file.h"
#include "tool/nc/manner.h"
#include "tool/nc/nc.h"

enum { LINE_MAX_BYTES = 4096, WORDS_MAX = 256 };

/* Names and lines of peers may hold anything; a terminal is shown none of it. */
static void say(void *ctx, const char *lines)
{
    (void)ctx;
    struct str out = str_of(0);
    for (const char *c = lines; *c; c++)
        if (((unsigned char)*c < ' ' && *c != '\n') || *c == 0x7f)
            str_addf(&out, "\\x%02x", (unsigned char)*c);
        else
            str_add_char(&out, *c);
    fputs(str_text(&out), stderr);
    str_done(&out);
}

static int complain(const struct nc_manner *m, const struct err *e)
{
    static const char unknown[] = "unknown option -";
    struct str line = str_of(0), words = str_of(0);
    size_t len = sizeof unknown - 1;
    if (strncmp(e->text, unknown, len) == 0 && e->text[len] && !e->text[len + 1])
        str_addf(&words, "invalid option -- '%c'", e->text[len]); /* getopt(3)'s words */
    else
        str_add(&words, e->text);
    m->complain(&line, str_text(&words));
    fputs(str_text(&line), stderr);
    if (m->usage)
        fputs(m->usage, stderr);
    str_done(&line);
    str_done(&words);
    return m->usage_status;
}

/* ---- what is asked of the terminal ---- */

static bool read_line(int fd, char line[LINE_MAX_BYTES])
{
    size_t len = 0;
    ssize_t got;
    /* byte by byte: what follows the line is the connection's */
    while ((got = read(fd, line + len, 1)) == 1 && line[len] != '\n' && len + 2 < LINE_MAX_BYTES)
        len++;
    line[len] = '\0';
    return got == 1;
}

/* -P USER: the password, unseen, from whoever sits at the terminal. */
static int ask_password(struct nc_cli *cli, struct arena *arena, struct err *e)
{
    char line[LINE_MAX_BYTES];
    struct termios shown;
    if (!cli->proxy_user || strchr(cli->o.proxy_auth, ':'))
        return 0;
    OWN_FD int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 || tcgetattr(fd, &shown))
        return err_set(e, -EINVAL,
                       "no terminal to ask for the proxy's password; "
                       "--proxy-auth-file or NCAT_PROXY_AUTH give it");
    struct termios hidden = shown;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    (void)!dprintf(fd, "Proxy password for %s@%s: ", cli->proxy_user, cli->o.proxy_place);
    tcsetattr(fd, TCSAFLUSH, &hidden);
    bool whole = read_line(fd, line);
    tcsetattr(fd, TCSAFLUSH, &shown);
    (void)!write(fd, "\n", 1);
    if (!whole)
        return err_set(e, -EINVAL, "no password was given");
    cli->o.proxy_auth = arena_print(arena, "%s:%s", cli->proxy_user, line);
    return 0;
}

/* traditional without arguments reads them from standard input. */
static int ask_arguments(struct arena *arena, char **argv)
{
    char line[LINE_MAX_BYTES];
    int argc = 1;
    fputs("Cmd line: ", stderr);
    if (!read_line(STDIN_FILENO, line) && !line[0])
        return argc;
    for (char *at = line + strspn(line, " \t"); *at && argc < WORDS_MAX; at += strspn(at, " \t")) {
        size_t len = strcspn(at, " \t\r");
        argv[argc++] = arena_copy(arena, at, len);
        at += len + (at[len] == '\r');
    }
    return argc;
}

/* ---- the run ---- */

static int print_version(const struct nc_manner *m)
{
    printf("%s (picket %s)\n", m->version, PICKET_VERSION);
    return EXIT_DONE;
}

static int run_script(const char *path)
{
    struct err e = {0};
    if (lua_file_run(path, &e) == 0)
        return EXIT_DONE;
    command_complain("nc", "%s", e.text);
    return EXIT_FAILED;
}

static int start(struct nc_cli *cli, const struct nc_personality *p, const struct text_list *words)
{
    struct port_list ports = {0};
    struct arena arena = {0};
    struct err e = {0};
    struct nc_streams streams = {STDIN_FILENO, STDOUT_FILENO, say, NULL};
    int rc = nc_setup(cli, words, &ports, &arena, &e);
    rc = rc ? rc : ask_password(cli, &arena, &e);
    int status = rc ? complain(p->manner, &e) : 0;
    if (rc == 0) {
        if (cli->o.verbose && p->manner->banner)
            fputs(p->manner->banner, stderr);
        status = nc_run(&cli->o, &streams);
    }
    port_list_done(&ports);
    arena_done(&arena);
    return status;
}

static int run_options(const struct nc_personality *p, int argc, char **argv)
{
    struct nc_cli cli = nc_cli_default(p);
    struct text_list words = {0};
    struct err e = {0};
    int status;
    if (option_parse(p->table, argc, argv, &cli, &words, &e))
        status = complain(p->manner, &e);
    else if (cli.help) {
        struct str help = str_of(0);
        option_help(p->table, &help);
        fputs(str_text(&help), stdout);
        str_done(&help);
        status = EXIT_DONE;
    } else if (cli.version)
        status = print_version(p->manner);
    else if (cli.run_lua)
        status = run_script(cli.run_lua);
    else
        status = start(&cli, p, &words);
    nc_cli_done(&cli);
    text_list_done(&words);
    return status;
}

static int run(int argc, char **argv)
{
    const char *slash = strrchr(argv[0], '/');
    const char *first = argc > 1 ? argv[1] : NULL;
    const struct nc_personality *p = nc_cli_personality(slash ? slash + 1 : argv[0], first);
    bool named = first && strncmp(first, "--", 2) == 0 && strcmp(first + 2, p->manner->name) == 0;
    struct arena arena = {0};
    char *asked[WORDS_MAX + 1] = {argv[0]};
    if (argc - named == 1 && p->manner->asks_arguments) {
        argc = ask_arguments(&arena, asked);
        argv = asked;
    }
    int status = run_options(p, argc, argv);
    arena_done(&arena);
    return status;
}

static const char *const called[] = {"nc", "netcat", "nc.openbsd", "ncat", "nc.traditional", NULL};

const struct command command_nc = {
    .name = "nc",
    .beside = "OpenBSD nc, netcat-traditional, ncat",
    .summary = "connect, listen, copy bytes",
    .options = &nc_cli_table,
    .run = run,
    .called = called,
};
