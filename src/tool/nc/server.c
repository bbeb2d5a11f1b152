/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nc/server.h"

#include <errno.h>
#include <string.h>

#include "core/base/mem.h"
#include "tool/nc/hub.h"
#include "tool/nc/listener.h"
#include "tool/nc/names.h"
#include "tool/nc/proxy_server.h"
#include "tool/nc/session.h"

/* Somebody who called: his name is looked up before he is let in, where names are told. */
struct guest {
    struct guest *next, *previous;
    struct server *server;
    struct nc_end end;
    struct nc_peer from, at;
    char name[NAMES_TEXT_MAX];
    struct session *session;
    bool gone, waits_for_name;
};

struct server {
    struct nc_context *c;
    server_done_fn *done;
    void *ctx;
    struct addr addr[2];
    struct names_answer local; /* where to listen, when a host was named */
    struct listener *listener;
    struct hub *hub;
    struct proxy_server *proxies;
    struct guest *guests;
    unsigned count;
    struct loop_timer start, limit, reap;
    int status;
    bool keep, many, over, named;
    size_t place_told;
};

static void finish(struct server *s, int status)
{
    if (s->over)
        return;
    s->over = true;
    s->done(s->ctx, status);
}

/* ---- guests ---- */

static void free_guest(struct guest *g)
{
    struct server *s = g->server;
    if (g->previous)
        g->previous->next = g->next;
    else
        s->guests = g->next;
    if (g->next)
        g->next->previous = g->previous;
    s->count--;
    session_close(g->session);
    mem_free(g);
}

static void after_guest(struct server *s)
{
    if (!s->keep)
        finish(s, s->status);
    else if (s->listener)
        listener_next(s->listener);
}

static void reap_due(struct loop_timer *t)
{
    struct server *s = t->ctx;
    struct guest *next;
    bool any = false;
    for (struct guest *g = s->guests; g; g = next) {
        next = g->next;
        if (!g->gone || g->waits_for_name)
            continue;
        free_guest(g);
        any = true;
    }
    if (any)
        after_guest(s);
}

static void guest_gone(struct guest *g)
{
    g->gone = true;
    loop_timer_set(g->server->c->loop, &g->server->reap, 0);
}

static void session_over(void *ctx, struct session *session, enum pump_end end, const struct err *e)
{
    struct guest *g = ctx;
    struct server *s = g->server;
    const struct nc_options *o = s->c->o;
    (void)session;
    if (end == PUMP_IDLE && o->idle_is_fault) {
        nc_complain(s->c, "Idle timeout expired (%lld ms)",
                    (long long)(o->idle_ns / (int64_t)NS_PER_MS));
        s->status = o->manner->idle_status;
    }
    if (end == PUMP_FAULT && o->manner->faults_count) {
        nc_complain(s->c, "%s", e->text);
        s->status = s->keep ? s->status : 1;
    }
    guest_gone(g);
}

static void let_in(struct guest *g)
{
    struct server *s = g->server;
    struct str line = str_of(0);
    s->c->o->manner->accepted(&line, s->c->o, &g->from, &g->at);
    nc_say(s->c, &line);
    str_done(&line);
    if (s->proxies || s->hub) {
        if (s->proxies)
            proxy_server_add(s->proxies, &g->end, &g->from);
        else
            hub_add(s->hub, &g->end, &g->from);
        guest_gone(g);
        return;
    }
    struct session_spec spec = {.c = s->c,
                                .end = g->end,
                                .from = g->from,
                                .at = g->at,
                                .inbound = true,
                                .done = session_over,
                                .ctx = g};
    g->session = session_new(&spec);
}

static void guest_named(void *ctx, struct names_answer *a)
{
    struct guest *g = ctx;
    g->waits_for_name = false;
    if (g->gone) { /* the server closed meanwhile */
        nc_end_close(&g->end);
        return;
    }
    nc_say(g->server->c, &a->warnings);
    if (a->name[0]) {
        memcpy(g->name, a->name, sizeof g->name);
        g->from.name = g->name;
    }
    let_in(g);
}

static void knocked(void *ctx, struct nc_end *end, const struct nc_peer *from,
                    const struct nc_peer *at)
{
    struct server *s = ctx;
    const struct nc_options *o = s->c->o;
    loop_timer_stop(s->c->loop, &s->limit);
    if (!s->hub && !s->proxies && o->max_connections >= 0 && s->count >= o->max_connections) {
        nc_end_close(end);
        return;
    }
    struct guest *g = mem_zero(sizeof *g);
    *g = (struct guest){.server = s, .end = *end, .from = *from, .at = *at, .next = s->guests};
    if (s->guests)
        s->guests->previous = g;
    s->guests = g;
    s->count++;
    struct names_wish wish = {.want_name = true,
                              .check =
                                  o->dns_check || (o->manner->resolves_numbers && o->verbose > 1)};
    if ((o->verbose && o->manner->names_guests && !o->no_dns && !from->path) || o->dns_check) {
        g->waits_for_name = true;
        names_of(s->c->resolver, &from->at.addr, &wish, guest_named, g);
    } else {
        let_in(g);
    }
}

/* ---- opening the doors ---- */

static void tell_place(struct server *s);

