/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picket's own checks, against what can be reached from elsewhere: on this machine the sockets that
 * are open to others, on another host the ports that answered. */
#include "hub/model/exposure.h"
#include "tool/assess/worker.h"
#include "tool/audit/audit.h"

enum { QUALITY_MIN = 70, TARGETS_MAX = 16, CHECK_TIME_S = 60 };

struct asked {
    struct assess_target target[TARGETS_MAX];
    size_t target_count;
    struct port_set tcp;
};

static void add_target(struct asked *a, const struct addr *addr)
{
    for (size_t i = 0; i < a->target_count; i++)
        if (addr_equal(&a->target[i].addr, addr))
            return;
    if (a->target_count < TARGETS_MAX)
        a->target[a->target_count++] = (struct assess_target){.addr = *addr};
}

/* A socket that is bound to all addresses is asked through the host's own, or through loopback. */
static void choose_here(const struct audit_job *job, struct asked *a)
{
    struct addr usual = job->addr.family == ADDR_NONE ? addr_ip4(0x7f000001) : job->addr;
    for (size_t i = 0; i < job->exposure_count; i++) {
        const struct exposure *x = &job->exposure[i];
        if (x->reach < REACH_NEIGHBOURS)
            continue;
        add_target(a, addr_is_unspecified(&x->at.addr) ? &usual : &x->at.addr);
        if (x->ip_proto == 6)
            port_set_add(&a->tcp, x->at.port);
    }
}

static void choose_there(const struct audit_job *job, struct asked *a)
{
    struct port_set all = {0};
    add_target(a, &job->addr);
    for (size_t i = 0; job->scan && i < job->scan->port_count; i++)
        if (job->scan->port[i].proto == SCAN_TCP && job->scan->port[i].state == SCAN_OPEN)
            port_set_add(&a->tcp, job->scan->port[i].number);
    if (job->scan)
        return;
    port_set_add_range(&all, 1, PORT_COUNT - 1);
    service_table_top(job->services, SCAN_TCP, 1000, &all, &a->tcp);
}

static void on_found(void *ctx, const struct finding *finding)
{
    struct audit_job *job = ctx;
    struct finding f = *finding;
    if (f.severity == SEVERITY_INFO || f.quality < QUALITY_MIN)
        return;
    f.test = arena_text(job->arena, f.test);
    f.name = arena_text(job->arena, f.name);
    f.evidence = arena_text(job->arena, f.evidence);
    f.cure = arena_text(job->arena, f.cure);
    f.refs = arena_text(job->arena, f.refs);
    audit_add_finding(job, &f);
}

static void on_fault(void *ctx, const struct assess_target *target, const char *words)
{
    (void)ctx, (void)target, (void)words; /* picket assess scan tells them */
}

static bool is_stopped(void *ctx)
{
    const struct audit_job *job = ctx;
    return job->stop && job->stop(job->stop_ctx);
}

static int run(struct audit_job *job, struct err *e)
{
    struct asked asked = {0};
    struct assess_totals totals;
    if (job->is_local)
        choose_here(job, &asked);
    else
        choose_there(job, &asked);
    struct assess_task task = {
        .target = asked.target,
        .target_count = asked.target_count,
        .own = true,
        .also_usual = !job->is_local,
        .tcp = &asked.tcp,
        .services = job->services,
        .budget = {.check_ns = CHECK_TIME_S * NS_PER_S},
        .stop = is_stopped,
        .found = on_found,
        .fault = on_fault,
        .ctx = job,
    };
    return asked.target_count ? assess_work(&task, &totals, e) : 0;
}

const struct audit_part_kind audit_part_weakness = {
    .name = "assess",
    .doc = "picket's own checks: open services, known logins, weak TLS and SSH",
    .run = run,
};
