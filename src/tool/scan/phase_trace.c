/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which way do packets to them take?  The question that a host is known to answer is sent with
 * every hop count at once; routers where it ends say so.  Hosts that answer the same question are
 * traced together. */
#include "tool/scan/phase.h"

enum {
    TTL_LAST = 30,
    TTL_STEP_UNKNOWN = 12, /* asked first where nothing says how far the host is */
    TTL_SLACK = 2,         /* there may be more hops there than back */
};

/* One host on its way. */
struct walk {
    struct group_host *host;
    struct probe_item probe;
    struct scan_hop hop[TTL_LAST]; /* by TTL - 1 */
    uint8_t asked;                 /* TTLs up to here were asked */
    uint8_t last;                  /* hops of the way; 0: not reached yet */
    bool begun;                    /* is, or was, in a job */
};

struct tracing {
    struct phase *phase;
    struct group *group;
    struct walk *walk;
    uint32_t count;
    struct walk **in_job; /* by host number of the job's prober */
    uint8_t first;        /* TTL of the job's first item */
};

/* Hosts set the TTL of what they send to one of few numbers (RFC 1700: 64; older and newer stacks:
 * 32, 128, 255): what is missing of it are the hops back.  0: nothing known. */
static uint8_t guess_hops(uint8_t reply_ttl)
{
    static const uint8_t initial[] = {32, 64, 128, 255};
    size_t i = 0;
    if (reply_ttl == 0)
        return 0;
    while (initial[i] < reply_ttl)
        i++;
    return (uint8_t)(initial[i] - reply_ttl + 1);
}

static bool is_answer(enum scan_state state, enum scan_reason reason)
{
    return state != SCAN_UNKNOWN && reason != SCAN_REASON_NO_RESPONSE &&
           (state == SCAN_OPEN || state == SCAN_CLOSED || state == SCAN_UNFILTERED);
}

/* A port that answered, which is asked again in the way it answered; *out_ttl is of the answer. */
static bool choose_port(const struct group *g, const struct group_host *h, struct probe_item *out,
                        uint8_t *out_ttl)
{
    for (size_t s = 0; s < g->scan_count && h->number != GROUP_NOT_PROBED; s++) {
        const struct group_scan *scan = &g->scan[s];
        for (uint32_t i = 0; scan->prober && i < scan->item_count; i++) {
            const struct probe_result *r = prober_result(scan->prober, h->number, i);
            struct addr from = prober_answered_by(scan->prober, h->number, i);
            if (!is_answer(r->state, r->reason) || from.family != ADDR_NONE)
                continue;
            *out = scan->item[i];
            if (out->technique->way != SCAN_WAY_FRAME)
                out->technique = scan_technique_find("syn");
            *out_ttl = r->ttl;
            return true;
        }
    }
    return false;
}

static void choose_probe(const struct group *g, struct walk *w)
{
    uint8_t reply_ttl = 0;
    if (!choose_port(g, w->host, &w->probe, &reply_ttl)) {
        reply_ttl = w->host->because.ttl;
        w->probe = (struct probe_item){scan_technique_find("echo"), 0, 0};
        if (w->host->proved_by && w->host->proved_by->technique->way == SCAN_WAY_FRAME)
            w->probe = *w->host->proved_by;
    }
    uint8_t guess = guess_hops(reply_ttl);
    w->asked = (uint8_t)(guess ? guess + TTL_SLACK : TTL_STEP_UNKNOWN);
    if (w->asked > TTL_LAST)
        w->asked = TTL_LAST;
}

static void on_answered(void *ctx, uint32_t host, uint32_t item, uint64_t rtt_ns)
{
    struct tracing *t = ctx;
    struct scan_hop *hop = &t->in_job[host]->hop[t->first - 1 + item];
    hop->rtt_ms = rtt_ns ? (double)rtt_ns / (double)NS_PER_MS : -1;
}

/* What the answers say of the way. */
static void take_job(struct tracing *t, const struct phase_job *job, const struct prober *prober)
{
    for (uint32_t h = 0; h < job->host_count; h++) {
        struct walk *w = t->in_job[h];
        for (uint32_t i = 0; i < job->item_count && !w->last; i++) {
            const struct probe_result *r = prober_result(prober, h, i);
            struct addr from = prober_answered_by(prober, h, i);
            uint8_t ttl = job->item[i].ttl;
            if (r->reason == SCAN_REASON_NO_RESPONSE || r->state == SCAN_UNKNOWN)
                continue;
            w->hop[ttl - 1].addr = from.family != ADDR_NONE ? from : w->host->addr;
            if (from.family == ADDR_NONE || r->reason != SCAN_REASON_TIME_EXCEEDED)
                w->last = ttl; /* the host itself, or who says that there is no way on */
        }
    }
}

static bool is_same(const struct probe_item *a, const struct probe_item *b)
{
    return a->technique == b->technique && a->port == b->port;
}

/* Ask all hosts of one question for the hops first .. last. */
static int run_job(struct tracing *t, const struct walk *like, uint8_t first, uint8_t last,
                   struct err *e)
{
    struct arena *arena = &t->group->arena;
    struct probe_item *item = arena_array(arena, TTL_LAST, sizeof *item);
    struct phase_job job = {.title = "Traceroute",
                            .unit = "hops",
                            .item = item,
                            .quiet = true,
                            .answered = on_answered,
                            .ctx = t};
    job.host = arena_array(arena, t->count, sizeof *job.host);
    for (uint8_t ttl = first; ttl <= last; ttl++) {
        item[job.item_count] = like->probe;
        item[job.item_count++].ttl = ttl;
    }
    for (uint32_t i = 0; i < t->count; i++) {
        struct walk *w = &t->walk[i];
        if (w->last || !is_same(&w->probe, &like->probe))
            continue;
        w->begun = true;
        w->asked = last;
        t->in_job[job.host_count] = w;
        job.host[job.host_count++] = (struct probe_host){
            .addr = w->host->addr, .rtt = w->host->rtt, .transport_data = w->host->path};
    }
    t->first = first;
    struct prober *prober;
    if (phase_run_job(t->phase, &job, &prober, e) < 0)
        return e->code;
    take_job(t, &job, prober);
    prober_free(prober);
    return 0;
}

