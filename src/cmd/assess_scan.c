/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picket assess scan: options in, findings out. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd/assess.h"
#include "cmd/command.h"
#include "cmd/interrupt.h"
#include "core/base/mem.h"
#include "core/text/json.h"
#include "hub/outlet/scan_words.h"
#include "sys/io/resolver.h"
#include "tool/assess/worker.h"

struct scan_args {
    bool help, json, unsafe, no_own, log, keeps_user;
    const char *feed, *ports, *fail_on;
    struct text_list keys, only;
    int64_t check_ns, host_ns, quality;
};

#define FIELD(name) offsetof(struct scan_args, name)

static const struct option rows[] = {
    {NULL, "feed", OPTION_TEXT, "DIR", FIELD(feed),
     .help = "run the scripts of this folder, too (see assess feed check)"},
    {NULL, "no-own", OPTION_SET, NULL, FIELD(no_own), .help = "leave out picket's own checks"},
    {NULL, "only", OPTION_LIST, "WHAT", FIELD(only),
     .help = "only this OID, file or family and what it depends on; may be repeated"},
    {"p", "ports", OPTION_TEXT, "PORTS", FIELD(ports),
     .help = "ask these TCP ports (the 1000 likeliest, and those of checks)"},
    {"k", "key", OPTION_LIST, "KEY=VALUE", FIELD(keys),
     .help = "put this into each host's knowledge base; may be repeated"},
    {NULL, "unsafe", OPTION_SET, NULL, FIELD(unsafe),
     .help = "run checks that may harm the host, too"},
    {NULL, "check-time", OPTION_DURATION, "TIME", FIELD(check_ns),
     .help = "end a check after this time (320s)"},
    {NULL, "host-time", OPTION_DURATION, "TIME", FIELD(host_ns),
     .help = "end a host's checks after this time"},
    {NULL, "min-quality", OPTION_INT, "PERCENT", FIELD(quality), .min = 0, .max = 100,
     .help = "leave out findings whose quality of detection is less (70)"},
    {NULL, "log", OPTION_SET, NULL, FIELD(log), .help = "print what is no weakness, too"},
    {NULL, "json", OPTION_SET, NULL, FIELD(json), .help = "print one JSON object a line"},
    {NULL, "fail-on", OPTION_TEXT, "SEVERITY", FIELD(fail_on),
     .help = "exit status 1 when a finding is at least low, medium, high or critical"},
    {NULL, "keep-user", OPTION_SET, NULL, FIELD(keeps_user),
     .help = "stay root where a feed's folder is readable for root alone"},
    {"h", "help", OPTION_SET, NULL, FIELD(help), .help = "print this"},
};

static const struct option_group groups[] = {{"Options", rows, ARRAY_COUNT(rows)}};

static const struct option_table table = {
    .command = "assess scan",
    .synopsis = "[OPTION...] HOST...",
    .summary = "test hosts for weaknesses",
    .group = groups,
    .group_count = ARRAY_COUNT(groups),
};

struct telling {
    const struct scan_args *args;
    int worst;
    size_t told;
};

static const char *proto_name(uint8_t ip_proto)
{
    return ip_proto == 17 ? "udp" : ip_proto == 6 ? "tcp" : "";
}

static void print_json(const struct finding *f)
{
    char ip[ADDR_TEXT_MAX];
    struct str line = str_of(0);
    struct json_out writer = json_out_of(&line), *j = &writer;
    json_object(j, NULL);
    json_text(j, "host", addr_format(&f->host, ip));
    json_i64(j, "port", f->port);
    json_text(j, "protocol", proto_name(f->ip_proto));
    json_text(j, "test", f->test);
    json_text(j, "name", f->name);
    json_text(j, "severity", severity_name(f->severity));
    if (f->cvss >= 0)
        json_double(j, "cvss", f->cvss, 1);
    json_i64(j, "quality", f->quality);
    json_text(j, "evidence", f->evidence);
    if (f->cure)
        json_text(j, "cure", f->cure);
    if (f->refs)
        json_text(j, "references", f->refs);
    json_end(j);
    puts(str_text(&line));
    str_done(&line);
}

/* A stranger's words, indented. */
static void print_evidence(const char *text)
{
    for (const char *line = text; *line;) {
        size_t len = strcspn(line, "\n");
        struct str safe = str_of(0), one = str_of(0);
        str_add_len(&one, line, len);
        scan_words_clean(&safe, str_text(&one));
        if (len)
            printf("    %s\n", str_text(&safe));
        str_done(&safe);
        str_done(&one);
        line += len + (line[len] == '\n');
    }
}

static void print_text(const struct finding *f)
{
    char ip[ADDR_TEXT_MAX], port[16] = "";
    if (f->port)
        snprintf(port, sizeof port, " %s/%u", proto_name(f->ip_proto), f->port);
    printf("%-8s ", severity_name(f->severity));
    if (f->cvss >= 0)
        printf("%4.1f ", f->cvss);
    printf("%s%s  %s  (%s)\n", addr_format(&f->host, ip), port, f->name, f->test);
    print_evidence(f->evidence);
    if (f->cure)
        printf("    cure: %s\n", f->cure);
}

