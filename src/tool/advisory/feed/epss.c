/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FIRST's Exploit Prediction Scoring System: the daily CSV and the answers of its API. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/text/csv.h"
#include "tool/advisory/feed.h"

static bool begins(const struct advisory_input *in, const char *text)
{
    return in->len > strlen(text) && memcmp(in->text, text, strlen(text)) == 0;
}

static bool fits(const struct advisory_input *in)
{
    if (in->shape.kind == SHAPE_TEXT)
        return begins(in, "#model_version:") || begins(in, "cve,epss");
    return shape_has(in, "data") && shape_has(in, "status") && shape_has(in, "access");
}

static int tell(struct arena *arena, const char *cve, const char *chance, const char *date,
                const struct advisory_sink *to, struct err *e)
{
    struct advisory a = advisory_new("epss");
    a.id = cve ? advisory_cve_name(arena, cve) : NULL;
    a.epss = chance ? strtod(chance, NULL) : -1;
    a.date = date;
    if (!a.id || !(a.epss >= 0 && a.epss <= 1))
        return err_set(e, -EBADMSG, "%s: no CVE number with a chance of 0 to 1", cve ? cve : "row");
    advisory_add_word(arena, &a.cves, a.id);
    return feed_tell(to, &a, e);
}

static int take(struct arena *arena, const struct json_node *n, const struct advisory_sink *to,
                struct err *e)
{
    return tell(arena, json_member(n, "cve"), json_member(n, "epss"), json_member(n, "date"), to,
                e);
}

static int take_rows(struct csv *c, struct arena *arena, const struct advisory_sink *to,
                     struct err *e)
{
    int cve = -1, chance = -1;
    while (csv_next(c)) {
        const char *first = csv_field(c, 0);
        if (first && *first == '#')
            continue;
        if (cve < 0) {
            cve = csv_column(c, "cve");
            chance = csv_column(c, "epss");
            if (cve < 0 || chance < 0)
                return err_set(e, -EBADMSG, "no columns \"cve\" and \"epss\"");
            continue;
        }
        int rc = tell(arena, csv_field(c, cve), csv_field(c, chance), NULL, to, e);
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
        return feed_each(in, "data", take, to, e);
    struct csv c = csv_of(in->text, in->len);
    int rc = take_rows(&c, &arena, to, e);
    csv_done(&c);
    arena_done(&arena);
    return rc;
}

const struct advisory_feed advisory_feed_epss = {
    .name = "epss", .doc = "FIRST's exploit prediction scores", .fits = fits, .read = read};
