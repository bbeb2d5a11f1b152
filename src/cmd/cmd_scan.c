/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picket scan: options, reports, signals; the scan itself is tool/scan. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/iflist.h"
#include "cmd/interrupt.h"
#include "cmd/scan_data.h"
#include "cmd/scan_output.h"
#include "cmd/scan_script.h"
#include "cmd/scan_setup.h"
#include "cmd/wiring.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/own.h"
#include "tool/scan/facts.h"

struct session {
    struct scan_output output;
    struct wiring wiring;
    struct run run;
    size_t bad_targets;
};

static int on_host(void *ctx, const struct scan_host *host, const struct scan_tail *so_far,
                   struct err *e)
{
    struct session *s = ctx;
    if (s->wiring.port)
        facts_publish(s->wiring.port, host, so_far->end_wall_ns);
    for (size_t i = 0; i < host->port_count; i++)
        s->run.ports_open += host->port[i].state == SCAN_OPEN;
    return scan_output_host(&s->output, host, so_far, e);
}

static int on_group(void *ctx, const struct scan_tail *so_far, struct err *e)
{
    struct session *s = ctx;
    return scan_output_flush(&s->output, so_far, e);
}

static int on_hint(void *ctx, const struct scan_host *host, const struct scan_tail *so_far,
                   struct err *e)
{
    struct session *s = ctx;
    return scan_output_hint(&s->output, host, so_far, e);
}

static int on_found(void *ctx, const struct scan_found *found, const struct scan_tail *so_far,
                    struct err *e)
{
    struct session *s = ctx;
    return scan_output_found(&s->output, found, so_far, e);
}

static int on_task(void *ctx, const struct scan_task *task, const struct scan_tail *so_far,
                   struct err *e)
{
    struct session *s = ctx;
    return scan_output_task(&s->output, task, so_far, e);
}

static int on_bad_target(void *ctx, const char *text, const char *why,
                         const struct scan_tail *so_far, struct err *e)
{
    struct session *s = ctx;
    scan_output_clear_line(&s->output);
    command_complain("scan", "failed to resolve \"%s\": %s", text, why);
    s->bad_targets++;
    return scan_output_target(&s->output, text, so_far, e);
}

static int on_scripts(void *ctx, const struct scan_run_scripts *scripts,
                      const struct scan_tail *so_far, struct err *e)
{
    struct session *s = ctx;
    return scan_output_scripts(&s->output, scripts, so_far, e);
}

static void on_script_log(void *ctx, const char *text)
{
    struct session *s = ctx;
    scan_output_clear_line(&s->output);
    fputs(text, stderr);
}

static void on_trace(void *ctx, const char *line)
{
    struct session *s = ctx;
    scan_output_clear_line(&s->output);
    command_complain("scan", "%s", line);
}

static bool has_no_targets(const struct scan_setup *setup)
{
    return setup->targets.count == 0 && !setup->options.random_forever &&
           !setup->options.random_count;
}

/* The run as the store keeps it, from its beginning to its totals. */
static void publish_begin(struct session *s, const char *args)
{
    s->run = (struct run){.tool = "scan",
                          .args = args,
                          .started_ns = clock_wall_ns(&clock_system),
                          .state = RUN_RUNNING};
    wiring_publish_run(&s->wiring, &s->run);
}

static void publish_end(struct session *s, const struct scan_tail *tail, int rc)
{
    s->run.ended_ns = tail->end_wall_ns;
    s->run.state = rc == 0 ? RUN_DONE : rc == -ECANCELED ? RUN_STOPPED : RUN_FAILED;
    s->run.progress = rc == 0 ? 1 : 0;
    s->run.hosts_total = tail->hosts_total;
    s->run.hosts_up = tail->hosts_up;
    s->run.error = s->run.state == RUN_FAILED ? tail->error : NULL;
    wiring_publish_run(&s->wiring, &s->run);
}

/* Run with reports open.  Returns an exit status. */
static int run_scan(struct session *s, const struct scan_setup *setup)
{
    struct scan_events events = {.ctx = s,
                                 .host = on_host,
                                 .group = on_group,
                                 .hint = on_hint,
                                 .found = on_found,
                                 .task = on_task,
                                 .bad_target = on_bad_target,
                                 .trace = on_trace,
                                 .scripts = on_scripts,
                                 .script_log = on_script_log,
                                 .stop = interrupt_was_asked};
    struct scan_tail tail = {0};
    struct err e = {0}, close_error = {0};
    int rc = scan_run(&setup->options, &events, &clock_system, &tail, &e);
    if (rc < 0)
        tail.error = e.text;
    publish_end(s, &tail, rc);
    int closed = scan_output_close(&s->output, &tail, &close_error);
    struct err store_error = {0};
    int stored = wiring_close(&s->wiring, &store_error);
    if (stored < 0)
        command_complain("scan", "store: %s", store_error.text);
    if (rc < 0)
        command_complain("scan", "%s", e.text);
    else if (closed < 0)
        command_complain("scan", "%s", close_error.text);
    else if (tail.hosts_total == 0 && s->bad_targets == 0)
        command_complain("scan", "no targets are left, so 0 hosts scanned");
    if (rc == -ECANCELED)
        return EXIT_FAILED;
    if (rc < 0)
        return command_status_of(rc);
    return closed < 0 || stored < 0 ? EXIT_ENVIRONMENT : EXIT_DONE;
}

