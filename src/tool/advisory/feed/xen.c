/* SPDX-License-Identifier: GPL-3.0-or-later */
/* xenbits.xen.org/xsa/xsa.json, and one entry of it. */
#include <errno.h>
#include <string.h>

#include "tool/advisory/feed.h"

static bool fits(const struct advisory_input *in)
{
    return shape_has(in, "xsa") || shape_has(in, "xsas");
}

static int take_one(struct arena *arena, const struct json_node *n, const struct advisory_sink *to,
                    struct err *e)
{
    struct advisory a = advisory_new("xen");
    const struct json_node *number = json_find(n, "xsa");
    if (!number || !number->text)
        return err_set(e, -EBADMSG, "an entry without its number");
    a.id = arena_print(arena, "XSA-%s", number->text);
    a.publisher = "Xen";
    a.title = json_member(n, "title");
    a.date = json_member(n, "public_time");
    advisory_add_package(arena, &a, "Xen", "xen");
    JSON_EACH (cve, json_find(n, "cve"))
        if (json_string(cve))
            advisory_add_word(arena, &a.cves, advisory_cve_name(arena, cve->text));
    return feed_tell(to, &a, e);
}

static int take(struct arena *arena, const struct json_node *n, const struct advisory_sink *to,
                struct err *e)
{
    const struct json_node *list = json_find(n, "xsas");
    if (!list)
        return take_one(arena, n, to, e);
    JSON_EACH (entry, list) {
        int rc = take_one(arena, entry, to, e);
        if (rc == -EBADMSG && to->refused)
            to->refused(to->ctx, "entry", e->text);
        else if (rc < 0)
            return rc;
    }
    return 0;
}

static int read(const struct advisory_input *in, const struct advisory_sink *to, struct err *e)
{
    return feed_each(in, NULL, take, to, e);
}

const struct advisory_feed advisory_feed_xen = {
    .name = "xen", .doc = "Xen's security advisories", .fits = fits, .read = read};
