/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/scan.h"

#include <errno.h>

#include "tool/scan/host_report.h"
#include "tool/scan/os/phase_os.h"
#include "tool/scan/phase.h"
#include "tool/scan/script/phase_scripts.h"

/* What a report that ends here says of its end: a process that is killed writes nothing more. */
static const char unfinished[] = "the scan did not come to its end";

struct scan {
    struct phase phase;
    struct target_walk *walk;
    struct group group;
    struct target_addr next; /* came from the walk and is in no group yet */
    bool has_next;
    uint64_t walked; /* targets, of all shards */
    struct rng rng;
    uint64_t begin_mono_ns;
    struct arena report; /* of one host */
    struct err *bad_target_error;
    int bad_target_rc;
};

size_t scan_infos(const struct scan_options *options, struct scan_info *out, size_t max)
{
    size_t count = 0;
    for (size_t i = 0;
         options->technique[i] && count < max && !options->no_ports && !options->list_only; i++) {
        const struct scan_technique *t = options->technique[i];
        out[count++] =
            (struct scan_info){.type = t->type,
                               .proto = t->proto,
                               .flags = t->proto == SCAN_TCP ? options->flags_text : NULL,
                               .ports = &options->ports.of[t->proto]};
    }
    return count;
}

static int resolve(void *ctx, const char *name, uint8_t family, struct addr *out, size_t max,
                   size_t *out_count, struct err *e)
{
    (void)ctx;
    return resolver_lookup(name, family, out, max, out_count, e);
}

static void on_bad_target(void *ctx, const char *text, const char *why)
{
    struct scan *s = ctx;
    const struct scan_events *ev = s->phase.events;
    if (ev->bad_target && s->bad_target_rc == 0)
        s->bad_target_rc = ev->bad_target(ev->ctx, text, why, s->phase.so_far, s->bad_target_error);
}

/* --randomize-hosts: Fisher and Yates. */
static void shuffle(struct group *g, struct rng *rng)
{
    for (size_t i = g->count; i > 1; i--) {
        uint32_t other = rng_below(rng, (uint32_t)i);
        struct group_host kept = g->host[i - 1];
        g->host[i - 1] = g->host[other];
        g->host[other] = kept;
    }
}

static bool is_stopped(const struct scan *s)
{
    return s->phase.events->stop && s->phase.events->stop(s->phase.events->ctx);
}

static void note_time(const struct scan *s)
{
    struct scan_tail *tail = s->phase.so_far;
    uint64_t spent_ns = clock_mono_ns(s->phase.clock) - s->begin_mono_ns;
    tail->end_wall_ns = clock_wall_ns(s->phase.clock);
    tail->elapsed_s = (double)spent_ns / (double)NS_PER_S;
}

static int tell_host(struct scan *s, struct group_host *h, struct err *e)
{
    struct scan_tail *tail = s->phase.so_far;
    struct scan_host report;
    arena_reset(&s->report);
    bool shown = h->shown;
    if (h->report)
        report = *h->report;
    else
        shown = host_report_make(&s->group, h, s->phase.options, &s->report, &report);
    tail->hosts_total++;
    tail->hosts_up += h->state == SCAN_HOST_UP;
    tail->hosts_down += h->state != SCAN_HOST_UP; /* as nmap counts: also those only listed */
    note_time(s);
    if (!shown)
        return 0;
    return s->phase.events->host(s->phase.events->ctx, &report, tail, e);
}

/* Whose ports are going to be asked, because he answered. */
static int tell_hints(struct scan *s, struct err *e)
{
    const struct scan_options *o = s->phase.options;
    const struct scan_events *ev = s->phase.events;
    for (size_t i = 0; i < s->group.count && ev->hint && !o->no_ports && !o->list_only; i++) {
        const struct group_host *h = &s->group.host[i];
        struct scan_host report;
        bool answered = h->state == SCAN_HOST_UP && h->because.reason != SCAN_REASON_USER_SET &&
                        h->because.reason != SCAN_REASON_LOCALHOST_RESPONSE;
        if (!answered)
            continue;
        arena_reset(&s->report);
        (void)host_report_make(&s->group, h, o, &s->report, &report);
        if (ev->hint(ev->ctx, &report, s->phase.so_far, e) < 0)
            return e->code;
    }
    return 0;
}

static int scan_group(struct scan *s, struct err *e)
{
    struct phase *p = &s->phase;
    if (p->options->randomize_hosts)
        shuffle(&s->group, &s->rng);
    if (phase_discover(p, &s->group, e) < 0 || phase_names(p, &s->group, e) < 0 ||
        tell_hints(s, e) < 0 || phase_ports(p, &s->group, e) < 0 ||
        phase_ident(p, &s->group, e) < 0 || phase_services(p, &s->group, e) < 0 ||
        phase_os(p, &s->group, e) < 0 || phase_trace(p, &s->group, e) < 0 ||
        phase_scripts_group(p, &s->group, e) < 0)
        return e->code;
    for (size_t i = 0; i < s->group.count; i++)
        if (tell_host(s, &s->group.host[i], e) < 0)
            return e->code;
    return p->events->group ? p->events->group(p->events->ctx, p->so_far, e) : 0;
}

