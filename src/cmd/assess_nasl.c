/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picket assess nasl: scripts by themselves, as openvas-nasl runs them.  Such a script is the
 * user's own word: built-ins that touch this machine's files work. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd/assess.h"
#include "cmd/command.h"
#include "cmd/interrupt.h"
#include "core/base/mem.h"
#include "sys/io/resolver.h"
#include "tool/nasl/meta_json.h"
#include "tool/nasl/vm.h"

enum { KB_BYTES_MAX = 256 << 20 };

struct nasl_cli {
    bool help, parse, describe;
    const char *target, *ports;
    struct text_list folders, keys;
    int64_t timeout_ns, memory_mib;
};

#define FIELD(name) offsetof(struct nasl_cli, name)

static const struct option rows[] = {
    {"t", "target", OPTION_TEXT, "HOST", FIELD(target), .help = "the host under test (127.0.0.1)"},
    {"i", "include", OPTION_LIST, "DIR", FIELD(folders),
     .help = "look for include files here, too; may be repeated"},
    {"k", "key", OPTION_LIST, "KEY=VALUE", FIELD(keys),
     .help = "put this into the knowledge base; may be repeated"},
    {"r", "ports", OPTION_TEXT, "PORTS", FIELD(ports),
     .help = "the ports that count as scanned (1-1024)"},
    {"p", "parse", OPTION_SET, NULL, FIELD(parse), .help = "only compile the scripts"},
    {"D", "describe", OPTION_SET, NULL, FIELD(describe),
     .help = "print what each script says of itself, one JSON object a line"},
    {NULL, "timeout", OPTION_DURATION, "TIME", FIELD(timeout_ns),
     .help = "end a script after this time"},
    {NULL, "memory", OPTION_INT, "MIB", FIELD(memory_mib), .min = 1, .max = 65536,
     .help = "end a script that needs more memory (256)"},
    {"h", "help", OPTION_SET, NULL, FIELD(help), .help = "print this"},
};

static const struct option_group groups[] = {{"Options", rows, ARRAY_COUNT(rows)}};

static const struct option_table table = {
    .command = "assess nasl",
    .synopsis = "[OPTION...] FILE...",
    .summary = "run NASL scripts by themselves",
    .group = groups,
    .group_count = ARRAY_COUNT(groups),
};

static void on_note(void *ctx, const char *file, uint32_t line, const char *words)
{
    (void)ctx;
    fprintf(stderr, "%s:%u: %s\n", file, line, words);
}

static void on_display(void *ctx, const char *text, size_t len)
{
    (void)ctx;
    fwrite(text, 1, len, stdout);
}

static void on_report(void *ctx, const struct nasl_report *r)
{
    (void)ctx;
    printf("%s\n", *r->text ? r->text : "Success");
}

/* One file: compiled, then described or run.  0, or -1 when it has told its fault. */
static int do_file(struct nasl_library *l, const struct nasl_cli *cli, struct nasl_host *h,
                   const char *path)
{
    static const char *const ends[] = {
        [NASL_TIMED_OUT] = "over its budget of time",
        [NASL_TOO_LARGE] = "over its budget of memory",
        [NASL_TOO_DEEP] = "calls nested too deeply",
        [NASL_STOPPED] = "interrupted",
    };
    struct nasl_unit *u;
    struct err e = {0};
    if (nasl_compile_file(l, path, &u, &e) < 0) {
        fprintf(stderr, "%s\n", e.text);
        return -1;
    }
    enum nasl_end end = NASL_RAN;
    if (!cli->parse) {
        struct nasl_meta meta;
        const char *slash = strrchr(path, '/');
        struct nasl_run how = {.description = cli->describe,
                               .command_line = !cli->describe,
                               .name = slash ? slash + 1 : path,
                               .time_ns = (uint64_t)cli->timeout_ns,
                               .memory = (size_t)cli->memory_mib << 20};
        nasl_meta_init(&meta);
        h->meta = &meta;
        end = nasl_run(l, u, h, &how);
        if (cli->describe) {
            struct str json = str_of(0);
            nasl_meta_write_json(&meta, path, &json);
            puts(str_text(&json));
            str_done(&json);
        }
        nasl_meta_done(&meta);
    }
    nasl_unit_free(u);
    if (end != NASL_RAN)
        fprintf(stderr, "%s: %s\n", path, ends[end]);
    return end == NASL_RAN ? 0 : -1;
}