static void place_named(void *ctx, struct names_answer *a)
{
    struct server *s = ctx;
    struct nc_peer at;
    struct str line = str_of(0);
    if (!s->listener || !listener_place(s->listener, s->place_told, &at))
        return;
    at.name = a->name[0] ? a->name : NULL;
    s->c->o->manner->listening(&line, s->c->o, &at);
    nc_say(s->c, &line);
    str_done(&line);
    s->place_told++;
    tell_place(s);
}

static void tell_place(struct server *s)
{
    const struct nc_options *o = s->c->o;
    struct nc_peer at;
    if (!o->verbose || !s->listener || !listener_place(s->listener, s->place_told, &at))
        return;
    bool any = at.path || addr_is_unspecified(&at.at.addr);
    struct names_wish wish = {.want_name = !any && o->manner->names_places,
                              .no_dns = o->no_dns || any};
    names_of(s->c->resolver, &at.at.addr, &wish, place_named, s);
}

static void open_doors(struct server *s, const struct addr *addr, size_t count)
{
    const struct nc_options *o = s->c->o;
    struct listener_spec spec = {.c = s->c,
                                 .addr = addr,
                                 .addr_count = count,
                                 .port = o->port_count ? o->port[0] : 0,
                                 .keep = s->keep,
                                 .one_by_one = s->keep && !s->many,
                                 .fn = knocked,
                                 .ctx = s};
    struct nc_peer at;
    struct err e = {0};
    int rc = listener_open(&s->listener, &spec, &at, &e);
    if (rc == 0) {
        tell_place(s);
        return;
    }
    struct str line = str_of(0);
    if (o->manner->names_bind_place || rc != -EADDRINUSE)
        o->manner->cannot_bind(&line, o, &at, rc);
    else
        o->manner->complain(&line, e.text);
    nc_say(s->c, &line);
    str_done(&line);
    finish(s, o->manner->usage_status);
}

static void place_known(void *ctx, struct names_answer *a)
{
    struct server *s = ctx;
    if (a->result == 0) {
        s->local = *a;
        s->local.warnings = (struct str){0};
        open_doors(s, s->local.addr, s->c->o->manner->both_families ? s->local.count : 1);
        return;
    }
    struct str line = str_of(0);
    s->c->o->manner->unknown_host(&line, s->c->o, s->c->o->host,
                                  a->result == -EAFNOSUPPORT
                                      ? "Address family for hostname not supported"
                                      : "Name or service not known");
    nc_say(s->c, &line);
    str_done(&line);
    finish(s, s->c->o->manner->usage_status);
}

static void hub_over(void *ctx, int status)
{
    finish(ctx, status);
}

static void listen_over(struct loop_timer *t)
{
    struct server *s = t->ctx;
    nc_complain(s->c, "no connection : %s", strerror(ETIMEDOUT));
    finish(s, 1);
}

static void start_due(struct loop_timer *t)
{
    struct server *s = t->ctx;
    const struct nc_options *o = s->c->o;
    size_t count = 0;
    if (o->listen_ns)
        loop_timer_set(s->c->loop, &s->limit, loop_now_ns(s->c->loop) + (uint64_t)o->listen_ns);
    if (o->medium != NC_IP) {
        open_doors(s, NULL, 0);
        return;
    }
    if (o->host) {
        struct names_wish wish = {.family = o->family, .no_dns = o->no_dns};
        names_look(s->c->resolver, o->host, &wish, place_known, s);
        return;
    }
    bool both = o->family == ADDR_NONE && o->manner->both_families;
    if (both || o->family == ADDR_IP6)
        s->addr[count++] = (struct addr){.family = ADDR_IP6};
    if (both || o->family != ADDR_IP6)
        s->addr[count++] = (struct addr){.family = ADDR_IP4};
    open_doors(s, s->addr, count);
}

/* Who is served how: programs and proxies side by side, the rest as the manner has it. */
static void choose(struct server *s)
{
    const struct nc_options *o = s->c->o;
    s->keep = o->keep_open || o->broker || o->chat || o->serve;
    bool own_ends = o->program || o->pass_descriptor;
    if (o->serve)
        s->proxies = proxy_server_new(s->c);
    else if (o->broker || o->chat || (s->keep && !own_ends && (o->udp || o->manner->serves_many)))
        s->hub = hub_new(s->c, hub_over, s);
    s->many = s->hub || s->proxies || own_ends;
}

struct server *server_new(struct nc_context *c, server_done_fn *done, void *ctx)
{
    struct server *s = mem_zero(sizeof *s);
    *s = (struct server){.c = c, .done = done, .ctx = ctx};
    s->start = (struct loop_timer){.fn = start_due, .ctx = s};
    s->limit = (struct loop_timer){.fn = listen_over, .ctx = s};
    s->reap = (struct loop_timer){.fn = reap_due, .ctx = s};
    choose(s);
    loop_timer_set(c->loop, &s->start, 0);
    return s;
}

void server_close(struct server *s)
{
    if (!s)
        return;
    loop_timer_stop(s->c->loop, &s->start);
    loop_timer_stop(s->c->loop, &s->limit);
    loop_timer_stop(s->c->loop, &s->reap);
    listener_close(s->listener);
    while (s->guests)
        free_guest(s->guests);
    hub_close(s->hub);
    proxy_server_close(s->proxies);
    mem_free(s);
}
