/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What do their ports say? */
#include "tool/scan/phase.h"

static void make_items(struct group_scan *s, const struct scan_options *o, struct arena *arena)
{
    const struct port_set *ports = &o->ports.of[s->technique->proto];
    s->item = arena_array(arena, port_set_count(ports), sizeof *s->item);
    for (int port = -1; (port = port_set_next(ports, port + 1)) >= 0;)
        s->item[s->item_count++] = (struct probe_item){s->technique, (uint16_t)port, 0};
}

/* A port's first answer may take much longer than the link's: then the wait begins as if nothing
 * were known. */
static struct rtt first_rtt(const struct group_host *h, const struct scan_timing *timing)
{
    return h->rtt_of_link ? rtt_of(timing) : h->rtt;
}

/* One number for all port scans of the group: which host of their probers it is. */
static uint32_t number_hosts(struct group *g)
{
    uint32_t count = 0;
    for (size_t i = 0; i < g->count; i++) {
        struct group_host *h = &g->host[i];
        h->number = h->state == SCAN_HOST_UP && !h->timed_out ? count++ : GROUP_NOT_PROBED;
    }
    return count;
}

static struct probe_host *make_hosts(struct group *g, uint32_t count,
                                     const struct scan_timing *timing)
{
    struct probe_host *probe = arena_array(&g->arena, count, sizeof *probe);
    for (size_t i = 0; i < g->count; i++) {
        const struct group_host *h = &g->host[i];
        if (h->number != GROUP_NOT_PROBED)
            probe[h->number] = (struct probe_host){.addr = h->addr,
                                                   .rtt = first_rtt(h, timing),
                                                   .timed_out = h->timed_out,
                                                   .near = h->path && h->path->on_link,
                                                   .transport_data = h->path};
    }
    return probe;
}

static void take_hosts(struct phase *p, struct group *g, const struct phase_job *job)
{
    for (size_t i = 0; i < g->count; i++) {
        struct group_host *h = &g->host[i];
        if (h->number == GROUP_NOT_PROBED)
            continue;
        if (job->host[h->number].rtt.srtt_ns) {
            h->rtt = job->host[h->number].rtt;
            h->rtt_of_link = false;
        }
        h->timed_out = job->host[h->number].timed_out;
        h->end_wall_ns = clock_wall_ns(p->clock);
    }
}

static int scan_ports(struct phase *p, struct group *g, const struct scan_technique *technique,
                      uint32_t hosts, struct err *e)
{
    struct group_scan *s = &g->scan[g->scan_count];
    *s = (struct group_scan){.technique = technique};
    make_items(s, p->options, &g->arena);
    struct phase_job job = {.title = technique->title,
                            .unit = "ports",
                            .host = make_hosts(g, hosts, &p->options->timing),
                            .host_count = hosts,
                            .item = s->item,
                            .item_count = s->item_count};
    if (!job.host_count || !job.item_count)
        return 0;
    if (phase_run_job(p, &job, &s->prober, e) < 0)
        return e->code;
    g->scan_count++;
    take_hosts(p, g, &job);
    return 0;
}

int phase_ports(struct phase *p, struct group *g, struct err *e)
{
    for (size_t i = 0; i < g->count; i++)
        g->host[i].number = GROUP_NOT_PROBED;
    if (p->options->no_ports || p->options->list_only)
        return 0;
    uint32_t hosts = number_hosts(g);
    for (size_t i = 0; p->options->technique[i]; i++)
        if (scan_ports(p, g, p->options->technique[i], hosts, e) < 0)
            return e->code;
    return 0;
}
