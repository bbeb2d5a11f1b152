/* SPDX-License-Identifier: GPL-3.0-or-later */
/* usn.ubuntu.com's database of notices: an object of notices by their numbers. */
#include <errno.h>
#include <string.h>

#include "core/text/date.h"
#include "tool/advisory/feed.h"

static bool fits(const struct advisory_input *in)
{
    return in->shape.kind == SHAPE_OBJECT && shape_inner_has(in, "cves") &&
           (shape_inner_has(in, "releases") || shape_inner_has(in, "isummary"));
}

static void add_release(struct arena *arena, struct advisory *a, const struct json_node *release)
{
    JSON_EACH (package, json_find(release, "sources")) {
        advisory_add_package(arena, a, "Ubuntu", package->key);
        advisory_add_fix(
            arena, a,
            &(struct advisory_fix){release->key, package->key, json_member(package, "version")});
    }
}

static int take(struct arena *arena, const struct json_node *n, const struct advisory_sink *to,
                struct err *e)
{
    struct advisory a = advisory_new("ubuntu");
    const char *id = json_member(n, "id");
    struct date date;
    if (!id)
        return err_set(e, -EBADMSG, "a notice without an id");
    a.id = strncmp(id, "USN-", 4) == 0 ? id : arena_print(arena, "USN-%s", id);
    a.publisher = "Ubuntu";
    a.title = json_member(n, "title");
    a.text = json_member(n, "description");
    double since = json_number(json_find(n, "timestamp"), -1);
    if (since >= 0 && since < 1e11 && date_from_seconds(&date, (int64_t)since))
        a.date = arena_text(arena, date_text(&date).text);
    JSON_EACH (cve, json_find(n, "cves"))
        if (json_string(cve))
            advisory_add_word(arena, &a.cves, advisory_cve_name(arena, cve->text));
    JSON_EACH (release, json_find(n, "releases"))
        add_release(arena, &a, release);
    return feed_tell(to, &a, e);
}

static int read(const struct advisory_input *in, const struct advisory_sink *to, struct err *e)
{
    struct json_reader j = json_reader_of(in->text, in->len);
    struct arena arena = {0};
    struct json_span key;
    int rc = 0;
    if (json_enter_object(&j))
        while (rc == 0 && json_next_key(&j, &key)) {
            const struct json_node *n = json_tree_read(&j, &arena);
            rc = n ? take(&arena, n, to, e) : 0;
            if (rc == -EBADMSG && to->refused) {
                to->refused(to->ctx, "notice", e->text);
                rc = 0;
            }
            arena_reset(&arena);
        }
    if (rc == 0 && !json_at_end(&j))
        rc = feed_broken(&j, e);
    arena_done(&arena);
    json_reader_done(&j);
    return rc;
}

const struct advisory_feed advisory_feed_ubuntu = {
    .name = "ubuntu", .doc = "Ubuntu's security notices (USN)", .fits = fits, .read = read};
