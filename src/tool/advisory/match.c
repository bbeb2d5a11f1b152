/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules are those of Debian's tracker: a flaw belongs to a source package in a suite. */
#include "tool/advisory/match.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/map.h"
#include "core/base/mem.h"
#include "core/text/version.h"

static const char *const states[MATCH_STATE_COUNT] = {
    "fixable", "open",        "no-dsa",      "postponed",
    "ignored", "unimportant", "end-of-life", "undetermined",
};

const char *match_state_name(enum match_state state)
{
    return states[state];
}

/* debian.org/releases; a backport for 12 is built from 13. */
static const struct {
    int release;
    const char *suite;
} suites[] = {
    {6, "squeeze"},   {7, "wheezy"},    {8, "jessie"},  {9, "stretch"}, {10, "buster"},
    {11, "bullseye"}, {12, "bookworm"}, {13, "trixie"}, {14, "forky"},  {15, "duke"},
};

const char *match_suite_of(int release)
{
    for (size_t i = 0; i < ARRAY_COUNT(suites); i++)
        if (suites[i].release == release)
            return suites[i].suite;
    return NULL;
}

const char *match_suite_after(int release)
{
    if (release >= 60 && release % 10 == 0) /* "~bpo60", "~bpo70": until wheezy */
        release /= 10;
    return match_suite_of(release + 1);
}

/* ---- the index ---- */

/* Installed packages of one source. */
struct chain {
    const struct inventory_item *item;
    const char *compared; /* the version to hold against the tracker */
    struct chain *next;
};

struct match_index {
    struct map by_source;
    struct arena arena;
    const char *suite;
    const struct version_scheme *order;
};

/* "linux-signed-amd64" is built from linux; only its binaries bear the version that counts. */
static const char *unsigned_name(struct arena *arena, const char *source)
{
    const char *mark = strstr(source, "-signed");
    bool whole = mark && mark > source && (mark[7] == '\0' || mark[7] == '-');
    return whole ? arena_copy(arena, source, (size_t)(mark - source)) : NULL;
}

struct match_index *match_index_new(const struct inventory *inventory, const char *suite)
{
    struct match_index *index = mem_zero(sizeof *index);
    index->suite = arena_text(&index->arena, suite);
    index->order = version_scheme_find("deb");
    for (size_t i = inventory->count; i-- > 0;) {
        const struct inventory_item *item = &inventory->item[i];
        const char *base = unsigned_name(&index->arena, item->source);
        struct chain *c = arena_take(&index->arena, sizeof *c);
        const char *name = base ? base : item->source;
        *c = (struct chain){item, base ? item->version : item->source_version,
                            map_find_text(&index->by_source, name)};
        map_put_text(&index->by_source, name, c);
    }
    return index;
}

void match_index_free(struct match_index *index)
{
    if (!index)
        return;
    map_done(&index->by_source);
    arena_done(&index->arena);
    mem_free(index);
}

bool match_wants(const struct match_index *index, struct json_span source)
{
    return map_find(&index->by_source, source.text, source.len) != NULL;
}

/* ---- one entry ---- */

static const struct tracker_release *find_release(const struct tracker_entry *entry,
                                                  const char *suite)
{
    for (size_t i = 0; suite && i < entry->release_count; i++)
        if (json_span_is(entry->release[i].suite, suite))
            return &entry->release[i];
    return NULL;
}

static enum match_state state_of(const struct tracker_release *r)
{
    if (r->status == TRACKER_UNDETERMINED)
        return MATCH_UNDETERMINED;
    if (json_span_is(r->urgency, "end-of-life"))
        return MATCH_END_OF_LIFE;
    if (json_span_is(r->urgency, "unimportant"))
        return MATCH_UNIMPORTANT;
    if (r->status == TRACKER_RESOLVED)
        return MATCH_FIXABLE;
    if (json_span_is(r->nodsa_reason, "ignored"))
        return MATCH_IGNORED;
    if (json_span_is(r->nodsa_reason, "postponed"))
        return MATCH_POSTPONED;
    return r->nodsa ? MATCH_NO_DSA : MATCH_OPEN;
}

static const char *copy(struct arena *arena, struct json_span s)
{
    return s.len ? arena_copy(arena, s.text, s.len) : NULL;
}

/* The state in the suite that the package comes from, and the version to compare: that of a
 * backport is the later suite's, less its tail. */
static const struct tracker_release *choose(struct arena *arena, const struct match_index *index,
                                            const struct tracker_entry *entry, const char **version)
{
    const char *tail = strstr(*version, "~bpo");
    const struct tracker_release *later =
        tail ? find_release(entry, match_suite_after((int)strtol(tail + 4, NULL, 10))) : NULL;
    if (!later)
        return find_release(entry, index->suite);
    *version = arena_copy(arena, *version, (size_t)(tail - *version));
    return later;
}

static int hold_against(struct arena *arena, const struct match_index *index,
                        const struct tracker_entry *entry, const struct chain *c,
                        const struct match_sink *to, struct err *e)
{
    const char *version = c->compared;
    const struct tracker_release *r = choose(arena, index, entry, &version);
    if (!r)
        return 0;
    const char *fixed = r->status == TRACKER_RESOLVED ? copy(arena, r->fixed) : NULL;
    if (r->status == TRACKER_RESOLVED &&
        (!fixed || strcmp(fixed, "0") == 0 || index->order->compare(version, fixed) >= 0))
        return 0;
    struct match_finding f = {
        .cve = copy(arena, entry->cve),
        .item = c->item,
        .source = copy(arena, entry->source),
        .installed = c->item->version,
        .fixed = fixed,
        .urgency = copy(arena, r->urgency),
        .text = copy(arena, entry->description),
        .state = state_of(r),
    };
    return f.cve ? to->finding(to->ctx, &f, e) : 0;
}

int match_entry(struct match_index *index, const struct tracker_entry *entry,
                const struct match_sink *to, struct err *e)
{
    struct arena arena = {0};
    int rc = 0;
    const struct chain *c = map_find(&index->by_source, entry->source.text, entry->source.len);
    for (; rc == 0 && c; c = c->next)
        rc = hold_against(&arena, index, entry, c, to, e);
    arena_done(&arena);
    return rc;
}

/* ---- the whole tracker ---- */

struct run {
    struct match_index *index;
    const struct match_sink *to;
    struct file_map *file;
};

static bool wants(void *ctx, struct json_span source)
{
    const struct run *r = ctx;
    return match_wants(r->index, source);
}

static int take(void *ctx, const struct tracker_entry *entry, struct err *e)
{
    struct run *r = ctx;
    return match_entry(r->index, entry, r->to, e);
}

static void give_back(void *ctx, const char *pos)
{
    const struct run *r = ctx;
    file_map_release(r->file, pos);
}

int match_tracker(const struct inventory *inventory, const char *suite, struct file_map *file,
                  const struct match_sink *to, struct err *e)
{
    struct run r = {match_index_new(inventory, suite), to, file};
    struct tracker_events events = {
        .ctx = &r, .wants = wants, .entry = take, .progress = give_back};
    int rc = tracker_read(file->data, file->len, &events, e);
    match_index_free(r.index);
    return rc;
}
