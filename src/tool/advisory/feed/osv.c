/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Open Source Vulnerability format (ossf.github.io/osv-schema), one object or an array. */
#include <errno.h>
#include <string.h>

#include "core/text/cvss.h"
#include "tool/advisory/feed.h"

static bool fits(const struct advisory_input *in)
{
    return shape_has(in, "schema_version") ||
           (shape_has(in, "id") && (shape_has(in, "modified") || shape_has(in, "affected")));
}

static void add_texts(struct arena *arena, struct advisory_words *list,
                      const struct json_node *from)
{
    JSON_EACH (n, from)
        advisory_add_word(arena, list, json_string(n));
}

static void add_scores(struct arena *arena, struct advisory *a, const struct json_node *list)
{
    JSON_EACH (n, list) {
        struct cvss c;
        const char *vector = json_member(n, "score");
        if (vector && cvss_parse(&c, vector, &(struct err){0}) == 0)
            advisory_add_score(arena, a, &(struct advisory_score){vector, c.score, NULL});
    }
}

static void add_range(struct arena *arena, struct advisory *a, struct advisory_range *r)
{
    if (r->introduced)
        advisory_add_range(arena, a, r);
    r->introduced = r->fixed = r->last = NULL;
}

/* Events stand in order: each "introduced" begins a span that the next "fixed", "last_affected" or
 * "limit" ends.  Ranges of commits cannot be held against packages. */
static void add_events(struct arena *arena, struct advisory *a, const struct json_node *range,
                       const char *ecosystem, const char *name)
{
    struct advisory_range r = {.ecosystem = ecosystem, .name = name};
    const char *type = json_member(range, "type");
    if (type && strcmp(type, "GIT") == 0)
        return;
    JSON_EACH (event, json_find(range, "events")) {
        const char *introduced = json_member(event, "introduced");
        const char *fixed = json_member(event, "fixed"),
                   *last = json_member(event, "last_affected");
        const char *limit = json_member(event, "limit");
        if (introduced) {
            add_range(arena, a, &r);
            r.introduced = introduced;
        } else if (fixed || last || limit) {
            r.introduced = r.introduced ? r.introduced : "0";
            r.fixed = fixed ? fixed : limit;
            r.last = last;
            add_range(arena, a, &r);
            if (fixed)
                advisory_add_fix(arena, a, &(struct advisory_fix){ecosystem, name, fixed});
        }
    }
    add_range(arena, a, &r);
}

static void add_affected(struct arena *arena, struct advisory *a, const struct json_node *affected)
{
    const struct json_node *package = json_find(affected, "package");
    const char *ecosystem = json_member(package, "ecosystem"), *name = json_member(package, "name");
    add_scores(arena, a, json_find(affected, "severity"));
    if (!name)
        return;
    advisory_add_package(arena, a, ecosystem, name);
    JSON_EACH (range, json_find(affected, "ranges"))
        add_events(arena, a, range, ecosystem, name);
    JSON_EACH (version, json_find(affected, "versions")) {
        struct advisory_range r = {.ecosystem = ecosystem, .name = name};
        r.exactly = json_string(version);
        if (r.exactly)
            advisory_add_range(arena, a, &r);
    }
}

static void add_cves(struct arena *arena, struct advisory *a)
{
    const char *own = advisory_cve_name(arena, a->id);
    advisory_add_word(arena, &a->cves, own);
    for (size_t i = 0; i < a->aliases.count; i++)
        advisory_add_word(arena, &a->cves, advisory_cve_name(arena, a->aliases.text[i]));
}

static int take(struct arena *arena, const struct json_node *n, const struct advisory_sink *to,
                struct err *e)
{
    struct advisory a = advisory_new("osv");
    a.id = json_member(n, "id");
    if (!a.id || !*a.id)
        return err_set(e, -EBADMSG, "an OSV entry without an id");
    a.title = json_member(n, "summary");
    a.text = json_member(n, "details");
    a.date = json_member(n, "published");
    a.modified = json_member(n, "modified");
    a.withdrawn = json_member(n, "withdrawn");
    a.severity =
        advisory_severity_word(json_string(json_at(n, "database_specific", "severity", NULL)));
    add_texts(arena, &a.aliases, json_find(n, "aliases"));
    add_cves(arena, &a);
    JSON_EACH (upstream, json_find(n, "upstream"))
        if (json_string(upstream))
            advisory_add_word(arena, &a.cves, advisory_cve_name(arena, upstream->text));
    JSON_EACH (reference, json_find(n, "references"))
        advisory_add_word(arena, &a.refs, json_member(reference, "url"));
    add_scores(arena, &a, json_find(n, "severity"));
    JSON_EACH (affected, json_find(n, "affected"))
        add_affected(arena, &a, affected);
    return feed_tell(to, &a, e);
}

static int read(const struct advisory_input *in, const struct advisory_sink *to, struct err *e)
{
    return feed_each(in, shape_has(in, "vulns") ? "vulns" : NULL, take, to, e);
}

const struct advisory_feed advisory_feed_osv = {
    .name = "osv", .doc = "OSV entries", .fits = fits, .read = read};
