/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records of the CVE program, format 5 (github.com/CVEProject/cve-schema), as CVE.org and CISA's
 * Vulnrichment publish them. */
#include <errno.h>
#include <string.h>

#include "tool/advisory/feed.h"

static bool fits(const struct advisory_input *in)
{
    return shape_has(in, "cveMetadata") || shape_has(in, "containers");
}

static void add_metrics(struct arena *arena, struct advisory *a, const struct json_node *container,
                        const char *who)
{
    JSON_EACH (metric, json_find(container, "metrics"))
        JSON_EACH (data, metric) {
            struct advisory_score s = {json_member(data, "vectorString"),
                                       json_number(json_find(data, "baseScore"), -1), who};
            if (s.vector && s.score >= 0)
                advisory_add_score(arena, a, &s);
        }
}

static void add_affected(struct arena *arena, struct advisory *a, const struct json_node *container)
{
    JSON_EACH (affected, json_find(container, "affected")) {
        const char *name = json_member(affected, "product");
        if (!name)
            name = json_member(affected, "packageName");
        advisory_add_package(arena, a, json_member(affected, "vendor"), name);
    }
    JSON_EACH (reference, json_find(container, "references"))
        advisory_add_word(arena, &a->refs, json_member(reference, "url"));
}

static int take(struct arena *arena, const struct json_node *n, const struct advisory_sink *to,
                struct err *e)
{
    const struct json_node *meta = json_find(n, "cveMetadata");
    const struct json_node *cna = json_at(n, "containers", "cna", NULL);
    struct advisory a = advisory_new("cve");
    a.id = json_member(meta, "cveId");
    if (!a.id)
        return err_set(e, -EBADMSG, "a CVE record without a cveId");
    advisory_add_word(arena, &a.cves, advisory_cve_name(arena, a.id));
    a.title = json_member(cna, "title");
    a.date = json_member(meta, "datePublished");
    a.modified = json_member(meta, "dateUpdated");
    a.publisher = json_member(meta, "assignerShortName");
    const char *state = json_member(meta, "state");
    if (state && strcmp(state, "REJECTED") == 0)
        a.withdrawn = json_member(meta, "dateRejected") ? json_member(meta, "dateRejected") : state;
    JSON_EACH (description, json_find(cna, "descriptions")) {
        const char *language = json_member(description, "lang");
        if (!a.text && language && strncmp(language, "en", 2) == 0)
            a.text = json_member(description, "value");
    }
    add_metrics(arena, &a, cna, json_string(json_at(cna, "providerMetadata", "shortName", NULL)));
    add_affected(arena, &a, cna);
    JSON_EACH (adp, json_at(n, "containers", "adp", NULL))
        add_metrics(arena, &a, adp,
                    json_string(json_at(adp, "providerMetadata", "shortName", NULL)));
    return feed_tell(to, &a, e);
}

static int read(const struct advisory_input *in, const struct advisory_sink *to, struct err *e)
{
    return feed_each(in, NULL, take, to, e);
}

const struct advisory_feed advisory_feed_cve = {
    .name = "cve", .doc = "records of the CVE program, format 5", .fits = fits, .read = read};
