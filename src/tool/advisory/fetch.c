/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/advisory/fetch.h"

#include <errno.h>

#include "tool/advisory/import.h"
#include "tool/advisory/keep.h"

void fetch_refuse(struct fetch *f, const char *what, const char *why)
{
    f->counts.refused++;
    if (f->refused)
        f->refused(f->ctx, what, why);
}

struct taking {
    struct fetch *fetch;
    struct advisory_sink into;
};

static int take_advisory(void *ctx, const struct advisory *a, struct err *e)
{
    struct taking *t = ctx;
    return t->into.advisory(t->into.ctx, a, e);
}

static int take_mail(void *ctx, const struct advisory_mail *mail, struct err *e)
{
    struct taking *t = ctx;
    return t->into.mail(t->into.ctx, mail, e);
}

static int take_tracker(void *ctx, const struct tracker_entry *entry, struct err *e)
{
    struct taking *t = ctx;
    return t->into.tracker(t->into.ctx, entry, e);
}

static void on_refused(void *ctx, const char *what, const char *why)
{
    struct taking *t = ctx;
    fetch_refuse(t->fetch, what, why);
}

int fetch_take(struct fetch *f, const char *path, const char *url, struct err *e)
{
    struct import_options options = {.format = f->format, .base_url = url};
    struct import_counts counts = {0};
    struct keep keep;
    int rc = keep_begin(&keep, f->store, f->clock, e);
    if (rc < 0)
        return rc;
    keep.on_news = f->on_news;
    keep.on_news_ctx = f->ctx;
    struct taking t = {f, keep_sink(&keep)};
    struct advisory_sink sink = {.ctx = &t,
                                 .advisory = take_advisory,
                                 .mail = take_mail,
                                 .tracker = take_tracker,
                                 .refused = on_refused};
    rc = import_path(path, &options, &sink, &counts, e);
    rc = keep_done(&keep, rc, e);
    f->counts.files++;
    f->counts.taken += keep.taken;
    f->counts.news += keep.news;
    return rc;
}

static int fetch_plain(struct fetch *f, const char *url, struct err *e)
{
    struct fetched file;
    int rc = fetch_file(f, url, &file, e);
    if (rc < 0)
        return rc;
    if (file.is_new)
        rc = fetch_take(f, str_text(&file.path), url, e);
    if (rc == 0)
        return fetch_file_done(f, url, &file, e);
    fetched_drop(&file);
    return rc;
}

int fetch_source(struct fetch *f, const char *url, struct err *e)
{
    return fetch_is_nvd(url)    ? fetch_nvd(f, url, e)
           : fetch_is_csaf(url) ? fetch_csaf(f, url, e)
                                : fetch_plain(f, url, e);
}
