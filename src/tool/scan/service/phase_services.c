/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which services are they?  All ports of the group that are or may be open are asked at once. */
#include <stdio.h>

#include "tool/scan/phase.h"
#include "tool/scan/service/service_scan.h"

static const char title[] = "Service scan";

struct asking {
    struct phase *phase;
    uint64_t begin_mono_ns;
    int failed;
    struct err *e;
};

static bool is_asked(const struct group_scan *scan, const struct group_host *h, uint32_t item)
{
    enum scan_proto proto = scan->technique->proto;
    uint8_t state = prober_result(scan->prober, h->number, item)->state;
    if (proto == SCAN_TCP)
        return state == SCAN_OPEN;
    return proto == SCAN_UDP && (state == SCAN_OPEN || state == SCAN_OPEN_FILTERED);
}

static size_t count_asked(const struct group *g, const struct group_host *h, enum scan_proto proto,
                          struct service_target *out)
{
    size_t count = 0;
    for (size_t s = 0; s < g->scan_count && h->number != GROUP_NOT_PROBED && !h->timed_out; s++) {
        const struct group_scan *scan = &g->scan[s];
        for (uint32_t i = 0; scan->technique->proto == proto && i < scan->item_count; i++) {
            if (!is_asked(scan, h, i))
                continue;
            if (out)
                out[count] = (struct service_target){.addr = h->addr,
                                                     .proto = proto,
                                                     .port = scan->item[i].port,
                                                     .host_name = h->user_name,
                                                     .host = h->number,
                                                     .rtt = h->rtt};
            count++;
        }
    }
    return count;
}

/* The ports to ask, host by host, by protocol and number. */
static struct service_target *make_targets(struct group *g, size_t *out_count)
{
    size_t total = 0, at = 0;
    for (size_t i = 0; i < g->count; i++)
        for (enum scan_proto p = SCAN_TCP; p <= SCAN_UDP; p++)
            total += count_asked(g, &g->host[i], p, NULL);
    struct service_target *target = arena_array(&g->arena, total, sizeof *target);
    for (size_t i = 0; i < g->count; i++) {
        struct group_host *h = &g->host[i];
        h->service = target + at;
        for (enum scan_proto p = SCAN_TCP; p <= SCAN_UDP; p++)
            at += count_asked(g, h, p, target + at);
        h->service_count = (size_t)(target + at - h->service);
    }
    *out_count = total;
    return target;
}

static bool on_progress(void *ctx, size_t done, size_t total)
{
    struct asking *a = ctx;
    const struct phase *p = a->phase;
    if (a->failed || (p->events->stop && p->events->stop(p->events->ctx)))
        return false;
    if (!p->events->task)
        return true;
    struct scan_task task = {
        .phase = SCAN_TASK_PROGRESS,
        .name = title,
        .wall_ns = clock_wall_ns(p->clock),
        .percent = 100.0 * (double)done / (double)total,
    };
    if (done) {
        double spent_ns = (double)(clock_mono_ns(p->clock) - a->begin_mono_ns);
        double left_s = spent_ns * (double)(total - done) / (double)done / (double)NS_PER_S;
        task.remaining_s = (uint64_t)(left_s + 0.5);
        task.expected_wall_s = task.wall_ns / NS_PER_S + task.remaining_s;
    }
    a->failed = p->events->task(p->events->ctx, &task, p->so_far, a->e);
    return a->failed == 0;
}

static int ask(struct phase *p, struct group *g, struct service_target *target, size_t count,
               struct err *e)
{
    const struct scan_options *o = p->options;
    struct asking asking = {p, clock_mono_ns(p->clock), 0, e};
    struct service_scan_setup setup = {
        .loop = p->loop,
        .clock = p->clock,
        .db = o->probes,
        .timing = &o->timing,
        .intensity = o->intensity,
        .all_ports = o->all_ports,
        .interface = o->interface,
        .source = o->source,
        .arena = &g->arena,
        .events = {.ctx = &asking, .progress = on_progress},
    };
    if (o->version_trace) {
        setup.events.trace = p->events->trace;
        setup.events.trace_ctx = p->events->ctx;
    }
    int rc = service_scan_run(&setup, target, count, e);
    return asking.failed ? asking.failed : rc;
}

int phase_services(struct phase *p, struct group *g, struct err *e)
{
    size_t count;
    if (!p->options->probes)
        return 0;
    struct service_target *target = make_targets(g, &count);
    if (count == 0)
        return 0;
    if (phase_tell(p, SCAN_TASK_BEGIN, title, NULL, e) < 0 || ask(p, g, target, count, e) < 0)
        return e->code;
    for (size_t i = 0; i < g->count; i++) {
        struct group_host *h = &g->host[i];
        for (size_t k = 0; k < h->service_count; k++)
            h->timed_out |= h->service[k].given_up;
        if (h->service_count)
            h->end_wall_ns = clock_wall_ns(p->clock);
    }
    char extra[64];
    snprintf(extra, sizeof extra, "%zu services on %zu host%s", count, g->count,
             g->count == 1 ? "" : "s");
    return phase_tell(p, SCAN_TASK_END, title, extra, e);
}
