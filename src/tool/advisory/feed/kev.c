/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CISA's Known Exploited Vulnerabilities: the catalogue as JSON and as CSV. */
#include <errno.h>
#include <string.h>

#include "core/text/csv.h"
#include "tool/advisory/feed.h"

static const char csv_head[] = "cveID,vendorProject,product,";

static bool fits(const struct advisory_input *in)
{
    if (in->shape.kind == SHAPE_TEXT)
        return in->len > sizeof csv_head && memcmp(in->text, csv_head, sizeof csv_head - 1) == 0;
    return shape_has(in, "catalogVersion") && shape_has(in, "vulnerabilities");
}

struct row {
    const char *cve, *vendor, *product, *name, *added, *due, *ransomware, *text;
};

static int tell(struct arena *arena, const struct row *r, const struct advisory_sink *to,
                struct err *e)
{
    struct advisory a = advisory_new("kev");
    if (!r->cve || !advisory_cve_name(arena, r->cve))
        return err_set(e, -EBADMSG, "an entry without a CVE number");
    if (!r->added)
        return err_set(e, -EBADMSG, "%s: without the day it was added", r->cve);
    a.id = advisory_cve_name(arena, r->cve);
    advisory_add_word(arena, &a.cves, a.id);
    a.title = r->name;
    a.date = r->added;
    a.text = r->text;
    advisory_add_package(arena, &a, r->vendor, r->product);
    a.kev.added = r->added;
    a.kev.due = r->due;
    a.kev.ransomware = r->ransomware && strcmp(r->ransomware, "Known") == 0;
    return feed_tell(to, &a, e);
}

static int take(struct arena *arena, const struct json_node *n, const struct advisory_sink *to,
                struct err *e)
{
    struct row r = {
        .cve = json_member(n, "cveID"),
        .vendor = json_member(n, "vendorProject"),
        .product = json_member(n, "product"),
        .name = json_member(n, "vulnerabilityName"),
        .added = json_member(n, "dateAdded"),
        .due = json_member(n, "dueDate"),
        .ransomware = json_member(n, "knownRansomwareCampaignUse"),
        .text = json_member(n, "shortDescription"),
    };
    return tell(arena, &r, to, e);
}

static int take_rows(struct csv *c, struct arena *arena, const struct advisory_sink *to,
                     struct err *e)
{
    int at[8];
    static const char *const names[] = {"cveID",
                                        "vendorProject",
                                        "product",
                                        "vulnerabilityName",
                                        "dateAdded",
                                        "dueDate",
                                        "knownRansomwareCampaignUse",
                                        "shortDescription"};
    if (!csv_next(c))
        return err_set(e, -EBADMSG, "no heading");
    for (size_t i = 0; i < ARRAY_COUNT(names); i++)
        at[i] = csv_column(c, names[i]);
    while (csv_next(c)) {
        struct row r = {csv_field(c, at[0]), csv_field(c, at[1]), csv_field(c, at[2]),
                        csv_field(c, at[3]), csv_field(c, at[4]), csv_field(c, at[5]),
                        csv_field(c, at[6]), csv_field(c, at[7])};
        int rc = tell(arena, &r, to, e);
        arena_reset(arena);
        if (rc == -EBADMSG && to->refused)
            to->refused(to->ctx, "row", e->text);
        else if (rc < 0)
            return rc;
    }
    return 0;
}

static int read(const struct advisory_input *in, const struct advisory_sink *to, struct err *e)
{
    struct arena arena = {0};
    if (in->shape.kind != SHAPE_TEXT)
        return feed_each(in, "vulnerabilities", take, to, e);
    struct csv c = csv_of(in->text, in->len);
    int rc = take_rows(&c, &arena, to, e);
    csv_done(&c);
    arena_done(&arena);
    return rc;
}

const struct advisory_feed advisory_feed_kev = {
    .name = "kev", .doc = "CISA's Known Exploited Vulnerabilities", .fits = fits, .read = read};
