/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/service/service_scan.h"

#include <errno.h>
#include <stdlib.h>

#include "core/base/mem.h"
#include "sys/io/sock.h"
#include "tool/scan/service/job.h"

enum { SPARE_DESCRIPTORS = 64, CHECK_EVERY_MS = 100 };

struct service_scan {
    const struct service_scan_setup *setup;
    struct service_matcher *matcher;
    struct tls_context *tls;
    struct service_target *target;
    uint32_t *order; /* ports of different hosts take turns */
    size_t count, next, done;
    struct job **job; /* the slots in use */
    size_t slots, in_use;
};

/* Jobs at once: what -T allows, within the descriptors there are. */
static size_t slots_for(const struct scan_timing *timing, size_t count)
{
    static const uint16_t of_level[SCAN_TIMING_LEVELS] = {1, 5, 30, 100, 200, 400};
    size_t slots = timing->parallel_max ? timing->parallel_max : of_level[timing->level];
    if (slots < timing->parallel_min)
        slots = timing->parallel_min;
    uint64_t limit = sock_raise_limit();
    size_t room = limit > SPARE_DESCRIPTORS ? (size_t)(limit - SPARE_DESCRIPTORS) / JOB_LANES : 1;
    slots = slots < room ? slots : room;
    slots = slots < count ? slots : count;
    return slots ? slots : 1;
}

/* How many ports of its host stand before each: hosts take turns by that. */
struct turn {
    uint32_t index, rank;
};

static int by_rank(const void *a, const void *b)
{
    const struct turn *x = a, *y = b;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

/* The targets come host by host. */
static void make_order(struct service_scan *s)
{
    struct turn *turn = mem_resize(NULL, s->count, sizeof *turn);
    s->order = mem_resize(NULL, s->count, sizeof *s->order);
    for (size_t i = 0; i < s->count; i++) {
        bool same = i > 0 && s->target[i].host == s->target[i - 1].host;
        turn[i] = (struct turn){(uint32_t)i, same ? turn[i - 1].rank + 1 : 0};
    }
    qsort(turn, s->count, sizeof *turn, by_rank);
    for (size_t i = 0; i < s->count; i++)
        s->order[i] = turn[i].index;
    mem_free(turn);
}

/* Freed at the next look, not inside the lane that told the end. */
static void on_done(struct job *job)
{
    struct service_scan *s = job->ctx;
    job->stale = true;
    s->done++;
}

static void free_job(struct job *job)
{
    job_stop(job);
    mem_free(job);
}

static void sweep(struct service_scan *s)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->in_use; i++) {
        if (s->job[i]->stale)
            free_job(s->job[i]);
        else
            s->job[kept++] = s->job[i];
    }
    s->in_use = kept;
}

static void fill(struct service_scan *s)
{
    while (s->in_use < s->slots && s->next < s->count) {
        struct job *job = mem_zero(sizeof *job);
        job->done = on_done;
        job->ctx = s;
        s->job[s->in_use++] = job;
        job_start(job, s->setup, s->matcher, s->tls, &s->target[s->order[s->next++]]);
        if (job->stale)
            sweep(s);
    }
}

/* All hosts of the group are asked from the same moment on. */
static bool is_time_over(const struct service_scan *s, uint64_t begin_ns, uint64_t now_ns)
{
    uint64_t timeout_ns = s->setup->timing->host_timeout_ns;
    return timeout_ns && now_ns - begin_ns > timeout_ns;
}

static void give_up(struct service_scan *s)
{
    for (size_t i = 0; i < s->in_use; i++)
        s->job[i]->target->given_up = !s->job[i]->stale;
    for (; s->next < s->count; s->next++)
        s->target[s->order[s->next]].given_up = true;
}

static int run(struct service_scan *s, struct err *e)
{
    const struct service_events *ev = &s->setup->events;
    uint64_t begin_ns = clock_mono_ns(s->setup->clock), next_look_ns = 0;
    for (;;) {
        sweep(s);
        fill(s);
        if (s->done == s->count)
            return 0;
        uint64_t now_ns = clock_mono_ns(s->setup->clock);
        if (is_time_over(s, begin_ns, now_ns)) {
            give_up(s);
            return 0;
        }
        if (now_ns >= next_look_ns) {
            next_look_ns = now_ns + CHECK_EVERY_MS * NS_PER_MS;
            if (ev->progress && !ev->progress(ev->ctx, s->done, s->count))
                return err_set(e, -ECANCELED, "interrupted");
        }
        if (loop_step(s->setup->loop, CHECK_EVERY_MS * NS_PER_MS, e) < 0)
            return e->code;
    }
}

int service_scan_run(const struct service_scan_setup *setup, struct service_target *target,
                     size_t count, struct err *e)
{
    struct service_scan s = {.setup = setup, .target = target, .count = count};
    if (count == 0)
        return 0;
    s.tls = tls_context_new(&(struct tls_options){0}, e);
    if (!s.tls)
        return e->code;
    s.matcher = service_matcher_new(setup->db);
    s.slots = slots_for(setup->timing, count);
    s.job = mem_resize(NULL, s.slots, sizeof(struct job *));
    make_order(&s);
    int rc = run(&s, e);
    for (size_t i = 0; i < s.in_use; i++)
        free_job(s.job[i]);
    mem_free(s.job);
    mem_free(s.order);
    service_matcher_free(s.matcher);
    tls_context_free(s.tls);
    return rc;
}
