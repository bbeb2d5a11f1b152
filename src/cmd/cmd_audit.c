/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picket audit: options, files, exit status; the audit itself is tool/audit. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cmd/command.h"
#include "cmd/interrupt.h"
#include "cmd/program.h"
#include "cmd/wiring.h"
#include "core/base/mem.h"
#include "core/base/own.h"
#include "hub/outlet/audit_html.h"
#include "hub/outlet/audit_json.h"
#include "hub/outlet/audit_text.h"
#include "sys/io/file.h"
#include "tool/audit/audit.h"
#include "tool/audit/close.h"
#include "tool/scan/facts.h"

struct audit_cli {
    bool help, json, quiet;
    const char *only, *folder, *fail_on, *store, *close, *reopen;
};

#define FIELD(name) offsetof(struct audit_cli, name)

static const struct option rows[] = {
    {NULL, "only", OPTION_TEXT, "PARTS", FIELD(only),
     .help = "run these parts, separated by commas (below)"},
    {NULL, "out", OPTION_TEXT, "DIR", FIELD(folder),
     .help = "write picket-audit.html and picket-audit.json there"},
    {NULL, "close", OPTION_TEXT, "PORT", FIELD(close),
     .help = "close this port (tcp/22) of this machine to others, and audit nothing"},
    {NULL, "reopen", OPTION_TEXT, "PORT", FIELD(reopen), .help = "undo that"},
    {NULL, "store", OPTION_TEXT, "DIR", FIELD(store),
     .help = "keep run and findings in this store (picket's own is /var/lib/picket)"},
    {NULL, "json", OPTION_SET, NULL, FIELD(json),
     .help = "print the report as JSON instead of text"},
    {NULL, "fail-on", OPTION_TEXT, "SEVERITY", FIELD(fail_on),
     .help = "exit status 1 when a finding is at least low, medium, high or critical"},
    {"q", "quiet", OPTION_SET, NULL, FIELD(quiet), .help = "print nothing but errors"},
    {"h", "help", OPTION_SET, NULL, FIELD(help), .help = "print this"},
};

static const struct option_group groups[] = {{"Options", rows, ARRAY_COUNT(rows)}};

static const struct option_table table = {
    .command = "audit",
    .synopsis = "[OPTION...] [TARGET...]",
    .summary = "what this machine (or TARGET) exposes, to whom, and how to close it",
    .group = groups,
    .group_count = ARRAY_COUNT(groups),
};

static void print_help(void)
{
    struct str text = str_of(0);
    option_help(&table, &text);
    str_add(&text, "\nParts:\n");
    for (size_t i = 0; audit_parts[i]; i++)
        str_addf(&text, "  %-10s %s\n", audit_parts[i]->name, audit_parts[i]->doc);
    fputs(str_text(&text), stdout);
    str_done(&text);
}

/* On a terminal: what is being done. */
static void on_progress(void *ctx, const char *host, const char *part)
{
    (void)ctx;
    fprintf(stderr, "\r\033[K%s: %s ...", host, part);
    fflush(stderr);
}

static unsigned terminal_width(void)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col < AUDIT_TEXT_WIDTH_MIN)
        return AUDIT_TEXT_WIDTH;
    return size.ws_col < 120 ? size.ws_col : 120;
}

static void print_report(const struct audit_cli *cli, const struct audit_report *report)
{
    struct str text = str_of(0);
    bool terminal = isatty(STDOUT_FILENO) == 1;
    struct audit_text_style style = {.width = terminal ? terminal_width() : AUDIT_TEXT_WIDTH,
                                     .colour = terminal};
    if (cli->json)
        audit_json_write(report, &text);
    else if (!cli->quiet)
        audit_text_write(report, &style, &text);
    fputs(str_text(&text), stdout);
    str_done(&text);
}

static int write_file(const char *folder, const char *name, struct str *text, struct err *e)
{
    struct str path = str_of(0);
    str_addf(&path, "%s/%s", folder, name);
    int rc = file_replace(str_text(&path), str_text(text), text->len, 0640, e);
    str_done(&path);
    return rc;
}

static int write_files(const char *folder, const struct audit_report *report, struct err *e)
{
    struct str html = str_of(0), json = str_of(0);
    audit_html_write(report, &html);
    audit_json_write(report, &json);
    int rc = file_make_folders(folder, 0750, e);
    if (rc == 0)
        rc = write_file(folder, "picket-audit.html", &html, e);
    if (rc == 0)
        rc = write_file(folder, "picket-audit.json", &json, e);
    str_done(&html);
    str_done(&json);
    return rc;
}

