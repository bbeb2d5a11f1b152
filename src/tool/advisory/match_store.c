/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Matching from the store, which is asked for the sources that are installed and nothing else. */
#include <errno.h>
#include <string.h>

#include "core/base/map.h"
#include "core/text/json_tree.h"
#include "core/text/version.h"
#include "hub/store/advisory_store.h"
#include "tool/advisory/advisory.h"
#include "tool/advisory/match.h"
#include "tool/advisory/tracker_pack.h"

/* ---- one advisory ---- */

static bool is_name_of(const struct inventory_item *item, const char *name)
{
    return name && (strcmp(item->source, name) == 0 || strcmp(item->name, name) == 0);
}

/* "Debian" and "Debian:12" are one world; "Debian:11" and "Debian:12" are two. */
static bool same_world(const char *a, const char *b)
{
    size_t len = strcspn(a, ":");
    if (len != strcspn(b, ":") || strncasecmp(a, b, len) != 0)
        return false;
    return !a[len] || !b[len] || strcmp(a + len, b + len) == 0;
}

static int tell(const struct inventory_item *item, const struct advisory *a, const char *fixed,
                const struct match_sink *to, struct err *e)
{
    struct match_finding f = {.item = item,
                              .source = item->source,
                              .installed = item->version,
                              .fixed = fixed,
                              .urgency = a->severity,
                              .text = a->title,
                              .state = fixed ? MATCH_FIXABLE : MATCH_OPEN};
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < a->cves.count; i++) {
        f.cve = a->cves.text[i];
        rc = to->finding(to->ctx, &f, e);
    }
    bool named = a->cves.count > 0;
    for (size_t i = 0; rc == 0 && a->cves.count == 0 && i < a->aliases.count; i++) {
        f.cve = a->aliases.text[i];
        if (strncmp(f.cve, "CVE-", 4) != 0)
            continue;
        rc = to->finding(to->ctx, &f, e);
        named = true;
    }
    f.cve = a->id;
    return rc == 0 && !named ? to->finding(to->ctx, &f, e) : rc;
}

/* 1: it is within; 0: not. */
static bool is_within(const struct version_scheme *order, const struct advisory_range *r,
                      const char *version)
{
    if (r->exactly)
        return order->compare(version, r->exactly) == 0;
    bool from = !r->introduced || strcmp(r->introduced, "0") == 0 ||
                order->compare(version, r->introduced) >= 0;
    bool below = !r->fixed || order->compare(version, r->fixed) < 0;
    return from && below && (!r->last || order->compare(version, r->last) <= 0);
}

static int match_item(const struct inventory_item *item, const char *suite,
                      const struct advisory *a, const struct match_sink *to, struct err *e)
{
    const struct version_scheme *order = version_scheme_of_ecosystem(item->ecosystem);
    for (size_t i = 0; order && i < a->fixed.count; i++) {
        const struct advisory_fix *f = &a->fixed.item[i];
        if (!is_name_of(item, f->package) || !f->version)
            continue;
        if ((f->suite && (!suite || strcmp(f->suite, suite) != 0)))
            continue;
        if (order->compare(item->source_version, f->version) < 0)
            return tell(item, a, f->version, to, e);
    }
    for (size_t i = 0; order && i < a->ranges.count; i++) {
        const struct advisory_range *r = &a->ranges.item[i];
        if (is_name_of(item, r->name) && r->ecosystem &&
            same_world(r->ecosystem, item->ecosystem) && is_within(order, r, item->source_version))
            return tell(item, a, r->fixed, to, e);
    }
    return 0;
}

int match_advisory(const struct inventory *inventory, const char *suite, const struct advisory *a,
                   const struct match_sink *to, struct err *e)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && !a->withdrawn && i < inventory->count; i++)
        rc = match_item(&inventory->item[i], suite, a, to, e);
    return rc;
}

/* ---- an advisory out of the store ---- */

