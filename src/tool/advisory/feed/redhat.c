/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Red Hat's Security Data API as it was before CSAF: lists of CVEs, and CVRF as JSON. */
#include <errno.h>
#include <string.h>

#include "tool/advisory/feed.h"

static bool fits(const struct advisory_input *in)
{
    return shape_has(in, "cvrfdoc") || (shape_has(in, "CVE") && shape_has(in, "bugzilla"));
}

/* "openssl-1:1.1.1k-7.el8_6" -> openssl, 1:1.1.1k-7.el8_6 */
static void add_build(struct arena *arena, struct advisory *a, const char *build)
{
    const char *release = build ? strrchr(build, '-') : NULL, *version = release;
    while (version && version > build && *--version != '-')
        ;
    if (!version || version == build)
        return;
    const char *name = arena_copy(arena, build, (size_t)(version - build));
    advisory_add_package(arena, a, "Red Hat", name);
    advisory_add_fix(arena, a, &(struct advisory_fix){NULL, name, version + 1});
}

static void add_score(struct arena *arena, struct advisory *a, const struct json_node *n,
                      const char *vector_key, const char *score_key)
{
    struct advisory_score s = {json_member(n, vector_key), json_number(json_find(n, score_key), -1),
                               "Red Hat"};
    if (s.vector && s.score >= 0)
        advisory_add_score(arena, a, &s);
}

static int take_cve(struct arena *arena, const struct json_node *n, const struct advisory_sink *to,
                    struct err *e)
{
    struct advisory a = advisory_new("redhat");
    a.id = json_member(n, "CVE");
    if (!a.id)
        return err_set(e, -EBADMSG, "an entry without its CVE");
    a.publisher = "Red Hat";
    advisory_add_word(arena, &a.cves, advisory_cve_name(arena, a.id));
    a.title = json_member(n, "bugzilla_description");
    a.date = json_member(n, "public_date");
    a.severity = advisory_severity_word(json_member(n, "severity"));
    a.url = json_member(n, "resource_url");
    add_score(arena, &a, n, "cvss_scoring_vector", "cvss_score");
    add_score(arena, &a, n, "cvss3_scoring_vector", "cvss3_score");
    JSON_EACH (advisory, json_find(n, "advisories"))
        advisory_add_word(arena, &a.aliases, json_string(advisory));
    JSON_EACH (build, json_find(n, "affected_packages"))
        add_build(arena, &a, json_string(build));
    return feed_tell(to, &a, e);
}

/* Where CVRF's XML had one element its JSON has an object, where it had several an array. */
static const struct json_node *first_of(const struct json_node *n)
{
    return json_is(n, JSON_ARRAY) ? n->first : n;
}

static int take_cvrf(struct arena *arena, const struct json_node *n, const struct advisory_sink *to,
                     struct err *e)
{
    const struct json_node *doc = json_find(n, "cvrfdoc");
    const struct json_node *tracking = json_find(doc, "document_tracking");
    const struct json_node *flaws = json_find(doc, "vulnerability");
    struct advisory a = advisory_new("redhat");
    a.id = json_string(json_at(tracking, "identification", "id", NULL));
    if (!a.id)
        return err_set(e, -EBADMSG, "a CVRF document without an id");
    a.title = json_member(doc, "document_title");
    a.date = json_member(tracking, "initial_release_date");
    a.modified = json_member(tracking, "current_release_date");
    a.severity = advisory_severity_word(json_member(doc, "aggregate_severity"));
    a.publisher = json_string(json_at(doc, "document_publisher", "issuing_authority", NULL));
    for (const struct json_node *f = first_of(flaws); f; f = f == flaws ? NULL : f->next) {
        const char *cve = json_member(f, "cve");
        if (cve)
            advisory_add_word(arena, &a.cves, advisory_cve_name(arena, cve));
    }
    return feed_tell(to, &a, e);
}

static int read(const struct advisory_input *in, const struct advisory_sink *to, struct err *e)
{
    return feed_each(in, NULL, shape_has(in, "cvrfdoc") ? take_cvrf : take_cve, to, e);
}

const struct advisory_feed advisory_feed_redhat = {
    .name = "redhat", .doc = "Red Hat's Security Data API", .fits = fits, .read = read};
