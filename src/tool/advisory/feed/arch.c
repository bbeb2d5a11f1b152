/* SPDX-License-Identifier: GPL-3.0-or-later */
/* security.archlinux.org/all.json */
#include <errno.h>
#include <string.h>

#include "tool/advisory/feed.h"

static bool fits(const struct advisory_input *in)
{
    return shape_has(in, "issues") && shape_has(in, "packages") && shape_has(in, "affected");
}

static int take(struct arena *arena, const struct json_node *n, const struct advisory_sink *to,
                struct err *e)
{
    struct advisory a = advisory_new("arch");
    a.id = json_member(n, "name");
    if (!a.id)
        return err_set(e, -EBADMSG, "a group without a name");
    a.title = json_member(n, "type");
    a.severity = advisory_severity_word(json_member(n, "severity"));
    JSON_EACH (issue, json_find(n, "issues"))
        if (json_string(issue))
            advisory_add_word(arena, &a.cves, advisory_cve_name(arena, issue->text));
    JSON_EACH (issue, json_find(n, "advisories"))
        advisory_add_word(arena, &a.aliases, json_string(issue));
    JSON_EACH (package, json_find(n, "packages")) {
        advisory_add_package(arena, &a, "Arch", json_string(package));
        advisory_add_fix(
            arena, &a,
            &(struct advisory_fix){"arch", json_string(package), json_member(n, "fixed")});
    }
    return feed_tell(to, &a, e);
}

static int read(const struct advisory_input *in, const struct advisory_sink *to, struct err *e)
{
    return feed_each(in, NULL, take, to, e);
}

const struct advisory_feed advisory_feed_arch = {
    .name = "arch", .doc = "Arch Linux's security tracker", .fits = fits, .read = read};
