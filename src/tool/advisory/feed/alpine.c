/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alpine's secdb: for each package the versions that fixed something, and what.  One advisory for
 * each identifier of each package. */
#include <errno.h>
#include <string.h>

#include "tool/advisory/feed.h"

static bool fits(const struct advisory_input *in)
{
    return shape_has(in, "packages") && (shape_has(in, "distroversion") || shape_has(in, "apkurl"));
}

/* "CVE-2018-7540 XSA-252": names of one flaw. */
static int tell(struct arena *arena, const char *names, const struct advisory_fix *fix,
                const struct advisory_sink *to, struct err *e)
{
    struct advisory a = advisory_new("alpine");
    for (const char *at = names; *at;) {
        size_t len = strcspn(at, " ");
        if (len) {
            const char *name = arena_copy(arena, at, len);
            a.id = a.id ? a.id : name;
            advisory_add_word(arena, &a.cves, advisory_cve_name(arena, name));
            if (name != a.id)
                advisory_add_word(arena, &a.aliases, name);
        }
        at += len + (at[len] != '\0');
    }
    if (!a.id)
        return 0;
    advisory_add_package(arena, &a, arena_print(arena, "Alpine:%s", fix->suite), fix->package);
    if (strcmp(fix->version, "0") != 0) /* "0": this package never had it */
        advisory_add_fix(arena, &a, fix);
    return feed_tell(to, &a, e);
}

static int take(struct arena *arena, const struct json_node *n, const struct advisory_sink *to,
                struct err *e)
{
    const char *suite = json_member(n, "distroversion");
    JSON_EACH (entry, json_find(n, "packages")) {
        const struct json_node *package = json_find(entry, "pkg");
        JSON_EACH (version, json_find(package, "secfixes"))
            JSON_EACH (names, version) {
                struct advisory_fix fix = {suite ? suite : "edge", json_member(package, "name"),
                                           version->key};
                if (!json_string(names) || !fix.package)
                    continue;
                int rc = tell(arena, names->text, &fix, to, e);
                if (rc < 0)
                    return rc;
            }
    }
    return 0;
}

static int read(const struct advisory_input *in, const struct advisory_sink *to, struct err *e)
{
    return feed_each(in, NULL, take, to, e);
}

const struct advisory_feed advisory_feed_alpine = {
    .name = "alpine", .doc = "Alpine's secdb", .fits = fits, .read = read};