static void on_found(void *ctx, const struct finding *f)
{
    struct telling *t = ctx;
    if (f->quality < t->args->quality || (f->severity == SEVERITY_INFO && !t->args->log))
        return;
    if (t->args->json)
        print_json(f);
    else
        print_text(f);
    fflush(stdout);
    t->told++;
    if ((int)f->severity > t->worst)
        t->worst = (int)f->severity;
}

static void on_fault(void *ctx, const struct assess_target *target, const char *words)
{
    char ip[ADDR_TEXT_MAX];
    struct str safe = str_of(0);
    (void)ctx;
    scan_words_clean(&safe, words);
    fprintf(stderr, "%s: %s\n", addr_format(&target->addr, ip), str_text(&safe));
    str_done(&safe);
}

static int find_targets(const struct text_list *words, struct assess_target *out, struct err *e)
{
    for (size_t i = 0; i < words->count; i++) {
        size_t count = 0;
        struct err unused = {0};
        if (addr_parse(&out[i].addr, words->text[i], &unused) == 0)
            continue;
        out[i].name = words->text[i];
        int rc = resolver_lookup(words->text[i], ADDR_NONE, &out[i].addr, 1, &count, e);
        if (rc == 0 && !count)
            rc = err_set(e, -ENOENT, "%s has no address", words->text[i]);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static int scan(const struct scan_args *args, const struct text_list *words)
{
    struct service_table services;
    struct port_set tcp = {0}, all = {0};
    struct err e = {0};
    struct assess_totals totals = {0};
    struct assess_target *targets = mem_zero(words->count * sizeof *targets);
    struct telling telling = {.args = args, .worst = -1};
    int fail_on = args->fail_on ? severity_from_name(args->fail_on) : -1, status = EXIT_DONE;
    int rc = service_table_open(&services, NULL, &e);
    bool opened = rc == 0;
    if (rc == 0 && args->fail_on && fail_on < 0)
        rc = err_set(&e, -EINVAL, "--fail-on: \"%s\" is no severity", args->fail_on);
    if (rc == 0 && args->ports)
        rc = port_set_parse(&tcp, args->ports, &e);
    port_set_add_range(&all, 1, PORT_COUNT - 1);
    if (rc == 0 && !args->ports)
        service_table_top(&services, SCAN_TCP, 1000, &all, &tcp);
    if (rc == 0)
        rc = find_targets(words, targets, &e);
    struct assess_task task = {.target = targets,
                               .target_count = words->count,
                               .feed = args->feed,
                               .own = !args->no_own,
                               .tcp = &tcp,
                               .also_usual = !args->ports,
                               .services = &services,
                               .keys = &args->keys,
                               .only = &args->only,
                               .unsafe = args->unsafe,
                               .keeps_user = args->keeps_user,
                               .budget = {(uint64_t)args->check_ns, (uint64_t)args->host_ns, 0},
                               .stop = interrupt_was_asked,
                               .found = on_found,
                               .fault = on_fault,
                               .ctx = &telling};
    interrupt_watch();
    if (rc == 0)
        rc = assess_work(&task, &totals, &e);
    if (rc < 0) {
        command_complain("assess scan", "%s", e.text);
        status = command_status_of(rc);
    } else if (!args->json) {
        printf("%s%llu host%s, %llu open ports, %llu checks ran (%llu did not apply, %llu failed), "
               "%zu findings\n",
               telling.told ? "\n" : "", (unsigned long long)totals.hosts,
               totals.hosts == 1 ? "" : "s", (unsigned long long)totals.open_ports,
               (unsigned long long)totals.ran, (unsigned long long)totals.left_out,
               (unsigned long long)totals.failed, telling.told);
    }
    if (status == EXIT_DONE && fail_on >= 0 && telling.worst >= fail_on)
        status = EXIT_FAILED;
    if (opened)
        service_table_done(&services);
    mem_free(targets);
    return status;
}

int assess_scan_run(int argc, char **argv)
{
    struct scan_args args = {.quality = 70};
    struct text_list words = {0};
    struct err e = {0};
    int status = EXIT_USAGE;
    if (option_parse(&table, argc, argv, &args, &words, &e) < 0) {
        command_complain("assess scan", "%s", e.text);
    } else if (args.help) {
        struct str text = str_of(0);
        option_help(&table, &text);
        fputs(str_text(&text), stdout);
        str_done(&text);
        status = EXIT_DONE;
    } else if (!words.count) {
        command_complain("assess scan", "which host?");
    } else {
        status = scan(&args, &words);
    }
    text_list_done(&words);
    text_list_done(&args.keys);
    text_list_done(&args.only);
    return status;
}
