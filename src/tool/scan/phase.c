/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the phases of a group share: telling, and running a prober job. */
#include "tool/scan/phase.h"

#include <stdio.h>

#include "core/base/mem.h"
#include "tool/scan/bounce_transport.h"
#include "tool/scan/frame_transport.h"
#include "tool/scan/idle_transport.h"
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

static void on_answered(void *ctx, uint32_t host, uint32_t item, uint64_t rtt_ns)
{
    struct progress *pr = ctx;
    pr->job->answered(pr->job->ctx, host, item, rtt_ns);
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
        .found = job->one_answer || job->quiet ? NULL : on_found,
        .answered = job->answered ? on_answered : NULL,
        .progress_ctx = &progress,
    };
    int rc = prober_run(&setup, out, e);
    return progress.failed ? progress.failed : rc;
}

/* The transport that the job's techniques need. */
struct carrier {
    const struct probe_transport *transport;
    struct socket_transport *sockets;
    struct frame_transport *frames;
    struct idle_transport *idle;
    struct bounce_transport *bounce;
    struct arena arena;
};

static int open_frames(struct phase *p, const struct phase_job *job, struct carrier *out,
                       struct err *e)
{
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
    if (frame_transport_open(&out->frames, &setup, e) < 0)
        return e->code;
    out->transport = frame_transport_of(out->frames);
    return 0;
}

static int open_sockets(struct phase *p, const struct phase_job *job, struct carrier *out,
                        struct err *e)
{
    struct socket_transport_setup setup = {
        .loop = p->loop,
        .host_count = job->host_count,
        .item_count = job->item_count,
        .interface = p->options->interface,
        .source = p->options->source,
        .source_port = p->options->source_port,
        .hosts_answered = !job->one_answer && !p->options->skip_discovery,
    };
    if (socket_transport_open(&out->sockets, &setup, e) < 0)
        return e->code;
    out->transport = socket_transport_of(out->sockets);
    return 0;
}

static int open_idle(struct phase *p, const struct phase_job *job, struct carrier *out,
                     struct err *e)
{
    struct frame_path *path;
    (void)job;
    if (phase_link_way(p, &p->options->zombie.addr, &out->arena, &path, e) < 0)
        return err_wrap(e, "zombie");
    struct idle_transport_setup setup = {.net = p->net,
                                         .loop = p->loop,
                                         .zombie_path = path,
                                         .zombie = p->options->zombie.addr,
                                         .zombie_port = p->options->zombie.port,
                                         .shape = &p->options->shape};
    if (idle_transport_open(&out->idle, &setup, e) < 0)
        return e->code;
    out->transport = idle_transport_of(out->idle);
    return 0;
}

static int open_bounce(struct phase *p, const struct phase_job *job, struct carrier *out,
                       struct err *e)
{
    const struct scan_ftp *ftp = &p->options->ftp;
    struct bounce_transport_setup setup = {.server = ftp->server,
                                           .user = ftp->user,
                                           .password = ftp->password,
                                           .clock = p->clock,
                                           .stop = p->events->stop,
                                           .stop_ctx = p->events->ctx};
    (void)job;
    if (bounce_transport_open(&out->bounce, &setup, e) < 0)
        return e->code;
    out->transport = bounce_transport_of(out->bounce);
    return 0;
}

typedef int open_fn(struct phase *p, const struct phase_job *job, struct carrier *out,
                    struct err *e);

static open_fn *const open_by_way[SCAN_WAY_COUNT] = {
    [SCAN_WAY_SOCKET] = open_sockets,
    [SCAN_WAY_FRAME] = open_frames,
    [SCAN_WAY_IDLE] = open_idle,
    [SCAN_WAY_BOUNCE] = open_bounce,
};

static void close_carrier(struct carrier *c)
{
    socket_transport_close(c->sockets);
    frame_transport_close(c->frames);
    idle_transport_close(c->idle);
    bounce_transport_close(c->bounce);
    arena_done(&c->arena);
}

int phase_run_job(struct phase *p, const struct phase_job *job, struct prober **out, struct err *e)
{
    struct carrier carrier = {0};
    *out = NULL;
    int rc = phase_tell(p, SCAN_TASK_BEGIN, job->title, NULL, e);
    if (rc == 0)
        rc = open_by_way[job->item[0].technique->way](p, job, &carrier, e);
    if (rc == 0)
        rc = run_prober(p, job, carrier.transport, out, e);
    close_carrier(&carrier);
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
