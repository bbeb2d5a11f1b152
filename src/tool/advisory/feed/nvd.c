/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The National Vulnerability Database: API 2.0, and the feeds of version 1.1 that mirrors keep. */
#include <errno.h>
#include <string.h>

#include "tool/advisory/feed.h"

static bool fits(const struct advisory_input *in)
{
    return shape_has(in, "CVE_Items") ||
           (shape_has(in, "vulnerabilities") &&
            (shape_has(in, "resultsPerPage") || shape_has(in, "format")));
}

static const char *english(const struct json_node *list)
{
    JSON_EACH (n, list) {
        const char *language = json_member(n, "lang");
        if (language && strncmp(language, "en", 2) == 0)
            return json_member(n, "value");
    }
    return NULL;
}

/* Not all that stands among the metrics is CVSS: what has no vector is passed over. */
static void add_metrics(struct arena *arena, struct advisory *a, const struct json_node *metrics)
{
    JSON_EACH (kind, metrics)
        JSON_EACH (metric, kind) {
            const struct json_node *data = json_find(metric, "cvssData");
            struct advisory_score s = {json_member(data, "vectorString"),
                                       json_number(json_find(data, "baseScore"), -1),
                                       json_member(metric, "source")};
            if (s.vector && s.score >= 0)
                advisory_add_score(arena, a, &s);
        }
}

/* "cpe:2.3:a:openssl:openssl:1.0.1:..." -> vendor and product, as NVD names packages. */
static void add_cpe(struct arena *arena, struct advisory *a, const struct json_node *match)
{
    const char *cpe = json_member(match, "criteria");
    const char *vendor = cpe && strlen(cpe) > 10 ? strchr(cpe + 8, ':') : NULL;
    const char *product = vendor ? strchr(vendor + 1, ':') : NULL;
    const char *version = product ? strchr(product + 1, ':') : NULL;
    if (!version)
        return;
    const char *of = arena_copy(arena, vendor + 1, (size_t)(product - vendor) - 1);
    const char *name = arena_copy(arena, product + 1, (size_t)(version - product) - 1);
    const char *ecosystem = arena_print(arena, "cpe:%s", of);
    advisory_add_package(arena, a, ecosystem, name);
    struct advisory_range r = {.ecosystem = ecosystem, .name = name};
    const char *from = json_member(match, "versionStartIncluding");
    r.fixed = json_member(match, "versionEndExcluding");
    r.last = json_member(match, "versionEndIncluding");
    size_t len = strcspn(version + 1, ":");
    if (from || r.fixed || r.last)
        r.introduced = from ? from : "0";
    else if (len != 1 || (version[1] != '*' && version[1] != '-'))
        r.exactly = arena_copy(arena, version + 1, len);
    if (r.introduced || r.exactly)
        advisory_add_range(arena, a, &r);
}

static void add_configurations(struct arena *arena, struct advisory *a, const struct json_node *cve)
{
    JSON_EACH (configuration, json_find(cve, "configurations"))
        JSON_EACH (node, json_find(configuration, "nodes"))
            JSON_EACH (match, json_find(node, "cpeMatch")) {
                const struct json_node *v = json_find(match, "vulnerable");
                if (json_is(v, JSON_BOOL) && v->boolean)
                    add_cpe(arena, a, match);
            }
}

static int take_20(struct arena *arena, const struct json_node *n, const struct advisory_sink *to,
                   struct err *e)
{
    const struct json_node *cve = json_find(n, "cve");
    struct advisory a = advisory_new("nvd");
    a.id = json_member(cve, "id");
    if (!a.id)
        return err_set(e, -EBADMSG, "an entry of NVD without an id");
    advisory_add_word(arena, &a.cves, advisory_cve_name(arena, a.id));
    a.date = json_member(cve, "published");
    a.modified = json_member(cve, "lastModified");
    a.publisher = json_member(cve, "sourceIdentifier");
    a.text = english(json_find(cve, "descriptions"));
    const char *status = json_member(cve, "vulnStatus");
    if (status && strcmp(status, "Rejected") == 0)
        a.withdrawn = a.modified ? a.modified : status;
    add_metrics(arena, &a, json_find(cve, "metrics"));
    JSON_EACH (reference, json_find(cve, "references"))
        advisory_add_word(arena, &a.refs, json_member(reference, "url"));
    add_configurations(arena, &a, cve);
    return feed_tell(to, &a, e);
}

static int take_11(struct arena *arena, const struct json_node *n, const struct advisory_sink *to,
                   struct err *e)
{
    const struct json_node *impact = json_find(n, "impact");
    struct advisory a = advisory_new("nvd");
    a.id = json_string(json_at(n, "cve", "CVE_data_meta", "ID", NULL));
    if (!a.id)
        return err_set(e, -EBADMSG, "an entry of NVD without an id");
    advisory_add_word(arena, &a.cves, advisory_cve_name(arena, a.id));
    a.date = json_member(n, "publishedDate");
    a.modified = json_member(n, "lastModifiedDate");
    a.text = english(json_at(n, "cve", "description", "description_data", NULL));
    if (a.text && strncmp(a.text, "** REJECT **", 12) == 0)
        a.withdrawn = a.modified ? a.modified : "rejected";
    JSON_EACH (metric, impact)
        JSON_EACH (data, metric)
            if (json_member(data, "vectorString"))
                advisory_add_score(
                    arena, &a,
                    &(struct advisory_score){json_member(data, "vectorString"),
                                             json_number(json_find(data, "baseScore"), 0), NULL});
    return feed_tell(to, &a, e);
}

static int read(const struct advisory_input *in, const struct advisory_sink *to, struct err *e)
{
    if (shape_has(in, "CVE_Items"))
        return feed_each(in, "CVE_Items", take_11, to, e);
    return feed_each(in, "vulnerabilities", take_20, to, e);
}

const struct advisory_feed advisory_feed_nvd = {
    .name = "nvd", .doc = "NVD, API 2.0 and feeds 1.1", .fits = fits, .read = read};