static size_t probes_per_host(const struct scan_options *o)
{
    size_t items = 1;
    for (size_t i = 0; o->technique[i] && !o->no_ports && !o->list_only; i++) {
        size_t ports = port_set_count(&o->ports.of[o->technique[i]->proto]);
        items = ports > items ? ports : items;
    }
    return items;
}

/* The next target that is this process's: others take the rest. */
static bool next_of_shard(struct scan *s)
{
    const struct scan_options *o = s->phase.options;
    while (target_walk_next(s->walk, &s->next))
        if (!o->shards || s->walked++ % o->shards == o->shard - 1)
            return true;
    return false;
}

/* Fill the group from the walk.  A host that is named twice waits for the next group. */
static void next_group(struct scan *s, size_t size)
{
    group_reset(&s->group);
    while (s->group.count < size) {
        if (!s->has_next)
            s->has_next = next_of_shard(s);
        if (!s->has_next || !group_add(&s->group, &s->next))
            return;
        s->has_next = false;
    }
}

/* --resume: pass over the targets that were told. */
static int skip_done(struct scan *s, struct err *e)
{
    const struct addr *last = &s->phase.options->resume_after;
    char text[ADDR_TEXT_MAX];
    if (last->family == ADDR_NONE)
        return 0;
    while (next_of_shard(s))
        if (addr_equal(&s->next.addr, last))
            return s->bad_target_rc;
    return err_set(e, -EINVAL, "%s, the last host of the report, is none of its targets",
                   addr_format(last, text));
}

static int scan_all(struct scan *s, struct err *e)
{
    if (skip_done(s, e) < 0)
        return e->code;
    size_t size = group_size(s->phase.options, probes_per_host(s->phase.options));
    for (;;) {
        if (is_stopped(s))
            return err_set(e, -ECANCELED, "interrupted");
        next_group(s, size);
        if (s->bad_target_rc)
            return s->bad_target_rc;
        if (!s->group.count)
            return 0;
        if (scan_group(s, e) < 0)
            return e->code;
    }
}

static bool asks_protocols(const struct scan_options *o)
{
    bool any = false;
    for (size_t i = 0; o->technique[i]; i++)
        any |= o->technique[i]->by_protocol;
    for (uint32_t i = 0; i < o->ping_count; i++)
        any |= o->ping[i].technique->by_protocol;
    return any;
}

static int open_all(struct scan *s, const struct clock *clock, struct err *e)
{
    const struct scan_options *o = s->phase.options;
    struct target_walk_setup setup = {
        .targets = o->targets,
        .excludes = o->excludes,
        .family = o->family,
        .all_addrs = o->resolve_all,
        .unique = o->unique,
        .random_forever = o->random_forever,
        .random_count = o->random_count,
        .resolve = resolve,
        .bad = on_bad_target,
        .ctx = s,
    };
    if (loop_open(&s->phase.loop, clock, e) < 0)
        return e->code;
    if (o->names != SCAN_NAMES_NEVER &&
        resolver_open(&s->phase.resolver, s->phase.loop, o->dns_servers, e) < 0)
        return e->code;
    struct frame_net_setup net = {.loop = s->phase.loop,
                                  .interface = o->interface,
                                  .source = o->source,
                                  .source_port = o->source_port,
                                  .any_protocol = asks_protocols(o),
                                  .mac = o->shape.spoofs_mac ? &o->shape.mac : NULL};
    if (o->frames && !o->list_only && frame_net_open(&s->phase.net, &net, e) < 0)
        return e->code;
    if (phase_scripts_open(&s->phase, e) < 0)
        return e->code;
    return target_walk_open(&s->walk, &setup, rng_of(o->seed), e);
}

static void close_all(struct scan *s)
{
    group_done(&s->group);
    arena_done(&s->report);
    target_walk_close(s->walk);
    script_engine_close(s->phase.scripts);
    frame_net_close(s->phase.net);
    if (s->phase.resolver)
        resolver_close(s->phase.resolver);
    if (s->phase.loop)
        loop_close(s->phase.loop);
}

static void note_totals(const struct scan *s)
{
    if (!s->phase.net)
        return;
    struct frame_net_totals totals = frame_net_totals(s->phase.net);
    s->phase.so_far->packets_sent = totals.sent;
    s->phase.so_far->bytes_sent = totals.sent_bytes;
    s->phase.so_far->packets_received = totals.received;
    s->phase.so_far->bytes_received = totals.received_bytes;
}

int scan_run(const struct scan_options *options, const struct scan_events *events,
             const struct clock *clock, struct scan_tail *out_tail, struct err *e)
{
    *out_tail = (struct scan_tail){.error = unfinished};
    struct scan s = {
        .phase = {.options = options, .events = events, .clock = clock, .so_far = out_tail},
        .rng = rng_of(options->seed ^ 1),
        .begin_mono_ns = clock_mono_ns(clock),
        .bad_target_error = e,
    };
    int rc = open_all(&s, clock, e);
    if (rc == 0)
        rc = phase_scripts_run(&s.phase, false, e);
    if (rc == 0)
        rc = scan_all(&s, e);
    if (rc == 0)
        rc = phase_scripts_run(&s.phase, true, e);
    note_totals(&s);
    close_all(&s);
    out_tail->error = NULL;
    note_time(&s);
    return rc;
}
