/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/advisory/tracker.h"

#include <errno.h>
#include <string.h>

#include "core/base/arena.h"

struct walk {
    struct json_reader j;
    const struct tracker_events *events;
    struct tracker_entry entry;
    struct arena copies; /* of texts that hold escapes: the reader has room for one only */
};

/* A text of the input stays where it is; one with escapes is copied out of the reader. */
static struct json_span keep(struct walk *w, struct json_span s)
{
    if (s.text >= w->j.start && s.text < w->j.end)
        return s;
    return (struct json_span){arena_copy(&w->copies, s.text, s.len), s.len};
}

static void take_text(struct walk *w, struct json_span *out)
{
    struct json_span s;
    if (json_take_text(&w->j, &s))
        *out = keep(w, s);
}

static enum tracker_status status_of(struct json_span s)
{
    return json_span_is(s, "resolved")       ? TRACKER_RESOLVED
           : json_span_is(s, "undetermined") ? TRACKER_UNDETERMINED
                                             : TRACKER_OPEN;
}

static void take_release(struct walk *w, struct tracker_release *r)
{
    struct json_span key, text = {0};
    if (!json_enter_object(&w->j))
        return;
    while (json_next_key(&w->j, &key))
        if (json_span_is(key, "status")) {
            take_text(w, &text);
            r->status = status_of(text);
        } else if (json_span_is(key, "fixed_version")) {
            take_text(w, &r->fixed);
        } else if (json_span_is(key, "urgency")) {
            take_text(w, &r->urgency);
        } else if (json_span_is(key, "nodsa_reason")) {
            take_text(w, &r->nodsa_reason);
        } else {
            r->nodsa |= json_span_is(key, "nodsa");
            json_skip(&w->j);
        }
}

static void take_releases(struct walk *w)
{
    struct tracker_entry *entry = &w->entry;
    struct json_span suite;
    if (!json_enter_object(&w->j))
        return;
    while (json_next_key(&w->j, &suite)) {
        if (entry->release_count == TRACKER_RELEASES_MAX) {
            json_skip(&w->j);
            continue;
        }
        struct tracker_release *r = &entry->release[entry->release_count++];
        *r = (struct tracker_release){.suite = keep(w, suite)};
        take_release(w, r);
    }
}

static int take_entry(struct walk *w, struct err *e)
{
    struct json_span key;
    if (!json_enter_object(&w->j))
        return 0;
    while (json_next_key(&w->j, &key))
        if (json_span_is(key, "releases"))
            take_releases(w);
        else if (json_span_is(key, "description"))
            take_text(w, &w->entry.description);
        else if (json_span_is(key, "scope"))
            take_text(w, &w->entry.scope);
        else
            json_skip(&w->j);
    return w->j.why ? 0 : w->events->entry(w->events->ctx, &w->entry, e);
}

static int take_source(struct walk *w, struct json_span source, struct err *e)
{
    struct json_span cve;
    int rc = 0;
    arena_reset(&w->copies);
    source = keep(w, source);
    if (w->events->wants && !w->events->wants(w->events->ctx, source)) {
        json_skip(&w->j);
        return 0;
    }
    if (!json_enter_object(&w->j))
        return 0;
    while (rc == 0 && json_next_key(&w->j, &cve)) {
        w->entry.source = source;
        w->entry.cve = keep(w, cve);
        w->entry.description = w->entry.scope = (struct json_span){"", 0};
        w->entry.release_count = 0;
        rc = take_entry(w, e);
    }
    return rc;
}

int tracker_read(const char *text, size_t len, const struct tracker_events *events, struct err *e)
{
    struct walk w = {.j = json_reader_of(text, len), .events = events};
    struct json_span source;
    int rc = 0;
    if (json_peek(&w.j) != JSON_OBJECT)
        rc = err_set(e, -EBADMSG, "no object of source packages");
    else if (json_enter_object(&w.j))
        while (rc == 0 && json_next_key(&w.j, &source)) {
            rc = take_source(&w, source, e);
            if (events->progress)
                events->progress(events->ctx, w.j.pos);
        }
    if (rc == 0 && !json_at_end(&w.j)) {
        struct str why = str_of(0);
        json_reader_fault(&w.j, &why);
        rc = err_set(e, -EBADMSG, "%s", str_text(&why));
        str_done(&why);
    }
    arena_done(&w.copies);
    json_reader_done(&w.j);
    return rc;
}