/* Open the reports and the store, and run. */
static int open_and_run(const struct scan_cli *cli, const struct scan_setup *setup,
                        const char *args)
{
    struct session s = {0};
    struct err e = {0}, ignored = {0};
    if (wiring_open(&s.wiring, cli->store_folder, &e) < 0) {
        command_complain("scan", "store: %s", e.text);
        return EXIT_ENVIRONMENT;
    }
    if (scan_output_open(&s.output, cli, &setup->options, args, &clock_system, &e) < 0) {
        struct scan_tail tail = {.error = e.text, .end_wall_ns = clock_wall_ns(&clock_system)};
        scan_output_close(&s.output, &tail, &ignored);
        (void)!wiring_close(&s.wiring, &ignored);
        command_complain("scan", "%s", e.text);
        return EXIT_ENVIRONMENT;
    }
    interrupt_watch();
    publish_begin(&s, args);
    return run_scan(&s, setup);
}

/* Lines of data files that were left out, some of them found broken only when they were needed. */
static void complain_of_lines(const struct scan_setup *setup)
{
    for (size_t i = 0; i < setup->remarks.count; i++)
        command_complain("scan", "%s (left out)", setup->remarks.text[i]);
}

static int scan_with(const struct scan_cli *cli, const struct text_list *words, int argc,
                     char **argv)
{
    struct err e = {0};
    struct scan_setup setup;
    OWN_MEM char *args = command_line(argc, argv);
    int rc = scan_setup_make(&setup, cli, words, &e), status = EXIT_DONE;
    if (rc < 0) {
        command_complain("scan", "%s", e.text);
        status = command_status_of(rc);
    } else if (has_no_targets(&setup)) {
        /* nmap says so, scans nothing, and is content; scripts that feed it lists rely on that */
        command_complain("scan",
                         "no targets were specified, so 0 hosts scanned (picket scan --help)");
    } else {
        if (setup.remark)
            command_complain("scan", "%s", setup.remark);
        status = open_and_run(cli, &setup, args);
        complain_of_lines(&setup);
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

enum { RESUME_WORDS = 3 }; /* "scan --resume FILE" */

static int resume(const char *file);

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
    } else if (cli.check_folder) {
        status = scan_data_check(cli.check_folder);
    } else if (cli.script_help) {
        status = scan_script_help(&cli);
    } else if (cli.iflist) {
        status = print_interfaces();
    } else if (cli.resume_file && argc > RESUME_WORDS) {
        command_complain("scan", "--resume takes no other options or targets: they stand in the "
                                 "report");
        status = EXIT_USAGE;
    } else if (cli.resume_file) {
        status = resume(cli.resume_file);
    } else {
        status = scan_with(&cli, &words, argc, argv);
    }
    text_list_done(&words);
    return status;
}

/* Parse the command line of the report and go on behind its last host. */
static int resume_with(const struct scan_resume *left, struct text_list *line)
{
    struct scan_cli cli = scan_cli_default();
    struct text_list words = {0};
    struct err e = {0};
    int argc = (int)line->count - 1, status; /* without "picket" */
    char **argv = (char **)line->text + 1;   /* option_parse changes none of them */
    if (argc < 1 || strcmp(argv[0], "scan") != 0 ||
        option_parse(&scan_cli_table, argc, argv, &cli, &words, &e) < 0 || cli.resume_file) {
        command_complain("scan", "--resume: the report's command line: %s",
                         e.code ? e.text : "it is no scan");
        status = EXIT_USAGE;
    } else {
        cli.resume = left;
        status = scan_with(&cli, &words, argc, argv);
    }
    text_list_done(&words);
    return status;
}

static int resume(const char *file)
{
    struct scan_resume left = {0};
    struct text_list line = {0};
    struct arena arena = {0};
    struct err e = {0};
    int status;
    if (scan_resume_read(&left, file, &e) < 0 ||
        scan_resume_words(left.args, &arena, &line, &e) < 0) {
        command_complain("scan", "--resume: %s", e.text);
        status = command_status_of(e.code);
    } else {
        status = resume_with(&left, &line);
    }
    text_list_done(&line);
    arena_done(&arena);
    scan_resume_done(&left);
    return status;
}

const struct command command_scan = {
    .name = "scan",
    .beside = "nmap",
    .summary = "which hosts are up, which ports are open",
    .options = &scan_cli_table,
    .run = run,
};
