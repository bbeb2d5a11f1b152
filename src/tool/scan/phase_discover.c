/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is there? */
#include "tool/scan/phase.h"

static const uint8_t families[] = {ADDR_IP4, ADDR_IP6};

/* Hosts whose state needs no probe: told by the user, or the machine itself. */
static void mark_known(struct phase *p, struct group *g)
{
    for (size_t i = 0; i < g->count; i++) {
        struct group_host *h = &g->host[i];
        h->start_wall_ns = h->end_wall_ns = clock_wall_ns(p->clock);
        h->rtt = rtt_of(&p->options->timing);
        if (p->options->list_only)
            phase_mark(h, SCAN_HOST_UNKNOWN, SCAN_REASON_USER_SET);
        else if (p->options->skip_discovery)
            phase_mark(h, SCAN_HOST_UP, SCAN_REASON_USER_SET);
        else if (addr_is_loopback(&h->addr))
            phase_mark(h, SCAN_HOST_UP, SCAN_REASON_LOCALHOST_RESPONSE);
    }
}

/* A reset proves a host as much as a connection does.  Of the ICMP errors only "no such port" and
 * "no such protocol" do, when the host itself sends them: the others are what routers and filters
 * say. */
static bool proves_up(const struct scan_verdict *v)
{
    bool answered = v->state == SCAN_OPEN || v->state == SCAN_CLOSED || v->state == SCAN_UNFILTERED;
    bool own_error = v->because.reason == SCAN_REASON_PORT_UNREACH ||
                     v->because.reason == SCAN_REASON_PROTO_UNREACH;
    return answered || (own_error && v->because.from.family == ADDR_NONE);
}

/* What the silence of a host that was not proved up is called: the first error about it, if any
 * came. */
static struct scan_because why_down(const struct phase_job *job, const struct prober *prober,
                                    uint32_t number)
{
    for (uint32_t i = 0; i < job->item_count; i++) {
        const struct probe_result *r = prober_result(prober, number, i);
        if (r->state != SCAN_UNKNOWN && r->reason != SCAN_REASON_NO_RESPONSE)
            return (struct scan_because){(enum scan_reason)r->reason, r->ttl,
                                         prober_answered_by(prober, number, i)};
    }
    return (struct scan_because){.reason = SCAN_REASON_NO_RESPONSE};
}

static void take_answer(struct phase *p, struct group_host *h, const struct phase_job *job,
                        const struct prober *prober, uint32_t number)
{
    const struct probe_host *probe = &job->host[number];
    h->rtt = probe->rtt;
    h->rtt_of_link = false;
    h->end_wall_ns = clock_wall_ns(p->clock);
    h->state = probe->settled ? SCAN_HOST_UP : SCAN_HOST_DOWN;
    h->because = why_down(job, prober, number);
    if (probe->settled) {
        const struct probe_result *r = prober_result(prober, number, probe->settled_by);
        h->because = (struct scan_because){(enum scan_reason)r->reason, r->ttl, {0}};
        h->proved_by = &job->item[probe->settled_by];
    }
}

static uint32_t fitting_items(const struct scan_options *o, uint8_t family, struct probe_item *out)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < o->ping_count; i++)
        if (scan_technique_fits(o->ping[i].technique, family))
            out[count++] = o->ping[i];
    return count;
}

static bool is_asked(const struct group_host *h, uint8_t family)
{
    return h->state == SCAN_HOST_UNKNOWN && h->addr.family == family;
}

static int ping(struct phase *p, struct group *g, uint8_t family, struct err *e)
{
    struct probe_item *item = arena_array(&g->arena, p->options->ping_count + 1, sizeof *item);
    struct phase_job job = {.title = "Ping Scan",
                            .unit = "hosts",
                            .item = item,
                            .one_answer = true,
                            .settles = proves_up};
    job.item_count = fitting_items(p->options, family, item);
    job.host = arena_array(&g->arena, g->count, sizeof *job.host);
    for (size_t i = 0; i < g->count; i++)
        if (is_asked(&g->host[i], family))
            job.host[job.host_count++] = (struct probe_host){
                .addr = g->host[i].addr, .rtt = g->host[i].rtt, .transport_data = g->host[i].path};
    if (!job.host_count || !job.item_count)
        return 0;
    struct prober *prober;
    if (phase_run_job(p, &job, &prober, e) < 0)
        return e->code;
    uint32_t number = 0;
    for (size_t i = 0; i < g->count; i++)
        if (is_asked(&g->host[i], family)) {
            take_answer(p, &g->host[i], &job, prober, number);
            number++;
        }
    prober_free(prober);
    return 0;
}

int phase_discover(struct phase *p, struct group *g, struct err *e)
{
    mark_known(p, g);
    if (p->options->list_only)
        return 0;
    if (p->net && phase_link(p, g, e) < 0)
        return e->code;
    for (size_t f = 0; f < sizeof families; f++)
        if (ping(p, g, families[f], e) < 0)
            return e->code;
    for (size_t i = 0; i < g->count; i++) /* no probe of the list fits its family */
        if (g->host[i].state == SCAN_HOST_UNKNOWN)
            phase_mark(&g->host[i], SCAN_HOST_DOWN, SCAN_REASON_NO_RESPONSE);
    return 0;
}