/* One source port for all probes (-g) cannot tell hops apart: then each is asked by itself. */
static int run_range(struct tracing *t, const struct walk *like, uint8_t first, uint8_t last,
                     struct err *e)
{
    bool single = frame_net_port_is_fixed(t->phase->net);
    for (uint8_t ttl = first; ttl <= last; ttl = (uint8_t)(single ? ttl + 1 : last + 1))
        if (run_job(t, like, ttl, single ? ttl : last, e) < 0)
            return e->code;
    return 0;
}

/* The hosts that answer the question of `like`: up to the farthest guess, then the rest. */
static int trace_alike(struct tracing *t, const struct walk *like, struct err *e)
{
    uint8_t guess = 1;
    bool all_reached = true;
    for (uint32_t i = 0; i < t->count; i++)
        if (is_same(&t->walk[i].probe, &like->probe) && t->walk[i].asked > guess)
            guess = t->walk[i].asked;
    if (run_range(t, like, 1, guess, e) < 0)
        return e->code;
    for (uint32_t i = 0; i < t->count; i++)
        all_reached &= t->walk[i].last || !is_same(&t->walk[i].probe, &like->probe);
    return all_reached || guess == TTL_LAST ? 0
                                            : run_range(t, like, (uint8_t)(guess + 1), TTL_LAST, e);
}

/* A neighbour is the only hop to itself, and nothing needs to be asked. */
static void tell_neighbour(struct group *g, struct group_host *h)
{
    struct scan_trace *trace = arena_take(&g->arena, sizeof *trace);
    struct scan_hop *hop = arena_take(&g->arena, sizeof *hop);
    *hop = (struct scan_hop){.ttl = 1,
                             .addr = h->addr,
                             .host = h->ptr_name,
                             .rtt_ms = (double)h->rtt.srtt_ns / (double)NS_PER_MS};
    *trace = (struct scan_trace){.hop = hop, .hop_count = 1};
    h->trace = trace;
}

static void tell_walk(struct group *g, struct walk *w)
{
    struct scan_trace *trace = arena_take(&g->arena, sizeof *trace);
    uint8_t count = w->last ? w->last : TTL_LAST;
    while (count && w->hop[count - 1].addr.family == ADDR_NONE)
        count--;
    for (uint8_t i = 0; i < count; i++)
        w->hop[i].ttl = (uint8_t)(i + 1);
    enum scan_proto proto = w->probe.technique->proto;
    *trace = (struct scan_trace){.proto = proto,
                                 .port = proto == SCAN_IP && !w->probe.technique->by_protocol
                                             ? (uint16_t)(w->host->addr.family == ADDR_IP4
                                                              ? w->probe.technique->ip4_proto
                                                              : w->probe.technique->ip6_proto)
                                             : w->probe.port,
                                 .hop = w->hop,
                                 .hop_count = count};
    w->host->trace = trace;
}

struct hop_name {
    struct arena *arena;
    struct scan_hop *hop;
};

static void on_name(void *ctx, int result, const char *name)
{
    struct hop_name *n = ctx;
    if (result == 0)
        n->hop->host = arena_text(n->arena, name);
}

static void ask_name(struct tracing *t, struct scan_hop *hop)
{
    struct hop_name *n = arena_take(&t->group->arena, sizeof *n);
    *n = (struct hop_name){&t->group->arena, hop};
    resolver_reverse(t->phase->resolver, &hop->addr, on_name, n);
}

/* Names of the routers, as of hosts. */
static int name_hops(struct tracing *t, struct err *e)
{
    if (!t->phase->resolver)
        return 0;
    for (uint32_t i = 0; i < t->count; i++)
        for (uint8_t h = 0; h < t->walk[i].host->trace->hop_count; h++)
            if (t->walk[i].hop[h].addr.family != ADDR_NONE)
                ask_name(t, &t->walk[i].hop[h]);
    while (resolver_pending(t->phase->resolver))
        if (loop_step(t->phase->loop, 100 * NS_PER_MS, e) < 0)
            return e->code;
    return 0;
}

int phase_trace(struct phase *p, struct group *g, struct err *e)
{
    if (!p->options->traceroute || !p->net)
        return 0;
    struct tracing t = {.phase = p,
                        .group = g,
                        .walk = arena_array(&g->arena, g->count, sizeof *t.walk),
                        .in_job = arena_array(&g->arena, g->count, sizeof(struct walk *))};
    for (size_t i = 0; i < g->count; i++) {
        struct group_host *h = &g->host[i];
        if (h->state != SCAN_HOST_UP || h->timed_out || !h->path)
            continue;
        if (h->path->on_link || h->path->link->loopback) {
            tell_neighbour(g, h);
            continue;
        }
        t.walk[t.count].host = h;
        choose_probe(g, &t.walk[t.count++]);
    }
    for (uint32_t i = 0; i < t.count; i++)
        if (!t.walk[i].begun && trace_alike(&t, &t.walk[i], e) < 0)
            return e->code;
    for (uint32_t i = 0; i < t.count; i++)
        tell_walk(g, &t.walk[i]);
    return name_hops(&t, e);
}