/* The run and what should be put right, into the store. */
static int keep(const char *folder, const struct audit_report *report, int rc, struct err *e)
{
    struct wiring w;
    if (wiring_open(&w, folder, e) < 0)
        return e->code;
    struct run run = {.tool = "audit",
                      .args = report->args,
                      .started_ns = report->start_wall_ns,
                      .ended_ns = report->end_wall_ns,
                      .state = rc == 0 ? RUN_DONE : RUN_STOPPED,
                      .progress = rc == 0 ? 1 : 0,
                      .hosts_total = report->host_count,
                      .hosts_up = report->host_count};
    for (size_t h = 0; h < report->host_count && w.port; h++) {
        const struct audit_host *host = &report->host[h];
        run.findings += host->finding_count;
        for (size_t i = 0; i < host->finding_count; i++) {
            struct record r = {.kind = RECORD_FINDING, .finding = host->finding[i]};
            bus_publish_wait(w.port, &r);
        }
        if (host->scan)
            facts_publish(w.port, host->scan, report->end_wall_ns);
    }
    wiring_publish_run(&w, &run);
    return wiring_close(&w, e);
}

static int finish(const struct audit_cli *cli, const struct audit_report *report, int fail_on)
{
    struct err e = {0};
    print_report(cli, report);
    if (cli->folder && write_files(cli->folder, report, &e) < 0) {
        command_complain("audit", "%s", e.text);
        return EXIT_ENVIRONMENT;
    }
    if (cli->folder && !cli->quiet && !cli->json)
        printf("\nReport: %s/picket-audit.html\n", cli->folder);
    return fail_on >= 0 && audit_report_worst(report) >= fail_on ? EXIT_FAILED : EXIT_DONE;
}

static int audit_with(const struct audit_cli *cli, const struct text_list *words, int argc,
                      char **argv)
{
    struct err e = {0};
    struct arena arena = {0};
    struct audit_report report;
    struct service_table services;
    OWN_MEM char *args = command_line(argc, argv);
    int fail_on = cli->fail_on ? severity_from_name(cli->fail_on) : -1;
    if (cli->fail_on && fail_on < 0) {
        command_complain("audit",
                         "--fail-on: \"%s\" is no severity (info, low, medium, high, critical)",
                         cli->fail_on);
        return EXIT_USAGE;
    }
    if (service_table_open(&services, NULL, &e) < 0) {
        command_complain("audit", "%s", e.text);
        return EXIT_ENVIRONMENT;
    }
    bool shows_progress = !cli->quiet && isatty(STDERR_FILENO) == 1;
    struct audit_options options = {.targets = words,
                                    .services = &services,
                                    .program = program_to_type(&arena),
                                    .only = cli->only,
                                    .args = args,
                                    .stop = interrupt_was_asked,
                                    .progress = shows_progress ? on_progress : NULL};
    interrupt_watch();
    int rc = audit_run(&options, &clock_system, &arena, &report, &e);
    if (shows_progress)
        fputs("\r\033[K", stderr);
    int status;
    if (rc < 0 && rc != -ECANCELED) {
        command_complain("audit", "%s", e.text);
        status = command_status_of(rc);
    } else {
        status = finish(cli, &report, fail_on);
        if (keep(cli->store, &report, rc, &e) < 0) {
            command_complain("audit", "store: %s", e.text);
            status = EXIT_ENVIRONMENT;
        }
        if (rc == -ECANCELED) {
            command_complain("audit", "interrupted: the report holds what was done");
            status = EXIT_FAILED;
        }
    }
    arena_done(&arena);
    service_table_done(&services);
    return status;
}

static int change_port(const struct audit_cli *cli)
{
    struct close_port port;
    struct err e = {0};
    struct arena arena = {0};
    const char *text = cli->close ? cli->close : cli->reopen;
    int rc = close_port_parse(&port, text, &e);
    if (rc == 0)
        rc = cli->close ? close_port_apply(&port, &e) : close_port_undo(&port, &e);
    if (rc < 0)
        command_complain("audit", "%s: %s", cli->close ? "--close" : "--reopen", e.text);
    else if (cli->close && !cli->quiet)
        printf("%s is closed to other machines, until the next boot or flush of the firewall.\n"
               "undo  %s audit --reopen %s\n"
               "keep  nft list table inet picket >> /etc/nftables.conf\n",
               text, program_to_type(&arena), text);
    arena_done(&arena);
    return rc == 0 ? EXIT_DONE : command_status_of(rc);
}

static int run(int argc, char **argv)
{
    struct audit_cli cli = {0};
    struct text_list words = {0};
    struct err e = {0};
    int status = EXIT_DONE;
    if (option_parse(&table, argc, argv, &cli, &words, &e) < 0) {
        command_complain("audit", "%s", e.text);
        status = EXIT_USAGE;
    } else if (cli.help) {
        print_help();
    } else if (cli.close && cli.reopen) {
        command_complain("audit", "--close and --reopen exclude each other");
        status = EXIT_USAGE;
    } else if (cli.close || cli.reopen) {
        status = change_port(&cli);
    } else {
        status = audit_with(&cli, &words, argc, argv);
    }
    text_list_done(&words);
    return status;
}

const struct command command_audit = {
    .name = "audit",
    .summary = "what this machine (or another) exposes, to whom, and how to close it",
    .options = &table,
    .run = run,
};
