/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One file from the network into a folder: asked for only where it changed, gone on with where it
 * broke off, and not asked for again before the server wants to be asked. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/clock.h"
#include "core/base/str.h"
#include "hub/store/advisory_store.h"

enum { FETCH_TRIES = 5 };

static const uint64_t fetch_wait_max = 120 * NS_PER_S; /* longer waits are left to the next run */

struct fetch_counts {
    uint64_t requests, moved, unchanged, files, refused, taken, news;
};

struct advisory;

struct fetch {
    struct advisory_store *store;
    const struct clock *clock;
    const char *folder;              /* where files are kept: a mirror that import can read */
    const char *ca, *keyring;        /* may be NULL */
    const char *format;              /* of what is fetched; NULL: see by what is in it */
    const struct text_list *headers; /* for the requests; may be NULL */
    struct fetch_counts counts;
    void *ctx; /* of both; they may be NULL */
    void (*refused)(void *ctx, const char *what, const char *why);
    int (*on_news)(void *ctx, const struct advisory *a, struct err *e);
};

/* What came of it; give it to fetch_file_done after the file has been used. */
struct fetched {
    struct str path, etag, modified;
    bool is_new; /* false: `path` holds what was there already */
};

/* 0; -EAGAIN: it is too early to ask again; -ENOENT: the server has no such file; what
 * http_fetch returns. */
int fetch_file(struct fetch *f, const char *url, struct fetched *out, struct err *e) MUST_CHECK;

/* Note that the file was used, so that the next time asks for what is newer. */
int fetch_file_done(struct fetch *f, const char *url, struct fetched *file,
                    struct err *e) MUST_CHECK;
void fetched_drop(struct fetched *file);

/* The same into memory, always anew, with the same patience. */
int fetch_text(struct fetch *f, const char *url, uint64_t max, struct str *out,
               struct err *e) MUST_CHECK;

/* Where a file of this address lies: "FOLDER/host/path". */
void fetch_path(const struct fetch *f, const char *url, struct str *out);
