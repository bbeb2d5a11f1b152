/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picket advisory receive: mail in, from a Maildir or an IMAP server. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cmd/cmd_advisory.h"
#include "cmd/command.h"
#include "core/text/json.h"
#include "sys/io/file.h"
#include "tool/advisory/receive.h"

enum { SECRET_MAX = 4096 };

/* The file's first line is the user, the second the password; nobody else may read it. */
static int read_login(const char *path, struct arena *arena, struct mail_server *server,
                      struct err *e)
{
    struct str text = str_of(SECRET_MAX);
    struct stat st;
    if (stat(path, &st) < 0)
        return err_set(e, -errno, "%s: %s", path, strerror(errno));
    if (st.st_mode & 077)
        return err_set(e, -EACCES, "%s: others may read it; chmod 600", path);
    int rc = file_read(path, &text, e);
    size_t user = strcspn(str_text(&text), "\n");
    if (rc == 0 && user < text.len) {
        const char *rest = text.text + user + 1;
        server->user = arena_copy(arena, text.text, user);
        server->password = arena_copy(arena, rest, strcspn(rest, "\n"));
    } else if (rc == 0) {
        rc = err_set(e, -EINVAL, "%s: a line with the user and one with the password", path);
    }
    str_done(&text);
    return rc;
}

int advisory_mail_server(const struct advisory_cli *cli, const char *url, struct arena *arena,
                         struct mail_server *out, struct err *e)
{
    *out = (struct mail_server){.url = url, .ca = cli->ca};
    return cli->login ? read_login(cli->login, arena, out, e) : 0;
}

static void on_refused(void *ctx, const char *what, const char *why)
{
    (void)ctx;
    command_complain("advisory", "receive: %s: %s", what, why);
}

static void print_counts(const struct advisory_cli *cli, const struct receive_counts *c)
{
    struct str text = str_of(0);
    if (cli->json) {
        struct json_out j = json_out_of(&text);
        json_object(&j, NULL);
        json_u64(&j, "mails", c->mails);
        json_u64(&j, "answers", c->answers);
        json_u64(&j, "confirmed", c->confirmed);
        json_u64(&j, "advisories", c->taken);
        json_u64(&j, "news", c->news);
        json_u64(&j, "refused", c->refused);
        json_end(&j);
    } else {
        str_addf(&text, "%llu mails: %llu answers of list managers, %llu advisories, %llu new",
                 (unsigned long long)c->mails, (unsigned long long)c->answers,
                 (unsigned long long)c->taken, (unsigned long long)c->news);
    }
    puts(str_text(&text));
    str_done(&text);
}

static int receive(const struct advisory_cli *cli, struct arena *arena,
                   struct receive_counts *counts, struct err *e)
{
    struct mail_server smtp = {0}, imap = {0};
    struct advisory_store *store;
    struct receive_options o = {.subscriptions = cli->subscriptions,
                                .smtp = cli->smtp ? &smtp : NULL,
                                .clock = &clock_system,
                                .refused = on_refused};
    int rc = advisory_mail_server(cli, cli->smtp, arena, &smtp, e);
    rc = rc < 0 ? rc : advisory_mail_server(cli, cli->imap, arena, &imap, e);
    rc = rc < 0 ? rc : advisory_store_open(&store, cli->db, STORE_WRITE, e);
    if (rc < 0)
        return rc;
    if (cli->maildir)
        rc = receive_maildir(store, cli->maildir, &o, counts, e);
    if (rc == 0 && cli->imap)
        rc = receive_imap(store, &imap, &o, counts, e);
    advisory_store_close(store);
    return rc;
}

int advisory_receive(const struct advisory_cli *cli, const struct text_list *words)
{
    struct arena arena = {0};
    struct receive_counts counts = {0};
    struct err e = {0};
    int status = EXIT_DONE;
    if (words->count || !cli->db || !cli->subscriptions || (!cli->maildir && !cli->imap)) {
        command_complain("advisory", "receive: --db, --subscriptions, and --maildir or --imap are "
                                     "needed");
        return EXIT_USAGE;
    }
    if (receive(cli, &arena, &counts, &e) < 0) {
        command_complain("advisory", "receive: %s", e.text);
        status = command_status_of(e.code);
    } else {
        print_counts(cli, &counts);
        status = counts.refused ? EXIT_FAILED : EXIT_DONE;
    }
    arena_done(&arena);
    return status;
}