static int find_target(const char *text, struct addr *out, struct err *e)
{
    size_t count = 0;
    if (addr_parse(out, text, e) == 0)
        return 0;
    *e = (struct err){0};
    int rc = resolver_lookup(text, ADDR_NONE, out, 1, &count, e);
    return rc == 0 && !count ? err_set(e, -ENOENT, "%s has no address", text) : rc;
}

static int fill_kb(struct nasl_kb *kb, const struct text_list *keys, struct err *e)
{
    for (size_t i = 0; i < keys->count; i++) {
        const char *equals = strchr(keys->text[i], '=');
        if (!equals || equals == keys->text[i])
            return err_set(e, -EINVAL, "--key: \"%s\" is no KEY=VALUE", keys->text[i]);
        struct str key = str_of(0);
        str_add_len(&key, keys->text[i], (size_t)(equals - keys->text[i]));
        (void)nasl_kb_add_text(kb, str_text(&key), equals + 1);
        str_done(&key);
    }
    return 0;
}

static int set_host(const struct nasl_cli *cli, struct nasl_host *h, struct port_set *ports,
                    char ip[ADDR_TEXT_MAX], struct err *e)
{
    int rc = find_target(cli->target, &h->addr, e);
    if (rc == 0)
        rc = port_set_parse(ports, cli->ports, e);
    if (rc == 0)
        rc = fill_kb(h->kb, &cli->keys, e);
    if (rc < 0)
        return rc;
    h->ip = addr_format(&h->addr, ip);
    h->ports = ports;
    struct addr literal;
    struct err unused = {0};
    if (addr_parse(&literal, cli->target, &unused) < 0)
        h->name[h->name_count++] = (struct nasl_host_name){cli->target, "user"};
    return 0;
}

static int run_files(const struct nasl_cli *cli, const struct text_list *files)
{
    struct rng rng = rng_system();
    struct port_set ports = {0};
    struct err e = {0};
    char ip[ADDR_TEXT_MAX];
    struct nasl_host h = {
        .kb = nasl_kb_new(KB_BYTES_MAX, &clock_system),
        .safe_checks = true,
        .trusted = !cli->describe,
        .read_timeout_ns = 5 * NS_PER_S,
        .clock = &clock_system,
        .rng = &rng,
        .display = on_display,
        .report = on_report,
        .note = on_note,
        .stop = interrupt_was_asked,
    };
    struct nasl_library *l = nasl_library_new(on_note, NULL);
    int status = EXIT_DONE, rc = set_host(cli, &h, &ports, ip, &e);
    for (size_t i = 0; i < cli->folders.count; i++)
        nasl_library_add_folder(l, cli->folders.text[i]);
    if (rc < 0) {
        command_complain("assess nasl", "%s", e.text);
        status = command_status_of(rc);
    }
    interrupt_watch();
    for (size_t i = 0; rc == 0 && i < files->count && !interrupt_was_asked(NULL); i++)
        if (do_file(l, cli, &h, files->text[i]) < 0)
            status = EXIT_FAILED;
    nasl_library_free(l);
    nasl_kb_free(h.kb);
    return status;
}

int assess_nasl_run(int argc, char **argv)
{
    struct nasl_cli cli = {.target = "127.0.0.1", .ports = "1-1024"};
    struct text_list words = {0};
    struct err e = {0};
    int status = EXIT_USAGE;
    if (option_parse(&table, argc, argv, &cli, &words, &e) < 0) {
        command_complain("assess nasl", "%s", e.text);
    } else if (cli.help) {
        struct str text = str_of(0);
        option_help(&table, &text);
        fputs(str_text(&text), stdout);
        str_done(&text);
        status = EXIT_DONE;
    } else if (!words.count) {
        command_complain("assess nasl", "which script?");
    } else {
        status = run_files(&cli, &words);
    }
    text_list_done(&words);
    text_list_done(&cli.folders);
    text_list_done(&cli.keys);
    return status;
}
