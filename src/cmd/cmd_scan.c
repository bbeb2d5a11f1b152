/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picket scan: options, reports, signals; the scan itself is tool/scan. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/iflist.h"
#include "cmd/scan_output.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/own.h"

/* Set by the handler, asked ten times a second by the scan: the one flag the house allows. */
static volatile sig_atomic_t stop_signal;

static void on_stop(int number)
{
    stop_signal = number;
}

/* The first Ctrl-C ends the scan in order, the second one at once. */
static void take_signals(void)
{
    struct sigaction action = {.sa_handler = on_stop, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

struct session {
    struct scan_output output;
    bool output_failed;
    size_t bad_targets;
};

static bool is_stopped(void *ctx)
{
    (void)ctx;
    return stop_signal != 0;
}

static int note(struct session *s, int rc)
{
    s->output_failed |= rc < 0;
    return rc;
}

static int on_host(void *ctx, const struct scan_host *host, const struct scan_tail *so_far,
                   struct err *e)
{
    struct session *s = ctx;
    return note(s, scan_output_host(&s->output, host, so_far, e));
}

static int on_task(void *ctx, const struct scan_task *task, const struct scan_tail *so_far,
                   struct err *e)
{
    struct session *s = ctx;
    return note(s, scan_output_task(&s->output, task, so_far, e));
}

static int on_bad_target(void *ctx, const char *text, const char *why,
                         const struct scan_tail *so_far, struct err *e)
{
    struct session *s = ctx;
    scan_output_clear_line(&s->output);
    command_complain("scan", "failed to resolve \"%s\": %s", text, why);
    s->bad_targets++;
    return note(s, scan_output_target(&s->output, text, so_far, e));
}

/* The command line as one text, for the reports. */
static char *join(int argc, char **argv)
{
    struct str line = str_of(0);
    str_add(&line, "picket");
    for (int i = 0; i < argc; i++) {
        str_add_char(&line, ' ');
        str_add(&line, argv[i]);
    }
    return str_take(&line);
}

static bool has_no_targets(const struct scan_setup *setup)
{
    return setup->targets.count == 0 && !setup->options.random_forever &&
           !setup->options.random_count;
}

/* Run with reports open.  Returns an exit status. */
static int run_scan(struct session *s, const struct scan_setup *setup)
{
    struct scan_events events = {s, on_host, on_task, on_bad_target, is_stopped};
    struct scan_tail tail = {0};
    struct err e = {0}, close_error = {0};
    int rc = scan_run(&setup->options, &events, &clock_system, &tail, &e);
    if (rc < 0)
        tail.error = e.text;
    int closed = scan_output_close(&s->output, &tail, s->output_failed, &close_error);
    if (rc < 0)
        command_complain("scan", "%s", e.text);
    else if (closed < 0)
        command_complain("scan", "%s", close_error.text);
    if (tail.hosts_total == 0 && rc == 0)
        command_complain("scan", "no targets were specified, so 0 hosts scanned");
    if (rc == -ECANCELED)
        return EXIT_FAILED;
    return rc < 0 || closed < 0 ? EXIT_ENVIRONMENT : EXIT_DONE;
}

static int scan_with(const struct scan_cli *cli, const struct text_list *words, int argc,
                     char **argv)
{
    struct err e = {0};
    struct scan_setup setup;
    struct session session = {0};
    OWN_MEM char *args = join(argc, argv);
    int rc = scan_cli_apply(cli, words, &setup, &e), status;
    if (rc < 0) {
        command_complain("scan", "%s", e.text);
        status = command_status_of(rc);
    } else if (has_no_targets(&setup)) {
        /* nmap says so, scans nothing, and is content; scripts that feed it lists rely on that */
        command_complain("scan",
                         "no targets were specified, so 0 hosts scanned (picket scan --help)");
        status = EXIT_DONE;
    } else if (scan_output_open(&session.output, cli, &setup.options, args, &clock_system, &e) <
               0) {
        scan_output_close(&session.output, NULL, true, &(struct err){0});
        command_complain("scan", "%s", e.text);
        status = EXIT_ENVIRONMENT;
    } else {
        take_signals();
        status = run_scan(&session, &setup);
    }
    scan_setup_done(&setup);
    return status;
}

static int print_interfaces(void)
{
    struct str text = str_of(0);
    struct err e = {0};
    int rc = iflist_format(&text, &e);
    if (rc < 0)
        command_complain("scan", "--iflist: %s", e.text);
    else
        fputs(str_text(&text), stdout);
    str_done(&text);
    return rc < 0 ? EXIT_ENVIRONMENT : EXIT_DONE;
}

static int run(int argc, char **argv)
{
    struct scan_cli cli = scan_cli_default();
    struct text_list words = {0};
    struct err e = {0};
    int status = EXIT_DONE;
    if (option_parse(&scan_cli_table, argc, argv, &cli, &words, &e) < 0) {
        command_complain("scan", "%s", e.text);
        status = EXIT_USAGE;
    } else if (cli.help) {
        struct str text = str_of(0);
        option_help(&scan_cli_table, &text);
        fputs(str_text(&text), stdout);
        str_done(&text);
    } else if (cli.version) {
        puts("picket " PICKET_VERSION);
    } else if (cli.iflist) {
        status = print_interfaces();
    } else {
        status = scan_with(&cli, &words, argc, argv);
    }
    text_list_done(&words);
    return status;
}

const struct command command_scan = {
    .name = "scan",
    .beside = "nmap",
    .summary = "which hosts are up, which ports are open",
    .options = &scan_cli_table,
    .run = run,
};
