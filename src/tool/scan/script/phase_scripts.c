/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/script/phase_scripts.h"

#include <string.h>

#include "sys/io/sock.h"
#include "tool/scan/host_report.h"

static const char title[] = "NSE";

static void on_log(void *ctx, const char *text)
{
    const struct phase *p = ctx;
    if (p->events->script_log)
        p->events->script_log(p->events->ctx, text);
}

static bool on_stop(void *ctx)
{
    const struct phase *p = ctx;
    return p->events->stop && p->events->stop(p->events->ctx);
}

int phase_scripts_open(struct phase *p, struct err *e)
{
    const struct scan_options *o = p->options;
    if (!o->scripts || o->list_only)
        return 0;
    struct script_setup setup = {
        .loop = p->loop, .clock = p->clock, .log = on_log, .stop = on_stop, .ctx = p};
    return script_engine_open(&p->scripts, o->scripts, &setup, e);
}

int phase_scripts_run(struct phase *p, bool post, struct err *e)
{
    struct arena arena = {0};
    struct script_run run = {.phase = post ? SCRIPT_POST : SCRIPT_PRE, .arena = &arena};
    if (!p->scripts)
        return 0;
    int rc = script_engine_run(p->scripts, &run, e);
    struct scan_run_scripts told = {post, run.script, run.script_count};
    if (rc == 0 && run.script_count && p->events->scripts)
        rc = p->events->scripts(p->events->ctx, &told, p->so_far, e);
    arena_done(&arena);
    return rc;
}

/* Its name; NULL where no frames go. */
static const char *interface_of(const struct phase *p, const struct group_host *h,
                                struct arena *arena)
{
    char name[SOCK_INTERFACE_NAME_MAX];
    if (p->options->interface || !h->path)
        return p->options->interface;
    return sock_interface_name(h->path->link->interface, name) ? arena_text(arena, name) : NULL;
}

/* A report whose ports can be changed. */
static void make_target(struct phase *p, struct group *g, struct group_host *h,
                        struct script_target *out)
{
    h->report = arena_take(&g->arena, sizeof *h->report);
    h->shown = host_report_make(g, h, p->options, &g->arena, h->report);
    struct scan_port *port = arena_array(&g->arena, h->report->port_count, sizeof *port);
    if (h->report->port_count)
        memcpy(port, h->report->port, h->report->port_count * sizeof *port);
    h->report->port = port;
    *out = (struct script_target){.host = h->report,
                                  .port = port,
                                  .source = h->path ? h->path->source : (struct addr){0},
                                  .interface = interface_of(p, h, &g->arena),
                                  .on_link = h->path && h->path->on_link};
}

int phase_scripts_group(struct phase *p, struct group *g, struct err *e)
{
    if (!p->scripts)
        return 0;
    struct script_run run = {.phase = SCRIPT_HOSTS, .arena = &g->arena};
    run.target = arena_array(&g->arena, g->count, sizeof *run.target);
    for (size_t i = 0; i < g->count; i++)
        if (g->host[i].state == SCAN_HOST_UP && !g->host[i].timed_out)
            make_target(p, g, &g->host[i], &run.target[run.target_count++]);
    if (!run.target_count)
        return 0;
    if (phase_tell(p, SCAN_TASK_BEGIN, title, NULL, e) < 0 ||
        script_engine_run(p->scripts, &run, e) < 0)
        return e->code;
    for (size_t i = 0; i < g->count; i++)
        if (g->host[i].report)
            g->host[i].report->end_wall_ns = clock_wall_ns(p->clock);
    return phase_tell(p, SCAN_TASK_END, title, NULL, e);
}
