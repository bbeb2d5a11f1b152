/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which advisories concern what is installed. */
#pragma once

#include "sys/io/file_map.h"
#include "tool/advisory/inventory.h"
#include "tool/advisory/tracker.h"

enum match_state {
    MATCH_FIXABLE,      /* a fixed version is in the archive */
    MATCH_OPEN,         /* no fix yet */
    MATCH_NO_DSA,       /* minor: no advisory will be made */
    MATCH_POSTPONED,    /* a fix will come with another one */
    MATCH_IGNORED,      /* the distribution will not fix it */
    MATCH_UNIMPORTANT,  /* no security problem as packaged */
    MATCH_END_OF_LIFE,  /* the package is not supported any more */
    MATCH_UNDETERMINED, /* nobody knows yet */
    MATCH_STATE_COUNT,
};

const char *match_state_name(enum match_state state); /* "fixable" ... */

/* Texts live for the call. */
struct match_finding {
    const char *cve;
    const struct inventory_item *item;
    const char *source;    /* the name under which it was found */
    const char *installed; /* of the binary package, as its user sees it */
    const char *fixed;     /* NULL: none */
    const char *urgency;   /* the distribution's word; NULL: none */
    const char *text;      /* what it is about; NULL: not told */
    enum match_state state;
};

struct match_sink {
    void *ctx;
    int (*finding)(void *ctx, const struct match_finding *finding, struct err *e);
};

/* An inventory by the names that the tracker uses. */
struct match_index;
struct match_index *match_index_new(const struct inventory *inventory, const char *suite);
void match_index_free(struct match_index *index);

/* Is a package of this source installed? */
bool match_wants(const struct match_index *index, struct json_span source);

/* Hold one entry of the tracker against the inventory. */
int match_entry(struct match_index *index, const struct tracker_entry *entry,
                const struct match_sink *to, struct err *e) MUST_CHECK;

/* The tracker's file (its pages are given back as it is read) against the inventory, as it stands
 * on `suite`. */
int match_tracker(const struct inventory *inventory, const char *suite, struct file_map *file,
                  const struct match_sink *to, struct err *e) MUST_CHECK;

/* The suite that backports marked "~bpoN" come from ("12": "trixie"); NULL: not known. */
const char *match_suite_after(int release);

/* The codename of a release of Debian ("12": "bookworm"); NULL: not known. */
const char *match_suite_of(int release);

/* One advisory of any source: its fixed versions on our suite, and its ranges. */
struct advisory;
int match_advisory(const struct inventory *inventory, const char *suite, const struct advisory *a,
                   const struct match_sink *to, struct err *e) MUST_CHECK;

/* All that the store knows against the inventory. */
struct advisory_store;
int match_store(const struct inventory *inventory, const char *suite, struct advisory_store *store,
                const struct match_sink *to, struct err *e) MUST_CHECK;
