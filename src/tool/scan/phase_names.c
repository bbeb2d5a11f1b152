/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What are they called?  All names of a group are looked up at once. */
#include <errno.h>

#include "tool/scan/phase.h"

struct naming {
    struct group *group;
    struct group_host *host;
};

static void on_name(void *ctx, int result, const char *name)
{
    struct naming *n = ctx;
    if (result == 0)
        n->host->ptr_name = arena_text(&n->group->arena, name);
}

static bool wants_name(const struct scan_options *o, const struct group_host *h)
{
    if (o->names == SCAN_NAMES_ALWAYS || o->list_only)
        return o->names != SCAN_NAMES_NEVER;
    return o->names == SCAN_NAMES_UP && h->state == SCAN_HOST_UP;
}

int phase_names(struct phase *p, struct group *g, struct err *e)
{
    if (!p->resolver)
        return 0;
    size_t asked = 0;
    struct naming *naming = arena_array(&g->arena, g->count, sizeof *naming);
    for (size_t i = 0; i < g->count; i++) {
        if (!wants_name(p->options, &g->host[i]))
            continue;
        naming[i] = (struct naming){g, &g->host[i]};
        resolver_reverse(p->resolver, &g->host[i].addr, on_name, &naming[i]);
        asked++;
    }
    if (!asked)
        return 0;
    static const char title[] = "Parallel DNS resolution";
    if (phase_tell(p, SCAN_TASK_BEGIN, title, NULL, e) < 0)
        return e->code;
    while (resolver_pending(p->resolver)) {
        if (loop_step(p->loop, 100 * NS_PER_MS, e) < 0)
            return e->code;
        if (p->events->stop && p->events->stop(p->events->ctx))
            return err_set(e, -ECANCELED, "interrupted");
    }
    return phase_tell(p, SCAN_TASK_END, title, NULL, e);
}
