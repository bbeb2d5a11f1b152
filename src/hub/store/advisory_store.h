/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Advisories at rest: one SQLite file, advisory.db of the store's folder or one of the user's
 * choice, beside main.db because it is large, made of what others publish, and can be fetched
 * anew.  What an advisory means is the tool's business: it is kept as the JSON that the tool wrote,
 * with the few fields by which it is looked for. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "hub/store/store.h"

struct advisory_store;

struct advisory_affects {
    const char *ecosystem, *name;
};

struct advisory_row {
    const char *id, *source;
    const char *date, *modified, *severity, *title; /* may be NULL */
    const char *json;
    const char *const *name; /* other names: aliases, CVE numbers */
    size_t name_count;
    const struct advisory_affects *affects;
    size_t affects_count;
};

/* What is known of a CVE's exploitation. */
struct advisory_exploited {
    const char *cve;
    const char *kev_added, *kev_due; /* NULL: not on CISA's list */
    bool ransomware;
    double epss; /* negative: not known */
};

/* Where the fetching of an address stands. */
struct advisory_fetch {
    const char *url;
    const char *etag, *modified, *digest; /* may be NULL */
    uint64_t fetched_ns, next_ns;         /* wall; next: not before */
    uint32_t failures;                    /* in a row */
};

int advisory_store_open(struct advisory_store **out, const char *path, enum store_mode mode,
                        struct err *e) MUST_CHECK;
void advisory_store_close(struct advisory_store *s);

/* Writing goes in transactions; a failed one is rolled back by the caller. */
int advisory_store_begin(struct advisory_store *s, struct err *e) MUST_CHECK;
int advisory_store_commit(struct advisory_store *s, struct err *e) MUST_CHECK;
void advisory_store_rollback(struct advisory_store *s);

/* One row for each (id, source): the newest text; `seen_ns` of the first time is kept.  *out_news:
 * it was not there, or said something else. */
int advisory_store_put(struct advisory_store *s, const struct advisory_row *row, uint64_t seen_ns,
                       bool *out_news, struct err *e) MUST_CHECK;
int advisory_store_put_exploited(struct advisory_store *s, const struct advisory_exploited *x,
                                 struct err *e) MUST_CHECK; /* fields that are not known are kept */

/* A source package's part of a tracker, packed by the tool. */
int advisory_store_put_tracker(struct advisory_store *s, const char *source, size_t source_len,
                               const void *data, size_t len, struct err *e) MUST_CHECK;
int advisory_store_clear_tracker(struct advisory_store *s, struct err *e) MUST_CHECK;

int advisory_store_put_fetch(struct advisory_store *s, const struct advisory_fetch *f,
                             struct err *e) MUST_CHECK;

/* ---- reading: texts live for the call; false stops ---- */

typedef bool advisory_row_fn(void *ctx, const struct advisory_row *row, uint64_t first_seen_ns);
int advisory_store_each(struct advisory_store *s, advisory_row_fn *fn, void *ctx,
                        struct err *e) MUST_CHECK; /* by id */
int advisory_store_find(struct advisory_store *s, const char *name, advisory_row_fn *fn, void *ctx,
                        struct err *e) MUST_CHECK; /* by id or another name */
int advisory_store_affecting(struct advisory_store *s, const char *package, advisory_row_fn *fn,
                             void *ctx, struct err *e) MUST_CHECK;

/* 1: *out is filled in, until the next call; 0: nothing known. */
int advisory_store_exploited(struct advisory_store *s, const char *cve,
                             struct advisory_exploited *out, struct err *e) MUST_CHECK;
int advisory_store_tracker(struct advisory_store *s, const char *source, const void **out_data,
                           size_t *out_len, struct err *e) MUST_CHECK;
int advisory_store_fetch(struct advisory_store *s, const char *url, struct advisory_fetch *out,
                         struct err *e) MUST_CHECK;

typedef bool advisory_tracker_fn(void *ctx, const char *source, const void *data, size_t len);
int advisory_store_each_tracker(struct advisory_store *s, advisory_tracker_fn *fn, void *ctx,
                                struct err *e) MUST_CHECK;
