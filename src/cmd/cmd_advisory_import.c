/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picket advisory import: files in, records out, into the store or both. */
#include <errno.h>
#include <stdio.h>

#include "cmd/cmd_advisory.h"
#include "cmd/command.h"
#include "tool/advisory/feed_document.h"
#include "tool/advisory/import.h"
#include "tool/advisory/keep.h"
#include "tool/advisory/mail.h"

struct taking {
    struct str line;
    uint64_t taken, refused;
    bool print;
    struct keep *keep;         /* NULL: there is no store */
    struct advisory_sink into; /* the store's */
};

static void print_line(struct taking *t)
{
    if (t->print)
        puts(str_text(&t->line));
    str_reset(&t->line);
}

static int take_advisory(void *ctx, const struct advisory *a, struct err *e)
{
    struct taking *t = ctx;
    t->taken++;
    if (t->print)
        advisory_to_json(a, &t->line);
    print_line(t);
    return t->keep ? t->into.advisory(t->into.ctx, a, e) : 0;
}

static int take_mail(void *ctx, const struct advisory_mail *mail, struct err *e)
{
    struct taking *t = ctx;
    t->taken++;
    if (t->print)
        mail_to_json(mail, &t->line);
    print_line(t);
    return t->keep ? t->into.mail(t->into.ctx, mail, e) : 0;
}

static int print_feed(void *ctx, const struct feed_document *doc, struct err *e)
{
    struct taking *t = ctx;
    (void)e;
    t->taken++;
    feed_document_to_json(doc, &t->line);
    print_line(t);
    return 0;
}

static int take_tracker(void *ctx, const struct tracker_entry *entry, struct err *e)
{
    struct taking *t = ctx;
    t->taken++;
    return t->into.tracker(t->into.ctx, entry, e);
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

static int read_all(const struct advisory_cli *cli, const struct text_list *words, struct taking *t,
                    struct err *e)
{
    struct import_options options = {cli->format, &cli->http_headers, cli->base_url};
    struct advisory_sink sink = {.ctx = t,
                                 .advisory = take_advisory,
                                 .mail = take_mail,
                                 .feed = t->keep ? NULL : print_feed,
                                 .tracker = t->keep && !t->print ? take_tracker : NULL,
                                 .refused = on_refused};
    struct import_counts counts = {0};
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < words->count; i++)
        rc = import_path(words->text[i], &options, &sink, &counts, e);
    return rc;
}

static int read_into_store(const struct advisory_cli *cli, const struct text_list *words,
                           struct taking *t, struct err *e)
{
    struct advisory_store *store;
    struct keep keep;
    if (advisory_store_open(&store, cli->db, STORE_WRITE, e) < 0)
        return e->code;
    int rc = keep_begin(&keep, store, &clock_system, e);
    if (rc == 0) {
        t->keep = &keep;
        t->into = keep_sink(&keep);
        rc = read_all(cli, words, t, e);
        rc = keep_done(&keep, rc, e);
        if (rc == 0 && !t->print)
            printf("%llu advisories, %llu new or changed\n", (unsigned long long)keep.taken,
                   (unsigned long long)keep.news);
    }
    advisory_store_close(store);
    return rc;
}

int advisory_import(const struct advisory_cli *cli, const struct text_list *words)
{
    struct taking t = {.line = str_of(0), .print = cli->json};
    struct err e = {0};
    if (words->count == 0) {
        command_complain("advisory", "import: a file or folder is needed");
        return EXIT_USAGE;
    }
    if (!cli->db && !cli->json) {
        command_complain("advisory", "import: say where to: --db FILE, --json, or both");
        return EXIT_USAGE;
    }
    int rc = cli->db ? read_into_store(cli, words, &t, &e) : read_all(cli, words, &t, &e);
    if (rc < 0)
        command_complain("advisory", "import: %s", e.text);
    str_done(&t.line);
    return rc < 0 ? EXIT_USAGE : status_of(&t);
}
