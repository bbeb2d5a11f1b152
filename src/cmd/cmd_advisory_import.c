/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picket advisory import: files in, records out. */
#include <errno.h>
#include <stdio.h>

#include "cmd/cmd_advisory.h"
#include "cmd/command.h"
#include "tool/advisory/import.h"

struct taking {
    struct str line;
    uint64_t taken, refused;
    bool print;
};

static void print_line(struct taking *t)
{
    if (t->print)
        puts(str_text(&t->line));
    str_reset(&t->line);
    t->taken++;
}

static int take_advisory(void *ctx, const struct advisory *a, struct err *e)
{
    struct taking *t = ctx;
    (void)e;
    advisory_to_json(a, &t->line);
    print_line(t);
    return 0;
}

static void on_refused(void *ctx, const char *what, const char *why)
{
    struct taking *t = ctx;
    t->refused++;
    command_complain("advisory", "import: %s: %s", what, why);
}

static int status_of(const struct taking *t)
{
    if (t->refused == 0 && t->taken > 0)
        return EXIT_DONE;
    if (t->taken == 0 && t->refused == 0)
        command_complain("advisory", "import: nothing in it");
    return t->taken ? EXIT_FAILED : EXIT_USAGE;
}

int advisory_import(const struct advisory_cli *cli, const struct text_list *words)
{
    struct taking t = {.line = str_of(0), .print = cli->json};
    struct import_options options = {cli->format, &cli->http_headers, cli->base_url};
    struct advisory_sink sink = {
        .ctx = &t, .advisory = take_advisory, .refused = on_refused};
    struct import_counts counts = {0};
    struct err e = {0};
    int rc = 0;
    if (words->count == 0) {
        command_complain("advisory", "import: a file or folder is needed");
        return EXIT_USAGE;
    }
    for (size_t i = 0; rc == 0 && i < words->count; i++)
        rc = import_path(words->text[i], &options, &sink, &counts, &e);
    if (rc < 0)
        command_complain("advisory", "import: %s", e.text);
    str_done(&t.line);
    return rc < 0 ? EXIT_USAGE : status_of(&t);
}
