/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the readers into the store. */
#pragma once

#include "hub/store/advisory_store.h"
#include "tool/advisory/feed.h"

struct keep {
    struct advisory_store *store;
    const struct clock *clock;
    struct str text, packed;
    char *source; /* the tracker's source package that is being packed; NULL: none */
    size_t source_len;
    bool has_tracker;     /* the old tracker is gone */
    uint64_t taken, news; /* advisories; those that were new or changed */
    int (*on_news)(void *ctx, const struct advisory *a, struct err *e); /* may be NULL */
    void *on_news_ctx;
};

/* The store has a transaction open from here to keep_done. */
int keep_begin(struct keep *k, struct advisory_store *store, const struct clock *clock,
               struct err *e) MUST_CHECK;
struct advisory_sink keep_sink(struct keep *k);

/* `rc` is what the reading came to: below 0, all is undone. */
int keep_done(struct keep *k, int rc, struct err *e) MUST_CHECK;
