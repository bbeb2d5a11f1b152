/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/advisory/watch.h"

#include <errno.h>

#include "tool/advisory/match.h"

/* The first package that it concerns makes the alert's title. */
struct concern {
    struct str title;
    uint64_t count;
};

static int take_finding(void *ctx, const struct match_finding *f, struct err *e)
{
    struct concern *c = ctx;
    (void)e;
    if (c->count++ == 0)
        str_addf(&c->title, "%s %s%s%s", f->item->name, f->installed, f->fixed ? " -> " : "",
                 f->fixed ? f->fixed : "");
    return 0;
}

static int on_news(void *ctx, const struct advisory *a, struct err *e)
{
    struct watch *w = ctx;
    struct concern c = {.title = str_of(0)};
    struct match_sink sink = {&c, take_finding};
    int rc = w->inventory ? match_advisory(w->inventory, w->suite, a, &sink, e) : 0;
    if (c.title.len && a->title)
        str_addf(&c.title, ": %s", a->title);
    else if (a->title)
        str_add(&c.title, a->title);
    struct notify_alert alert = {.id = a->id,
                                 .title = str_text(&c.title),
                                 .severity = a->severity,
                                 .text = a->text,
                                 .url = a->url,
                                 .source = a->source,
                                 .wall_ns = clock_wall_ns(w->fetch.clock)};
    if (rc == 0 && (!w->inventory || c.count)) {
        w->queued++;
        rc = notify_add(w->notify, &alert, e);
    }
    str_done(&c.title);
    return rc;
}

int watch_round(struct watch *w, struct err *e)
{
    int rc = 0;
    w->queued = 0;
    w->fetch.on_news = on_news;
    w->fetch.ctx = w;
    w->receive.on_news = on_news;
    w->receive.ctx = w;
    for (size_t i = 0; i < w->urls->count; i++) {
        struct err why = {0};
        if (fetch_source(&w->fetch, w->urls->text[i], &why) < 0)
            fetch_refuse(&w->fetch, w->urls->text[i], why.text);
    }
    if (w->maildir)
        rc = receive_maildir(w->fetch.store, w->maildir, &w->receive, &w->received, e);
    if (w->imap) {
        struct err why = {0};
        if (receive_imap(w->fetch.store, w->imap, &w->receive, &w->received, &why) < 0)
            fetch_refuse(&w->fetch, w->imap->url, why.text);
    }
    return rc;
}
