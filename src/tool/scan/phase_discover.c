/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is there? */
#include "tool/scan/phase.h"

static void mark(struct group_host *h, enum scan_host_state state, enum scan_reason reason)
{
    h->state = state;
    h->because = (struct scan_because){.reason = reason};
}

/* Hosts whose state needs no probe: told by the user, or the machine itself.  Returns how many are left
 * to be asked. */
static uint32_t mark_known(struct phase *p, struct group *g)
{
    uint32_t left = 0;
    for (size_t i = 0; i < g->count; i++) {
        struct group_host *h = &g->host[i];
        h->start_wall_ns = clock_wall_ns(p->clock);
        if (p->options->list_only)
            mark(h, SCAN_HOST_UNKNOWN, SCAN_REASON_USER_SET);
        else if (p->options->skip_discovery)
            mark(h, SCAN_HOST_UP, SCAN_REASON_USER_SET);
        else if (addr_is_loopback(&h->addr))
            mark(h, SCAN_HOST_UP, SCAN_REASON_LOCALHOST_RESPONSE);
        else
            left++;
    }
    return left;
}

/* Any answer at all proves a host: a reset as much as a connection.  An ICMP error does only when the
 * host itself sent it. */
static bool proves_up(const struct probe_result *r, const struct addr *from)
{
    bool tcp = r->state == SCAN_OPEN || r->state == SCAN_CLOSED;
    return tcp || (from->family == ADDR_NONE && r->reason == SCAN_REASON_PORT_UNREACH);
}

static void take_discovery(struct phase *p, struct group *g, const struct prober *prober,
                           const struct probe_host *probe)
{
    uint32_t number = 0;
    for (size_t i = 0; i < g->count; i++) {
        struct group_host *h = &g->host[i];
        if (h->state != SCAN_HOST_UNKNOWN)
            continue;
        const struct probe_host *ph = &probe[number];
        mark(h, SCAN_HOST_DOWN, SCAN_REASON_NO_RESPONSE);
        h->rtt = ph->rtt;
        if (ph->settled) {
            const struct probe_result *r = prober_result(prober, number, ph->settled_by);
            struct addr from = prober_answered_by(prober, number, ph->settled_by);
            enum scan_host_state state = proves_up(r, &from) ? SCAN_HOST_UP : SCAN_HOST_DOWN;
            h->state = state;
            h->because = (struct scan_because){(enum scan_reason)r->reason, r->ttl, from};
        }
        h->end_wall_ns = clock_wall_ns(p->clock);
        number++;
    }
}

int phase_discover(struct phase *p, struct group *g, struct err *e)
{
    uint32_t left = mark_known(p, g);
    if (!left)
        return 0;
    struct phase_job job = {
        .title = "Ping Scan",
        .unit = "hosts",
        .host = arena_array(&g->arena, left, sizeof(struct probe_host)),
        .item = p->options->ping,
        .item_count = p->options->ping_count,
        .one_answer = true,
    };
    for (size_t i = 0; i < g->count; i++)
        if (g->host[i].state == SCAN_HOST_UNKNOWN)
            job.host[job.host_count++] =
                (struct probe_host){.addr = g->host[i].addr, .rtt = rtt_of(&p->options->timing)};
    struct prober *prober;
    if (phase_run_job(p, &job, &prober, e) < 0)
        return e->code;
    take_discovery(p, g, prober, job.host);
    prober_free(prober);
    return 0;
}

