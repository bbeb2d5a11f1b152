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

/* Any answer at all proves a host: a reset as much as a connection.  An ICMP error does only when the
 * host itself sent it. */
static bool proves_up(const struct probe_result *r, const struct addr *from)
{
    bool answered = r->state == SCAN_OPEN || r->state == SCAN_CLOSED || r->state == SCAN_UNFILTERED;
    return answered || (from->family == ADDR_NONE && r->reason != SCAN_REASON_NO_RESPONSE);
}

static void take_answer(struct phase *p, struct group_host *h, const struct prober *prober, uint32_t number,
                        const struct probe_host *probe)
{
    phase_mark(h, SCAN_HOST_DOWN, SCAN_REASON_NO_RESPONSE);
    h->rtt = probe->rtt;
    h->end_wall_ns = clock_wall_ns(p->clock);
    if (!probe->settled)
        return;
    const struct probe_result *r = prober_result(prober, number, probe->settled_by);
    struct addr from = prober_answered_by(prober, number, probe->settled_by);
    h->state = proves_up(r, &from) ? SCAN_HOST_UP : SCAN_HOST_DOWN;
    h->because = (struct scan_because){(enum scan_reason)r->reason, r->ttl, from};
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
    struct probe_item item[SCAN_DISCOVERY_MAX];
    struct phase_job job = {.title = "Ping Scan", .unit = "hosts", .item = item, .one_answer = true};
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
            take_answer(p, &g->host[i], prober, number, &job.host[number]);
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
