/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which ports answer?  Another host is scanned as `picket scan` does it.  On this machine all ports
 * of the address are asked from inside, to hold the socket table against what really answers: a
 * port that answers without a socket is redirected by the firewall, or hidden. */
#include <errno.h>
#include <string.h>

#include "sys/host/listener.h"
#include "sys/priv/capability.h"
#include "tool/audit/audit.h"
#include "tool/scan/scan.h"

struct taker {
    struct audit_job *job;
};

static int take_host(void *ctx, const struct scan_host *host, const struct scan_tail *so_far,
                     struct err *e)
{
    struct taker *t = ctx;
    (void)so_far, (void)e;
    t->job->scan = scan_host_copy(t->job->arena, host);
    return 0;
}

static bool is_stopped(void *ctx)
{
    struct taker *t = ctx;
    return t->job->stop && t->job->stop(t->job->stop_ctx);
}

static void add_ping(struct scan_options *o, const char *technique, uint16_t port)
{
    o->ping[o->ping_count++] = (struct probe_item){scan_technique_find(technique), port, 0};
}

static void choose(const struct audit_job *job, struct scan_options *o)
{
    o->frames = !job->is_local && capability_has(CAPABILITY_NET_RAW);
    o->technique[0] = scan_technique_find(o->frames ? "syn" : "connect");
    o->skip_discovery = job->is_local;
    if (o->frames) {
        add_ping(o, "echo", 0);
        add_ping(o, "syn", 443);
        add_ping(o, "ack", 80);
    } else {
        add_ping(o, "connect", 80);
        add_ping(o, "connect", 443);
    }
    struct port_set all = {0};
    port_set_add_range(&all, 1, PORT_COUNT - 1);
    if (job->is_local)
        o->ports.of[SCAN_TCP] = all;
    else
        service_table_top(o->services, SCAN_TCP, SCAN_TOP_DEFAULT, &all, &o->ports.of[SCAN_TCP]);
}

/* ---- this machine: has each port that answers a socket? ---- */

static bool has_socket(const struct listener_list *list, const struct addr *at, uint16_t port)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct listener *l = &list->item[i];
        bool right_addr = addr_is_unspecified(&l->at.addr) || addr_equal(&l->at.addr, at);
        if (l->ip_proto == 6 && l->at.port == port && right_addr)
            return true;
    }
    return false;
}

static void report_unexplained(struct audit_job *job, const struct addr *at,
                               const struct listener_list *before,
                               const struct listener_list *after)
{
    char text[ADDR_TEXT_MAX];
    for (size_t i = 0; i < job->scan->port_count; i++) {
        const struct scan_port *p = &job->scan->port[i];
        if (p->state != SCAN_OPEN || has_socket(before, at, p->number) ||
            has_socket(after, at, p->number))
            continue;
        audit_add_finding(
            job, &(struct finding){
                     .seen_ns = clock_wall_ns(job->clock),
                     .tool = "audit",
                     .test = "scan.no_socket",
                     .host = *at,
                     .ip_proto = 6,
                     .port = p->number,
                     .severity = SEVERITY_MEDIUM,
                     .cvss = -1,
                     .quality = 80,
                     .name = "A port answers, but no socket of this machine listens there",
                     .evidence = arena_print(
                         job->arena,
                         "TCP port %u of %s accepts connections. The kernel's socket table has no "
                         "listener for it: the firewall redirects it, another network namespace "
                         "answers, or the listener is hidden.",
                         p->number, addr_format(at, text)),
                     .cure = arena_print(job->arena, "nft list ruleset | grep -n %u", p->number),
                 });
    }
}

static int scan_target(struct audit_job *job, const struct addr *at, struct err *e)
{
    char text[ADDR_TEXT_MAX];
    struct target_list targets = {0}, none = {0};
    struct scan_options o = {.targets = &targets,
                             .excludes = &none,
                             .services = job->services,
                             .names = SCAN_NAMES_NEVER,
                             .timing = scan_timing_of(4)};
    struct taker taker = {job};
    struct scan_events events = {.ctx = &taker, .host = take_host, .stop = is_stopped};
    struct scan_tail tail;
    choose(job, &o);
    int rc = target_list_add(&targets, addr_format(at, text), job->arena, e);
    if (rc == 0)
        rc = scan_run(&o, &events, job->clock, &tail, e);
    target_list_done(&targets);
    return rc;
}

static int run(struct audit_job *job, struct err *e)
{
    struct addr at = job->addr.family == ADDR_NONE ? addr_ip4(0x7f000001) : job->addr;
    struct listener_list before = {0}, after = {0};
    if (job->is_local && listener_read(job->arena, "/proc/net", &before, e) < 0)
        return e->code;
    if (scan_target(job, &at, e) < 0)
        return e->code;
    if (!job->is_local || !job->scan)
        return 0;
    if (listener_read(job->arena, "/proc/net", &after, e) < 0)
        return e->code;
    report_unexplained(job, &at, &before, &after);
    if (job->addr.family == ADDR_NONE)
        job->scan = NULL; /* what loopback answers is no news beside the sockets themselves */
    return 0;
}

const struct audit_part_kind audit_part_scan = {
    .name = "scan",
    .doc = "which TCP ports answer; on this machine, whether each has a socket behind it",
    .run = run,
};
