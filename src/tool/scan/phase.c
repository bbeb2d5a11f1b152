/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the phases of a group share: telling, and running a prober job. */
#include "tool/scan/phase.h"

#include <stdio.h>

#include "core/base/mem.h"
#include "tool/scan/frame_transport.h"
#include "tool/scan/socket_transport.h"

struct progress {
    const struct phase *phase;
    const struct phase_job *job;
    uint64_t begin_mono_ns;
    int failed; /* what the event returned */
    struct err *e;
};

int phase_tell(struct phase *p, enum scan_task_phase what, const char *name, const char *extra,
               struct err *e)
{
    struct scan_task task = {
        .phase = what, .name = name, .wall_ns = clock_wall_ns(p->clock), .extra = extra};
    return p->events->task ? p->events->task(p->events->ctx, &task, p->so_far, e) : 0;
}

static void on_found(void *ctx, uint32_t host, uint32_t item)
{
    struct progress *pr = ctx;
    const struct scan_events *ev = pr->phase->events;
    const struct probe_item *what = &pr->job->item[item];
    struct scan_found found = {pr->job->host[host].addr, what->technique->proto, what->port};
    if (ev->found && !pr->failed)
        pr->failed = ev->found(ev->ctx, &found, pr->phase->so_far, pr->e);
}

static bool on_progress(void *ctx, uint64_t done, uint64_t total)
{
    struct progress *pr = ctx;
    const struct phase *p = pr->phase;
    if (pr->failed || (p->events->stop && p->events->stop(p->events->ctx)))
        return false;
    if (!p->events->task || !total)
        return true;
    struct scan_task task = {
        .phase = SCAN_TASK_PROGRESS,
        .name = pr->job->title,
        .wall_ns = clock_wall_ns(p->clock),
        .percent = 100.0 * (double)done / (double)total,
    };
    uint64_t spent_ns = clock_mono_ns(p->clock) - pr->begin_mono_ns;
    if (done) {
        double left_ns = (double)spent_ns * (double)(total - done) / (double)done;
        task.remaining_s = (uint64_t)(left_ns / (double)NS_PER_S + 0.5);
        task.expected_wall_s = task.wall_ns / NS_PER_S + task.remaining_s;
    }
    pr->failed = p->events->task(p->events->ctx, &task, p->so_far, pr->e);
    return pr->failed == 0;
}

static int run_prober(struct phase *p, const struct phase_job *job,
                      const struct probe_transport *transport, struct prober **out, struct err *e)
{
    struct progress progress = {p, job, clock_mono_ns(p->clock), 0, e};
    struct prober_setup setup = {
        .host = job->host,
        .host_count = job->host_count,
        .item = job->item,
        .item_count = job->item_count,
        .one_answer = job->one_answer,
        .settles = job->settles,
        .in_order = p->options->in_order,
        .timing = &p->options->timing,
        .clock = p->clock,
        .transport = transport,
        .seed = p->options->seed,
        .progress = on_progress,
        .found = job->one_answer ? NULL : on_found,
        .progress_ctx = &progress,
    };
    int rc = prober_run(&setup, out, e);
    return progress.failed ? progress.failed : rc;
}

/* The transport that the job's techniques need. */
struct carrier {
    struct socket_transport *sockets;
    struct frame_transport *frames;
};

static int open_carrier(struct phase *p, const struct phase_job *job, struct carrier *out,
                        struct err *e)
{
    *out = (struct carrier){0};
    if (job->item[0].technique->way == SCAN_WAY_FRAME) {
        struct frame_transport_setup setup = {
            .net = p->net,
            .loop = p->loop,
            .host = job->host,
            .host_count = job->host_count,
            .item = job->item,
            .item_count = job->item_count,
            .shape = &p->options->shape,
            .has_tcp_flags = p->options->flags_text && !job->one_answer,
            .tcp_flags = p->options->tcp_flags,
        };
        return frame_transport_open(&out->frames, &setup, e);
    }
    struct socket_transport_setup setup = {
        .loop = p->loop,
        .host_count = job->host_count,
        .item_count = job->item_count,
        .interface = p->options->interface,
        .source = p->options->source,
        .source_port = p->options->source_port,
        .hosts_answered = !job->one_answer && !p->options->skip_discovery,
    };
    return socket_transport_open(&out->sockets, &setup, e);
}

int phase_run_job(struct phase *p, const struct phase_job *job, struct prober **out, struct err *e)
{
    struct carrier carrier;
    *out = NULL;
    if (phase_tell(p, SCAN_TASK_BEGIN, job->title, NULL, e) < 0 ||
        open_carrier(p, job, &carrier, e) < 0)
        return e->code;
    const struct probe_transport *transport =
        carrier.frames ? frame_transport_of(carrier.frames) : socket_transport_of(carrier.sockets);
    int rc = run_prober(p, job, transport, out, e);
    socket_transport_close(carrier.sockets);
    frame_transport_close(carrier.frames);
    if (rc == 0) {
        char extra[64];
        uint64_t total =
            job->one_answer ? job->host_count : (uint64_t)job->host_count * job->item_count;
        snprintf(extra, sizeof extra, "%llu total %s", (unsigned long long)total, job->unit);
        rc = phase_tell(p, SCAN_TASK_END, job->title, extra, e);
    }
    if (rc < 0) {
        prober_free(*out);
        *out = NULL;
    }
    return rc;
}

void phase_mark(struct group_host *h, enum scan_host_state state, enum scan_reason reason)
{
    h->state = state;
    h->because = (struct scan_because){.reason = reason};
}
