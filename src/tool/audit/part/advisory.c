/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which advisories concern what is installed here: one finding a source package, with the version
 * that closes them.  Works on the store that `picket advisory` fills. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/map.h"
#include "hub/store/advisory_store.h"
#include "tool/advisory/match.h"
#include "tool/audit/audit.h"

static const char kept[] = STORE_FOLDER "/advisory.db";

enum { NAMED_MAX = 8 }; /* CVE numbers in a finding; the rest is a number */

static const char *unfit(const struct audit_job *job)
{
    if (!job->is_local)
        return "only on this machine";
    return access(kept, R_OK) == 0
               ? NULL
               : "no advisories are kept: picket advisory fetch --db " STORE_FOLDER
                 "/advisory.db URL";
}

/* What is known against one source package. */
struct flawed {
    const struct inventory_item *item;
    const char *fixed; /* the highest of the versions that mend something */
    struct text_list cves;
    size_t open;
    bool exploited;
    struct flawed *next;
};

struct work {
    struct audit_job *job;
    struct advisory_store *store;
    struct map by_source;
    struct flawed *first;
};

static bool is_serious(enum match_state state)
{
    return state == MATCH_FIXABLE || state == MATCH_OPEN;
}

static bool has(const struct text_list *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->text[i], text) == 0)
            return true;
    return false;
}

static int take(void *ctx, const struct match_finding *f, struct err *e)
{
    struct work *w = ctx;
    struct advisory_exploited known;
    if (!is_serious(f->state))
        return 0;
    struct flawed *p = map_find_text(&w->by_source, f->item->source);
    if (!p) {
        p = arena_take(w->job->arena, sizeof *p);
        p->item = f->item;
        p->next = w->first;
        w->first = p;
        map_put_text(&w->by_source, f->item->source, p);
    }
    if (has(&p->cves, f->cve))
        return 0;
    text_list_add(&p->cves, arena_text(w->job->arena, f->cve));
    p->open += f->state == MATCH_OPEN;
    if (f->fixed)
        p->fixed = arena_text(w->job->arena, f->fixed);
    int rc = advisory_store_exploited(w->store, f->cve, &known, e);
    p->exploited |= rc > 0 && known.kev_added;
    return rc < 0 ? rc : 0;
}

static void tell(struct work *w, const struct flawed *p)
{
    struct arena *a = w->job->arena;
    size_t waiting = p->cves.count - p->open;
    struct str refs = str_of(0);
    for (size_t i = 0; i < p->cves.count && i < NAMED_MAX; i++)
        str_addf(&refs, "%s%s", i ? " " : "", p->cves.text[i]);
    struct finding f = {
        .seen_ns = clock_wall_ns(w->job->clock),
        .tool = "advisory",
        .test = arena_print(a, "advisory.%s", p->item->source),
        .host = w->job->addr,
        .severity = p->exploited ? SEVERITY_CRITICAL
                    : waiting    ? SEVERITY_HIGH
                                 : SEVERITY_LOW,
        .cvss = -1,
        .quality = 80,
        .name = arena_print(a, "%s: %zu known flaws, %zu with a fix", p->item->source,
                            p->cves.count, waiting),
        .evidence = arena_print(a, "%s %s is installed%s%s%s", p->item->name, p->item->version,
                                p->fixed ? "; fixed in " : "", p->fixed ? p->fixed : "",
                                p->exploited ? "; one of them is exploited (CISA)" : ""),
        .cure =
            waiting ? arena_print(a, "%s patch apply", w->job->program) : "no fix is published yet",
        .refs = arena_text(a, str_text(&refs)),
    };
    str_done(&refs);
    audit_add_finding(w->job, &f);
}

static int run(struct audit_job *job, struct err *e)
{
    struct work w = {.job = job};
    struct match_sink sink = {&w, take};
    struct inventory inventory = {0};
    struct inventory_system system;
    int rc = advisory_store_open(&w.store, kept, STORE_READ, e);
    if (rc < 0)
        return rc;
    inventory_read_system(job->arena, "", &system);
    rc = inventory_read_root(job->arena, "", &inventory, e);
    rc = rc < 0 ? rc : match_store(&inventory, system.codename, w.store, &sink, e);
    for (struct flawed *p = w.first; p; p = p->next) {
        if (rc == 0)
            tell(&w, p);
        text_list_done(&p->cves);
    }
    map_done(&w.by_source);
    advisory_store_close(w.store);
    return rc;
}

const struct audit_part_kind audit_part_advisory = {
    .name = "advisory",
    .doc = "known flaws of what is installed",
    .unfit = unfit,
    .run = run,
};