static void read_ranges(struct arena *arena, const struct json_node *doc, struct advisory *a)
{
    JSON_EACH (n, json_find(doc, "ranges")) {
        struct advisory_range r = {json_member(n, "ecosystem"),  json_member(n, "name"),
                                   json_member(n, "introduced"), json_member(n, "fixed"),
                                   json_member(n, "last"),       json_member(n, "exactly")};
        advisory_add_range(arena, a, &r);
    }
}

static bool read_row(struct arena *arena, const struct advisory_row *row, struct advisory *a)
{
    const struct json_node *doc = json_tree_parse(row->json, strlen(row->json), arena, NULL);
    *a = advisory_new(row->source);
    a->id = json_member(doc, "id");
    a->title = json_member(doc, "title");
    a->severity = json_member(doc, "severity");
    a->withdrawn = json_member(doc, "withdrawn");
    JSON_EACH (n, json_find(doc, "cves"))
        advisory_add_word(arena, &a->cves, json_string(n));
    JSON_EACH (n, json_find(doc, "aliases"))
        advisory_add_word(arena, &a->aliases, json_string(n));
    JSON_EACH (n, json_find(doc, "fixed")) {
        struct advisory_fix f = {json_member(n, "suite"), json_member(n, "package"),
                                 json_member(n, "version")};
        advisory_add_fix(arena, a, &f);
    }
    read_ranges(arena, doc, a);
    return a->id != NULL;
}

/* ---- the store ---- */

struct running {
    struct match_index *index;
    const struct match_sink *to;
    struct inventory one; /* the packages of one source */
    const char *suite;
    struct err *e;
    int rc;
};

static bool take_row(void *ctx, const struct advisory_row *row, uint64_t first_seen_ns)
{
    struct running *r = ctx;
    struct arena arena = {0};
    struct advisory a;
    (void)first_seen_ns;
    if (read_row(&arena, row, &a))
        r->rc = match_advisory(&r->one, r->suite, &a, r->to, r->e);
    arena_done(&arena);
    return r->rc == 0;
}

static int take_entry(void *ctx, const struct tracker_entry *entry, struct err *e)
{
    struct running *r = ctx;
    return match_entry(r->index, entry, r->to, e);
}

/* Under the name that the tracker uses, which leaves "-signed" out. */
static int match_tracked(struct running *r, struct advisory_store *store, const char *source,
                         struct err *e)
{
    struct tracker_events events = {.ctx = r, .entry = take_entry};
    struct json_span name = {source, strlen(source)};
    const void *data;
    size_t len;
    int rc = advisory_store_tracker(store, source, &data, &len, e);
    return rc > 0 ? tracker_unpack(name, data, len, &events, e) : rc;
}

static int match_source(struct running *r, struct advisory_store *store,
                        const struct inventory *inventory, size_t first, struct err *e)
{
    struct arena arena = {0};
    const struct inventory_item *item = &inventory->item[first];
    int rc = match_tracked(r, store, item->source, e);
    r->one = (struct inventory){0};
    for (size_t i = first; i < inventory->count; i++)
        if (strcmp(inventory->item[i].source, item->source) == 0)
            inventory_add(&arena, &r->one, &inventory->item[i]);
    if (rc == 0)
        rc = advisory_store_affecting(store, item->source, take_row, r, e);
    arena_done(&arena);
    return rc < 0 ? rc : r->rc;
}

int match_store(const struct inventory *inventory, const char *suite, struct advisory_store *store,
                const struct match_sink *to, struct err *e)
{
    struct running r = {
        .index = match_index_new(inventory, suite), .to = to, .suite = suite, .e = e};
    struct map seen = {0};
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < inventory->count; i++) {
        const char *source = inventory->item[i].source;
        if (map_find_text(&seen, source))
            continue;
        map_put_text(&seen, source, &r);
        rc = match_source(&r, store, inventory, i, e);
    }
    map_done(&seen);
    match_index_free(r.index);
    return rc;
}
