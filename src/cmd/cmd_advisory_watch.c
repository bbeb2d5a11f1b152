/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picket advisory watch: ask again and again, and tell what is new. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "cmd/cmd_advisory.h"
#include "cmd/command.h"
#include "sys/io/file.h"
#include "tool/advisory/watch.h"

enum { SECRET_MAX = 1024 };

static const int64_t every_default = 3600LL * 1000000000;

/* "22:00-07:30" in minutes. */
static int read_quiet(const char *text, struct notify_options *o, struct err *e)
{
    int from_hour, from, to_hour, to, end = 0;
    /* NOLINTNEXTLINE(cert-err34-c): two digits cannot overflow */
    if (sscanf(text, "%2d:%2d-%2d:%2d%n", &from_hour, &from, &to_hour, &to, &end) != 4 ||
        text[end] || from_hour < 0 || from_hour > 23 || to_hour < 0 || to_hour > 23 || from < 0 ||
        from > 59 || to < 0 || to > 59)
        return err_set(e, -EINVAL, "--quiet is HH:MM-HH:MM, not \"%s\"", text);
    o->quiet_from = from_hour * 60 + from;
    o->quiet_to = to_hour * 60 + to;
    return 0;
}

static int read_secret(const char *path, struct arena *arena, const char **out, struct err *e)
{
    struct str text = str_of(SECRET_MAX);
    int rc = file_read(path, &text, e);
    if (rc == 0)
        *out = arena_copy(arena, str_text(&text), strcspn(str_text(&text), "\n"));
    str_done(&text);
    return rc;
}

static void on_refused(void *ctx, const char *what, const char *why)
{
    (void)ctx;
    (void)what; /* the cause names the address */
    command_complain("advisory", "watch: %s", why);
}

static int rounds(const struct advisory_cli *cli, struct watch *w, struct err *e)
{
    int64_t every = cli->every ? cli->every : every_default;
    struct timespec span = {.tv_sec = every / 1000000000, .tv_nsec = every % 1000000000};
    bool failed = false;
    for (;;) {
        struct err why = {0};
        size_t told = 0;
        uint64_t refused = w->fetch.counts.refused;
        int rc = watch_round(w, e);
        if (rc < 0)
            return rc;
        failed = w->fetch.counts.refused > refused;
        if (notify_flush(w->notify, &told, &why) < 0) {
            command_complain("advisory", "watch: %s", why.text);
            failed = true;
        }
        if (cli->once) {
            printf("%llu alerts, %zu told, %zu waiting\n", (unsigned long long)w->queued, told,
                   notify_waiting(w->notify));
            return failed ? err_set(e, -EIO, "not all of it worked") : 0;
        }
        nanosleep(&span, NULL);
    }
}

static int prepare(const struct advisory_cli *cli, struct arena *arena, struct watch *w,
                   struct inventory *inventory, struct mail_server servers[2], struct err *e)
{
    int rc = 0;
    if (!cli->all) {
        rc = advisory_inventory(cli, arena, inventory, &w->suite, e);
        w->inventory = inventory;
    }
    rc = rc < 0 ? rc : advisory_mail_server(cli, cli->smtp, arena, &servers[0], e);
    rc = rc < 0 ? rc : advisory_mail_server(cli, cli->imap, arena, &servers[1], e);
    w->receive = (struct receive_options){.subscriptions = cli->subscriptions,
                                          .smtp = cli->smtp ? &servers[0] : NULL,
                                          .clock = &clock_system,
                                          .refused = on_refused};
    w->imap = cli->imap ? &servers[1] : NULL;
    w->maildir = cli->maildir;
    if (rc == 0 && (cli->imap || cli->maildir) && !cli->subscriptions)
        rc = err_set(e, -EINVAL, "mail needs --subscriptions");
    return rc;
}

static int watch(const struct advisory_cli *cli, const struct text_list *urls, struct arena *arena,
                 struct err *e)
{
    struct watch w = {.urls = urls};
    struct notify_options o = {
        .targets = &cli->tell, .smtp = cli->smtp, .from = cli->from, .ca = cli->ca};
    struct inventory inventory = {0};
    struct mail_server servers[2];
    struct str folder = str_of(0);
    int rc = prepare(cli, arena, &w, &inventory, servers, e);
    if (rc == 0 && cli->quiet)
        rc = read_quiet(cli->quiet, &o, e);
    if (rc == 0 && cli->secret)
        rc = read_secret(cli->secret, arena, &o.secret, e);
    const char *queue = cli->queue ? cli->queue : arena_print(arena, "%s.alerts", cli->db);
    rc = rc < 0 ? rc : notify_open(&w.notify, queue, &o, &clock_system, e);
    rc = rc < 0 ? rc : advisory_fetch_open(cli, &w.fetch, &folder, e);
    if (rc == 0) {
        w.fetch.refused = on_refused;
        rc = rounds(cli, &w, e);
        advisory_store_close(w.fetch.store);
    }
    notify_close(w.notify);
    str_done(&folder);
    return rc;
}

int advisory_watch(const struct advisory_cli *cli, const struct text_list *words)
{
    struct arena arena = {0};
    struct err e = {0};
    int status = EXIT_DONE;
    if (!cli->db || (words->count == 0 && !cli->maildir && !cli->imap)) {
        command_complain("advisory", "watch: --db, and addresses or a mailbox are needed");
        return EXIT_USAGE;
    }
    int rc = watch(cli, words, &arena, &e);
    if (rc < 0) {
        command_complain("advisory", "watch: %s", e.text);
        status = rc == -EIO ? EXIT_FAILED : command_status_of(rc);
    }
    arena_done(&arena);
    return status;
}
