/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/host_report.h"

#include <stdlib.h>

#include "core/base/attr.h"
#include "core/base/clock.h"
#include "tool/scan/os/phase_os.h"
#include "tool/scan/service/service_report.h"

/* Up to so many ports of one state are listed (nmap's rule: 25, twice that with -v, twenty times
 * with -vv). */
enum { LISTED_MAX = 25, LISTED_MAX_V = 50, LISTED_MAX_VV = 500, SHOW_ALL_DEBUGGING = 3 };

struct tally {
    size_t of_state[SCAN_STATE_COUNT];
    bool listed[SCAN_STATE_COUNT];
};

typedef void result_fn(void *ctx, const struct group_scan *scan, uint32_t item,
                       const struct probe_result *result, const struct addr *from);

static void each_result(const struct group *g, const struct group_host *host, result_fn *fn,
                        void *ctx)
{
    for (size_t s = 0; s < g->scan_count; s++) {
        const struct group_scan *scan = &g->scan[s];
        for (uint32_t i = 0; scan->prober && i < scan->item_count; i++) {
            const struct probe_result *r = prober_result(scan->prober, host->number, i);
            if (r->state == SCAN_UNKNOWN)
                continue; /* stopped before it was settled */
            struct addr from = prober_answered_by(scan->prober, host->number, i);
            struct probe_result told = *r;
            service_report_state(host, scan->technique->proto, scan->item[i].port, &told);
            fn(ctx, scan, i, &told, &from);
        }
    }
}

static void count_state(void *ctx, const struct group_scan *scan, uint32_t item,
                        const struct probe_result *result, const struct addr *from)
{
    struct tally *t = ctx;
    (void)scan, (void)item, (void)from;
    t->of_state[result->state]++;
}

static size_t listed_max(const struct scan_options *o)
{
    int level = o->verbosity > o->debugging ? o->verbosity : o->debugging;
    return level == 0 ? LISTED_MAX : level == 1 ? LISTED_MAX_V : LISTED_MAX_VV;
}

static void decide_listed(struct tally *t, const struct scan_options *o)
{
    for (int state = 0; state < SCAN_STATE_COUNT; state++) {
        bool maybe_open =
            state == SCAN_OPEN || state == SCAN_OPEN_FILTERED || state == SCAN_UNFILTERED;
        t->listed[state] = state == SCAN_OPEN || t->of_state[state] <= listed_max(o) ||
                           o->debugging >= SHOW_ALL_DEBUGGING;
        if (o->open_only && !maybe_open)
            t->listed[state] = false;
    }
}

struct port_list {
    const struct tally *tally;
    const struct scan_options *options;
    const struct group_host *host;
    struct arena *arena;
    struct scan_port *port;
    size_t count;
};

static void list_port(void *ctx, const struct group_scan *scan, uint32_t item,
                      const struct probe_result *result, const struct addr *from)
{
    struct port_list *l = ctx;
    if (!l->tally->listed[result->state])
        return;
    enum scan_proto proto = scan->technique->proto;
    uint16_t number = scan->item[item].port;
    struct scan_port *port = &l->port[l->count++];
    *port = (struct scan_port){
        .proto = proto,
        .number = number,
        .state = (enum scan_state)result->state,
        .because = {(enum scan_reason)result->reason, result->ttl, *from},
    };
    for (const struct group_owner *o = l->host->owners; o && proto == SCAN_TCP; o = o->next)
        if (o->port == number)
            port->owner = o->owner;
    service_report_fill(l->host, port, l->options->services, l->arena);
}

