/* SPDX-License-Identifier: GPL-3.0-or-later */
/* security-tracker.debian.org/tracker/data/json */
#include <string.h>

#include "tool/advisory/feed.h"
#include "tool/advisory/tracker.h"

static bool is_entry_name(const char *key)
{
    return strncmp(key, "CVE-", 4) == 0 || strncmp(key, "TEMP-", 5) == 0;
}

static bool fits(const struct advisory_input *in)
{
    return in->shape.kind == SHAPE_OBJECT && in->shape.inner.count &&
           is_entry_name(in->shape.inner.text[0]);
}

struct reading {
    const struct advisory_input *in;
    const struct advisory_sink *to;
    struct arena arena;
};

static const char *copy(struct arena *arena, struct json_span s)
{
    return s.len ? arena_copy(arena, s.text, s.len) : NULL;
}

static int tell(struct reading *r, const struct tracker_entry *entry, struct err *e)
{
    struct arena *arena = &r->arena;
    struct advisory a = advisory_new("debian");
    const char *source = copy(arena, entry->source);
    a.id = copy(arena, entry->cve);
    a.text = copy(arena, entry->description);
    advisory_add_word(arena, &a.cves, a.id ? advisory_cve_name(arena, a.id) : NULL);
    advisory_add_package(arena, &a, "Debian", source);
    for (size_t i = 0; i < entry->release_count; i++) {
        const struct tracker_release *release = &entry->release[i];
        if (!a.severity)
            a.severity = advisory_severity_word(copy(arena, release->urgency));
        if (release->status == TRACKER_RESOLVED && !json_span_is(release->fixed, "0"))
            advisory_add_fix(arena, &a,
                             &(struct advisory_fix){copy(arena, release->suite), source,
                                                    copy(arena, release->fixed)});
    }
    int rc = a.id ? feed_tell(r->to, &a, e) : 0;
    arena_reset(arena);
    return rc;
}

static int take(void *ctx, const struct tracker_entry *entry, struct err *e)
{
    struct reading *r = ctx;
    return r->to->tracker ? r->to->tracker(r->to->ctx, entry, e) : tell(r, entry, e);
}

static void progress(void *ctx, const char *pos)
{
    struct reading *r = ctx;
    if (r->in->map)
        file_map_release(r->in->map, pos);
}

static int read(const struct advisory_input *in, const struct advisory_sink *to, struct err *e)
{
    struct reading r = {.in = in, .to = to};
    struct tracker_events events = {.ctx = &r, .entry = take, .progress = progress};
    int rc = tracker_read(in->text, in->len, &events, e);
    arena_done(&r.arena);
    return rc;
}

const struct advisory_feed advisory_feed_debian_tracker = {
    .name = "debian_tracker", .doc = "Debian's security tracker", .fits = fits, .read = read};
