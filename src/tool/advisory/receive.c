/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/advisory/receive.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sys/io/file.h"
#include "tool/advisory/keep.h"
#include "tool/advisory/mail.h"

enum { ANSWERS_MAX = 64 }; /* in one run: a flood of requests to confirm is not followed */

struct receiving {
    const struct receive_options *options;
    struct receive_counts *counts;
    struct arena arena;
    struct subscription_list list;
    struct subscribe_request answer[ANSWERS_MAX];
    size_t answers;
    bool changed;
    struct keep keep;
    struct advisory_sink into;
};

static int64_t now_of(const struct receive_options *o)
{
    return (int64_t)(clock_wall_ns(o->clock) / NS_PER_S);
}

static int send_request(const struct receive_options *o, const struct subscribe_request *r,
                        struct err *e)
{
    struct arena arena = {0};
    struct subscribe_mail mail;
    struct str text = str_of(0);
    struct text_list to = {0};
    int rc = subscribe_compose(&arena, r, &mail, e);
    if (rc == 0) {
        subscribe_print(&mail, now_of(o), &text);
        text_list_add(&to, mail.to);
        rc = mail_send(o->smtp, mail.from, &to, &text, e);
    }
    text_list_done(&to);
    str_done(&text);
    arena_done(&arena);
    return rc;
}

int receive_ask(const struct receive_options *o, const struct subscribe_request *r, struct err *e)
{
    struct arena arena = {0};
    struct subscription_list list = {0};
    struct subscribe_mail mail;
    int rc = subscribe_compose(&arena, r, &mail, e);
    rc = rc < 0 ? rc : subscription_read(&arena, o->subscriptions, &list, e);
    if (rc == 0 && r->verb != SUBSCRIBE_HELP && r->verb != SUBSCRIBE_CONFIRM) {
        subscription_note(&arena, &list, r, now_of(o));
        rc = subscription_write(o->subscriptions, &list, e);
    }
    rc = rc < 0 ? rc : send_request(o, r, e);
    arena_done(&arena);
    return rc;
}

/* ---- what came ---- */

static void on_refused(void *ctx, const char *what, const char *why)
{
    struct receiving *r = ctx;
    r->counts->refused++;
    if (r->options->refused)
        r->options->refused(r->options->ctx, what, why);
}

static int take_mail(void *ctx, const struct advisory_mail *mail, struct err *e)
{
    struct receiving *r = ctx;
    struct subscribe_request answer;
    r->counts->mails++;
    if (subscription_hear(&r->arena, &r->list, mail, now_of(r->options), &answer)) {
        r->counts->answers++;
        r->changed = true;
        if (answer.manager && r->answers < ANSWERS_MAX)
            r->answer[r->answers++] = answer;
    }
    return r->into.mail(r->into.ctx, mail, e);
}

static int begin(struct receiving *r, struct advisory_store *store, const struct receive_options *o,
                 struct receive_counts *counts, struct err *e)
{
    *r = (struct receiving){.options = o, .counts = counts};
    int rc = subscription_read(&r->arena, o->subscriptions, &r->list, e);
    rc = rc < 0 ? rc : keep_begin(&r->keep, store, o->clock, e);
    if (rc < 0) {
        arena_done(&r->arena);
        return rc;
    }
    r->keep.on_news = o->on_news;
    r->keep.on_news_ctx = o->ctx;
    r->into = keep_sink(&r->keep);
    return 0;
}

static int finish(struct receiving *r, int rc, struct err *e)
{
    const struct receive_options *o = r->options;
    rc = keep_done(&r->keep, rc, e);
    r->counts->taken += r->keep.taken;
    r->counts->news += r->keep.news;
    if (rc == 0 && r->changed)
        rc = subscription_write(o->subscriptions, &r->list, e);
    for (size_t i = 0; rc == 0 && o->smtp && i < r->answers; i++) {
        rc = send_request(o, &r->answer[i], e);
        r->counts->confirmed += rc == 0;
        if (rc == -EINVAL) { /* what the mail said makes no sense: it must not come back for ever */
            on_refused(r, r->answer[i].list, e->text);
            rc = 0;
        }
    }
    arena_done(&r->arena);
    return rc;
}

static struct advisory_sink sink_of(struct receiving *r)
{
    return (struct advisory_sink){.ctx = r, .mail = take_mail, .refused = on_refused};
}

/* ---- Maildir ---- */

static int move_seen(const char *path, const struct text_list *names, struct err *e)
{
    struct str from = str_of(0), to = str_of(0);
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < names->count; i++) {
        str_reset(&from);
        str_reset(&to);
        str_addf(&from, "%s/new/%s", path, names->text[i]);
        str_addf(&to, "%s/cur/%s%s", path, names->text[i],
                 strchr(names->text[i], ':') ? "" : ":2,S");
        if (rename(str_text(&from), str_text(&to)) < 0 && errno != ENOENT)
            rc = err_set(e, -errno, "%s: %s", str_text(&from), strerror(errno));
    }
    str_done(&from);
    str_done(&to);
    return rc;
}

static int list_new(struct arena *arena, const char *path, struct text_list *names, struct err *e)
{
    const char *folder = arena_print(arena, "%s/new", path);
    DIR *d = opendir(folder);
    if (!d)
        return err_set(e, -errno, "%s: %s", folder, strerror(errno));
    for (const struct dirent *entry; (entry = readdir(d));)
        if (entry->d_name[0] != '.')
            text_list_add(names, arena_text(arena, entry->d_name));
    closedir(d);
    return 0;
}

int receive_maildir(struct advisory_store *store, const char *path, const struct receive_options *o,
                    struct receive_counts *counts, struct err *e)
{
    struct import_options options = {.format = "mail"};
    struct import_counts read = {0};
    struct arena arena = {0};
    struct text_list names = {0};
    struct receiving r;
    int rc = list_new(&arena, path, &names, e);
    if (rc == 0)
        rc = begin(&r, store, o, counts, e);
    if (rc == 0) {
        struct advisory_sink sink = sink_of(&r);
        for (size_t i = 0; rc == 0 && i < names.count; i++) {
            struct err why = {0};
            const char *file = arena_print(&arena, "%s/new/%s", path, names.text[i]);
            if (import_path(file, &options, &sink, &read, &why) < 0)
                on_refused(&r, file, why.text);
        }
        rc = finish(&r, rc, e);
    }
    rc = rc < 0 ? rc : move_seen(path, &names, e);
    text_list_done(&names);
    arena_done(&arena);
    return rc;
}

/* ---- IMAP ---- */

static int take_message(void *ctx, const char *message, size_t len)
{
    struct receiving *r = ctx;
    struct advisory_input in = {.name = "mail", .text = message, .len = len};
    struct advisory_sink sink = sink_of(r);
    struct import_counts read = {0};
    struct err why = {0};
    if (import_bytes(&in, "mail", &sink, &read, &why) < 0)
        on_refused(r, "mail", why.text);
    return 0;
}

int receive_imap(struct advisory_store *store, const struct mail_server *server,
                 const struct receive_options *o, struct receive_counts *counts, struct err *e)
{
    struct receiving r;
    int rc = begin(&r, store, o, counts, e);
    if (rc < 0)
        return rc;
    rc = mail_fetch_new(server, take_message, &r, e);
    return finish(&r, rc, e);
}