static int by_proto_and_number(const void *a, const void *b)
{
    const struct scan_port *x = a, *y = b;
    if (x->proto != y->proto)
        return x->proto < y->proto ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

/* The counted ports of one state, by protocol and reason. */
struct extra_list {
    enum scan_state state;
    size_t count[SCAN_PROTO_COUNT][SCAN_REASON_COUNT];
    struct port_set *ports[SCAN_PROTO_COUNT][SCAN_REASON_COUNT];
    struct arena *arena;
};

static void count_reason(void *ctx, const struct group_scan *scan, uint32_t item,
                         const struct probe_result *result, const struct addr *from)
{
    struct extra_list *x = ctx;
    (void)from;
    if (result->state != x->state)
        return;
    enum scan_proto proto = scan->technique->proto;
    struct port_set **ports = &x->ports[proto][result->reason];
    if (!*ports)
        *ports = arena_take(x->arena, sizeof **ports);
    port_set_add(*ports, scan->item[item].port);
    x->count[proto][result->reason]++;
}

static int by_reason_count(const void *a, const void *b)
{
    const struct scan_extra_reason *x = a, *y = b;
    return x->count != y->count ? (x->count > y->count ? -1 : 1) : (int)x->reason - (int)y->reason;
}

static void make_extra(const struct group *g, const struct group_host *host, struct scan_extra *out,
                       enum scan_state state, struct arena *arena)
{
    struct extra_list x = {.state = state, .arena = arena};
    each_result(g, host, count_reason, &x);
    struct scan_extra_reason *reason =
        arena_array(arena, (size_t)SCAN_PROTO_COUNT * SCAN_REASON_COUNT, sizeof *reason);
    size_t reasons = 0;
    for (enum scan_proto p = 0; p < SCAN_PROTO_COUNT; p++)
        for (enum scan_reason r = 0; r < SCAN_REASON_COUNT; r++)
            if (x.count[p][r])
                reason[reasons++] = (struct scan_extra_reason){r, p, x.count[p][r], x.ports[p][r]};
    qsort(reason, reasons, sizeof *reason, by_reason_count);
    out->reason = reason;
    out->reason_count = reasons;
}

static int by_extra_count(const void *a, const void *b)
{
    const struct scan_extra *x = a, *y = b;
    return x->count != y->count ? (x->count > y->count ? -1 : 1) : (int)x->state - (int)y->state;
}

static void report_ports(const struct group *g, const struct group_host *host,
                         const struct scan_options *options, struct tally *t, struct arena *arena,
                         struct scan_host *out)
{
    size_t listed = 0, extras = 0;
    for (int state = 0; state < SCAN_STATE_COUNT; state++)
        listed += t->listed[state] ? t->of_state[state] : 0;
    struct port_list list = {
        t, options, host, arena, arena_array(arena, listed, sizeof(struct scan_port)), 0};
    each_result(g, host, list_port, &list);
    qsort(list.port, list.count, sizeof *list.port, by_proto_and_number);
    struct scan_extra *extra = arena_array(arena, SCAN_STATE_COUNT, sizeof *extra);
    for (int state = 0; state < SCAN_STATE_COUNT; state++) {
        if (t->listed[state] || !t->of_state[state])
            continue;
        extra[extras] =
            (struct scan_extra){.state = (enum scan_state)state, .count = t->of_state[state]};
        make_extra(g, host, &extra[extras++], (enum scan_state)state, arena);
    }
    qsort(extra, extras, sizeof *extra, by_extra_count);
    out->port = list.port;
    out->port_count = list.count;
    out->extra = extra;
    out->extra_count = extras;
    out->ports_scanned = true;
}

static void report_names(const struct group_host *host, struct arena *arena, struct scan_host *out)
{
    struct scan_name *name = arena_array(arena, 2, sizeof *name);
    if (host->user_name)
        name[out->name_count++] = (struct scan_name){host->user_name, true};
    if (host->ptr_name)
        name[out->name_count++] = (struct scan_name){host->ptr_name, false};
    out->name = name;
}

bool host_report_make(const struct group *g, const struct group_host *host,
                      const struct scan_options *options, struct arena *arena,
                      struct scan_host *out)
{
    *out = (struct scan_host){
        .state = host->state,
        .because = host->because,
        .addr = host->addr,
        .has_mac =
            host->path && host->path->on_link && host->path->needs_mac && host->path->has_mac,
        .mac = host->path ? host->path->mac : (struct mac){{0}},
        .other_addr = host->other,
        .other_count = host->other_count,
        .start_wall_ns = host->start_wall_ns,
        .end_wall_ns = host->end_wall_ns,
        .timed_out = host->timed_out,
        .trace = host->trace,
        .distance = (uint8_t)(host->trace ? host->trace->hop_count : 0),
        .listed_only = options->list_only,
        .has_times = host->rtt.srtt_ns != 0,
        .srtt_us = host->rtt.srtt_ns / NS_PER_US,
        .rttvar_us = host->rtt.var_ns / NS_PER_US,
        .timeout_us = host->rtt.timeout_ns / NS_PER_US,
    };
    phase_os_report(host, out);
    report_names(host, arena, out);
    if (host->timed_out)
        return true;
    if (host->number == GROUP_NOT_PROBED)
        return !options->open_only || options->no_ports || options->list_only;
    struct tally t = {0};
    each_result(g, host, count_state, &t);
    decide_listed(&t, options);
    bool maybe_open =
        t.of_state[SCAN_OPEN] || t.of_state[SCAN_OPEN_FILTERED] || t.of_state[SCAN_UNFILTERED];
    if (options->open_only && !maybe_open)
        return false;
    report_ports(g, host, options, &t, arena, out);
    return true;
}
