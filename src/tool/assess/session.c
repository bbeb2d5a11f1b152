/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/assess/session.h"

#include <errno.h>

#include "core/base/mem.h"
#include "tool/assess/condition.h"
#include "tool/nasl/vm.h"

enum { CHECK_TIME_S = 320, CHECK_BYTES = 256 << 20, DEPTH_MAX = 256 };

/* ---- the order ---- */

struct ordering {
    const struct assess_collection *c;
    uint8_t *seen; /* of each check */
    struct assess_order *out;
};

static void visit(struct ordering *o, const struct assess_check *check, unsigned depth)
{
    size_t index = (size_t)(check - o->c->check);
    if (o->seen[index] || depth > DEPTH_MAX)
        return;
    o->seen[index] = 1;
    for (size_t i = 0; i < check->dependencies.count; i++) {
        const struct assess_check *first =
            assess_collection_find_file(o->c, check->dependencies.text[i]);
        if (first)
            visit(o, first, depth + 1);
    }
    o->out->check[o->out->count++] = check;
}

void assess_make_order(const struct assess_collection *c, assess_wanted_fn *wanted, void *ctx,
                       struct arena *arena, struct assess_order *out)
{
    struct ordering o = {.c = c, .seen = mem_zero(c->count + 1), .out = out};
    *out = (struct assess_order){.check = arena_array(arena, c->count + 1, sizeof *out->check)};
    for (int category = 0; category <= NASL_CATEGORY_COUNT; category++)
        for (size_t i = 0; i < c->count; i++)
            if (c->check[i].category == category && (!wanted || wanted(ctx, &c->check[i])))
                visit(&o, &c->check[i], 0);
    mem_free(o.seen);
}

/* ---- running ---- */

struct running {
    const struct assess_check *check;
    const struct assess_events *events;
    const struct clock *clock;
    uint64_t end_ns; /* 0: none */
};

static void on_report(void *ctx, const struct nasl_report *report)
{
    struct running *r = ctx;
    if (r->events->result)
        r->events->result(r->events->ctx, &(struct assess_result){r->check, report});
}

static void tell_fault(const struct running *r, const char *words)
{
    if (r->events->fault)
        r->events->fault(r->events->ctx, r->check, words);
}

static void on_note(void *ctx, const char *file, uint32_t line, const char *words)
{
    struct str text = str_of(4096);
    str_addf(&text, "%s:%u: %s", file, line, words);
    tell_fault(ctx, str_text(&text));
    str_done(&text);
}

static bool on_stop(void *ctx)
{
    struct running *r = ctx;
    return (r->end_ns && clock_mono_ns(r->clock) >= r->end_ns) ||
           (r->events->stop && r->events->stop(r->events->ctx));
}

/* False: it came to no good end. */
static bool run_one(const struct assess_collection *c, struct running *r, struct nasl_host *host,
                    const struct assess_budget *budget)
{
    struct nasl_unit *u;
    struct nasl_meta meta;
    struct err e = {0};
    if (assess_check_compile(c, r->check, &u, &e) < 0) {
        tell_fault(r, e.text);
        return false;
    }
    struct nasl_run how = {
        .name = r->check->file,
        .time_ns = budget->check_ns ? budget->check_ns : CHECK_TIME_S * NS_PER_S,
        .memory = budget->check_bytes ? budget->check_bytes : CHECK_BYTES,
    };
    nasl_meta_init(&meta);
    meta.oid = r->check->oid; /* so that preferences and reports know the script */
    host->meta = &meta;
    enum nasl_end end = nasl_run(c->library, u, host, &how);
    host->meta = NULL;
    nasl_meta_done(&meta);
    nasl_unit_free(u);
    if (end == NASL_TIMED_OUT)
        tell_fault(r, "over its budget of time");
    else if (end == NASL_TOO_LARGE)
        tell_fault(r, "over its budget of memory");
    else if (end == NASL_TOO_DEEP)
        tell_fault(r, "calls nested too deeply");
    return end == NASL_RAN || end == NASL_STOPPED;
}

int assess_run(const struct assess_collection *c, const struct assess_order *order,
               struct nasl_host *host, const struct assess_budget *budget,
               const struct assess_events *events, struct assess_counts *out, struct err *e)
{
    struct running r = {.events = events, .clock = host->clock};
    if (budget->host_ns)
        r.end_ns = clock_mono_ns(host->clock) + budget->host_ns;
    *out = (struct assess_counts){0};
    host->ctx = &r;
    host->report = on_report;
    host->note = on_note;
    host->stop = on_stop;
    for (size_t i = 0; i < order->count; i++) {
        r.check = order->check[i];
        if (on_stop(&r))
            return r.end_ns && clock_mono_ns(r.clock) >= r.end_ns
                       ? err_set(e, -ETIMEDOUT, "the host's budget of time is used up")
                       : err_set(e, -ECANCELED, "stopped");
        if (assess_condition(c, r.check, host) != ASSESS_MAY_RUN) {
            out->left_out++;
            continue;
        }
        if (events->start)
            events->start(events->ctx, r.check);
        out->ran++;
        out->failed += !run_one(c, &r, host, budget);
    }
    return 0;
}
