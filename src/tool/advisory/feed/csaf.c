/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Common Security Advisory Framework, 2.0 and 2.1: advisories and VEX; and what leads to them:
 * provider metadata, aggregators, ROLIE feeds and services. */
#include <errno.h>
#include <string.h>

#include "tool/advisory/feed.h"

static bool fits(const struct advisory_input *in)
{
    return shape_has(in, "document") || shape_has(in, "aggregator") ||
           shape_has(in, "metadata_version") || shape_has(in, "feed") || shape_has(in, "service") ||
           shape_has(in, "categories");
}

static void add_vulnerability(struct arena *arena, struct advisory *a, const struct json_node *v)
{
    const char *cve = json_member(v, "cve");
    if (cve)
        advisory_add_word(arena, &a->cves, advisory_cve_name(arena, cve));
    JSON_EACH (score, json_find(v, "scores")) /* 2.0 */
        JSON_EACH (data, score)
            if (json_member(data, "vectorString"))
                advisory_add_score(
                    arena, a,
                    &(struct advisory_score){json_member(data, "vectorString"),
                                             json_number(json_find(data, "baseScore"), 0), NULL});
    JSON_EACH (metric, json_find(v, "metrics")) /* 2.1 */
        JSON_EACH (data, json_find(metric, "content"))
            if (json_member(data, "vectorString"))
                advisory_add_score(
                    arena, a,
                    &(struct advisory_score){json_member(data, "vectorString"),
                                             json_number(json_find(data, "baseScore"), 0), NULL});
}

static void add_remediations(struct arena *arena, struct advisory *a, const struct json_node *v)
{
    JSON_EACH (remedy, json_find(v, "remediations")) {
        const char *category = json_member(remedy, "category");
        if (category && strcmp(category, "vendor_fix") == 0)
            advisory_add_word(arena, &a->refs, json_member(remedy, "url"));
    }
}

static int tell_document(struct arena *arena, const struct json_node *n,
                         const struct advisory_sink *to, struct err *e)
{
    const struct json_node *doc = json_find(n, "document");
    const struct json_node *tracking = json_find(doc, "tracking");
    struct advisory a = advisory_new("csaf");
    a.id = json_member(tracking, "id");
    a.title = json_member(doc, "title");
    if (!a.id || !a.title)
        return err_set(e, -EBADMSG, "no CSAF document: /document/%s is missing",
                       a.id ? "title" : "tracking/id");
    a.date = json_member(tracking, "initial_release_date");
    a.modified = json_member(tracking, "current_release_date");
    a.publisher = json_string(json_at(doc, "publisher", "name", NULL));
    a.severity =
        advisory_severity_word(json_string(json_at(doc, "aggregate_severity", "text", NULL)));
    JSON_EACH (alias, json_find(tracking, "aliases"))
        advisory_add_word(arena, &a.aliases, json_string(alias));
    JSON_EACH (reference, json_find(doc, "references")) {
        const char *category = json_member(reference, "category");
        advisory_add_word(arena, &a.refs, json_member(reference, "url"));
        if (category && strcmp(category, "self") == 0)
            a.url = json_member(reference, "url");
    }
    JSON_EACH (note, json_find(doc, "notes")) {
        const char *category = json_member(note, "category");
        if (!a.text && category && strcmp(category, "summary") == 0)
            a.text = json_member(note, "text");
    }
    JSON_EACH (v, json_find(n, "vulnerabilities")) {
        add_vulnerability(arena, &a, v);
        add_remediations(arena, &a, v);
    }
    return feed_tell(to, &a, e);
}

static int tell_guide(const char *kind, const char *id, const char *title, const char *publisher,
                      const struct advisory_sink *to, struct err *e)
{
    struct advisory a = advisory_new("csaf");
    a.kind = kind;
    a.id = id;
    a.title = title;
    a.publisher = publisher;
    if (!id && !title)
        return err_set(e, -EBADMSG, "a document of kind %s that says nothing of itself", kind);
    return feed_tell(to, &a, e);
}

static int take(struct arena *arena, const struct json_node *n, const struct advisory_sink *to,
                struct err *e)
{
    const char *url = json_member(n, "canonical_url");
    const struct json_node *feed = json_find(n, "feed");
    if (json_find(n, "document"))
        return tell_document(arena, n, to, e);
    if (json_find(n, "aggregator"))
        return tell_guide("csaf-aggregator", url,
                          json_string(json_at(n, "aggregator", "name", NULL)), NULL, to, e);
    if (json_find(n, "metadata_version"))
        return tell_guide("csaf-provider", url, NULL,
                          json_string(json_at(n, "publisher", "name", NULL)), to, e);
    if (feed)
        return tell_guide("rolie", json_member(feed, "id"), json_member(feed, "title"), NULL, to,
                          e);
    if (json_find(n, "service") || json_find(n, "categories"))
        return tell_guide("rolie", NULL, json_find(n, "service") ? "service" : "category", NULL, to,
                          e);
    return err_set(e, -EBADMSG, "no CSAF document");
}

static int read(const struct advisory_input *in, const struct advisory_sink *to, struct err *e)
{
    return feed_each(in, NULL, take, to, e);
}

const struct advisory_feed advisory_feed_csaf = {
    .name = "csaf",
    .doc = "CSAF 2.0 and 2.1, VEX, and what leads to them",
    .fits = fits,
    .read = read};
