/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nc/client.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "tool/nc/dial.h"
#include "tool/nc/names.h"
#include "tool/nc/port_list.h"
#include "tool/nc/scan.h"
#include "tool/nc/session.h"

enum { HOST_MAX = 256, RANDOM_PORT_FIRST = 1024, RANDOM_PORT_COUNT = 64512 };

struct client {
    struct nc_context *c;
    client_done_fn *done;
    void *ctx;
    struct names_answer host; /* of the target, or of the proxy */
    struct proxy_target target;
    char proxy_host[HOST_MAX], user[HOST_MAX];
    uint16_t proxy_port;
    size_t next; /* port */
    struct dial *dial;
    struct session *session;
    struct port_scan *scan;
    struct loop_timer pause;
    int last_code; /* why the last address did not answer */
    int status;    /* 1 until a port was open */
};

static void try_port(struct client *cl);

static void finish(struct client *cl, int status)
{
    cl->done(cl->ctx, status);
}

/* ---- one port ---- */

static void on_failed(void *ctx, const struct nc_peer *to, int code)
{
    struct client *cl = ctx;
    struct str line = str_of(0);
    cl->last_code = code;
    cl->c->o->manner->failed(&line, cl->c->o, to, code);
    nc_say(cl->c, &line);
    str_done(&line);
}

static void next_port(struct client *cl)
{
    const struct nc_options *o = cl->c->o;
    dial_close(cl->dial);
    session_close(cl->session);
    cl->dial = NULL;
    cl->session = NULL;
    if (++cl->next >= o->port_count)
        finish(cl, cl->status);
    else
        loop_timer_set(cl->c->loop, &cl->pause,
                       loop_now_ns(cl->c->loop) + (uint64_t)o->interval_ns);
}

static void pause_over(struct loop_timer *t)
{
    try_port(t->ctx);
}

static void tell_idle(struct client *cl)
{
    const struct nc_options *o = cl->c->o;
    if (!o->idle_is_fault)
        return;
    nc_complain(cl->c, "Idle timeout expired (%lld ms)",
                (long long)(o->idle_ns / (int64_t)NS_PER_MS));
    cl->status = 1;
}

static void session_over(void *ctx, struct session *s, enum pump_end end, const struct err *e)
{
    struct client *cl = ctx;
    (void)s;
    if (end == PUMP_IDLE)
        tell_idle(cl);
    if (end == PUMP_FAULT && cl->c->o->manner->faults_count) {
        nc_complain(cl->c, "%s", e->text);
        cl->status = 1;
    }
    next_port(cl);
}

static void tell_tls(struct client *cl, const struct nc_end *end)
{
    if (end->tls && cl->c->o->verbose > 1)
        nc_complain(cl->c, "%s, %s%s%s", tls_version(end->tls), tls_cipher(end->tls),
                    tls_alpn(end->tls) ? ", ALPN " : "",
                    tls_alpn(end->tls) ? tls_alpn(end->tls) : "");
}

static void on_dialed(void *ctx, struct nc_end *end, const struct nc_peer *to, const struct err *e)
{
    struct client *cl = ctx;
    const struct nc_manner *m = cl->c->o->manner;
    if (!end) {
        if (e)
            nc_complain(cl->c, "%s", e->text);
        else if (m->tells_refusal && cl->last_code)
            nc_complain(cl->c, "%s", strerror(-cl->last_code));
        next_port(cl);
        return;
    }
    struct str line = str_of(0);
    cl->status = 0;
    m->opened(&line, cl->c->o, to);
    nc_say(cl->c, &line);
    str_done(&line);
    tell_tls(cl, end);
    struct session_spec spec = {
        .c = cl->c, .end = *end, .from = *to, .done = session_over, .ctx = cl};
    cl->session = session_new(&spec);
}

/* traditional's -r without -p: the source is by chance, too. */
static uint16_t source_port(const struct client *cl)
{
    const struct nc_options *o = cl->c->o;
    if (o->source_port || !o->random_source)
        return o->source_port;
    struct rng chance = rng_system();
    return (uint16_t)(RANDOM_PORT_FIRST + rng_below(&chance, RANDOM_PORT_COUNT));
}

static void try_port(struct client *cl)
{
    const struct nc_options *o = cl->c->o;
    uint16_t port = o->port_count ? o->port[cl->next] : 0;
    struct dial_spec spec = {
        .c = cl->c,
        .addr = cl->host.addr,
        .addr_count = cl->host.count,
        .port = o->proxy ? cl->proxy_port : port,
        .name = cl->host.name[0] ? cl->host.name : NULL,
        .name_is_typed = cl->host.is_typed,
        .through = o->proxy ? &cl->target : NULL,
        .source_port = source_port(cl),
        .on = {.failed = on_failed, .done = on_dialed, .ctx = cl},
    };
    cl->target.port = port;
    cl->dial = dial_new(&spec);
}

/* ---- the host ---- */

static void scan_over(void *ctx, size_t open)
{
    struct client *cl = ctx;
    const struct nc_options *o = cl->c->o;
    bool told = o->manner->quiet_range_tells && o->port_count > 1 && o->verbose;
    finish(cl, open || told ? 0 : 1);
}

static void begin(struct client *cl)
{
    const struct nc_options *o = cl->c->o;
    if (!o->scan || o->medium != NC_IP || o->proxy) {
        try_port(cl);
        return;
    }
    struct port_scan_spec spec = {.c = cl->c,
                                  .addr = cl->host.addr,
                                  .addr_count = cl->host.count,
                                  .name = cl->host.name[0] ? cl->host.name : NULL,
                                  .name_is_typed = cl->host.is_typed,
                                  .done = scan_over,
                                  .ctx = cl};
    cl->scan = port_scan_new(&spec);
}

static const char *why_unknown(int code)
{
    return code == -EAFNOSUPPORT ? "Address family for hostname not supported"
           : code == -ENOENT     ? "Name or service not known"
                                 : "Temporary failure in name resolution";
}

static void host_known(void *ctx, struct names_answer *a)
{
    struct client *cl = ctx;
    const struct nc_options *o = cl->c->o;
    nc_say(cl->c, &a->warnings);
    if (a->result) {
        struct str line = str_of(0);
        o->manner->unknown_host(&line, o, o->proxy ? cl->proxy_host : o->host,
                                why_unknown(a->result));
        nc_say(cl->c, &line);
        str_done(&line);
        finish(cl, o->manner->usage_status);
        return;
    }
    cl->host = *a;
    cl->host.warnings = (struct str){0};
    begin(cl);
}

static struct names_wish wish_of(const struct nc_options *o)
{
    bool told = o->verbose && o->manner->resolves_numbers && !o->no_dns;
    return (struct names_wish){
        .family = o->family,
        .no_dns = o->no_dns,
        .want_name = told || o->dns_check,
        .check = !o->no_dns && (o->dns_check || (o->manner->resolves_numbers && o->verbose > 1)),
    };
}

/* "HOST", "HOST:PORT", "[IPv6]:PORT"; false: no port. */
static bool split_proxy(struct client *cl, const char *place)
{
    bool bracket = place[0] == '[';
    size_t len = strcspn(place + bracket, bracket ? "]" : ":");
    const char *rest = place + bracket + len + bracket;
    int port = proxy_kind_port(cl->c->o->proxy);
    snprintf(cl->proxy_host, sizeof cl->proxy_host, "%.*s", (int)len, place + bracket);
    if (*rest == ':')
        port = port_list_one(rest + 1, "tcp");
    cl->proxy_port = (uint16_t)port;
    return port > 0 && len;
}

static void target_known(void *ctx, struct names_answer *a)
{
    struct client *cl = ctx;
    if (a->result) {
        host_known(cl, a);
        return;
    }
    cl->target.addr = a->addr[0];
    struct names_wish wish = wish_of(cl->c->o);
    names_look(cl->c->resolver, cl->proxy_host, &wish, host_known, cl);
}

static void fill_target(struct client *cl)
{
    const struct nc_options *o = cl->c->o;
    struct err ignored;
    cl->target.host = o->host;
    if (addr_parse(&cl->target.addr, o->host, &ignored))
        cl->target.addr = (struct addr){0};
    if (!o->proxy_auth)
        return;
    size_t len = strcspn(o->proxy_auth, ":");
    snprintf(cl->user, sizeof cl->user, "%.*s", (int)len, o->proxy_auth);
    cl->target.user = cl->user;
    cl->target.password = o->proxy_auth[len] ? o->proxy_auth + len + 1 : "";
}

static void start_proxy(struct client *cl)
{
    const struct nc_options *o = cl->c->o;
    struct names_wish wish = {.family = o->family, .no_dns = o->no_dns};
    if (!split_proxy(cl, o->proxy_place)) {
        nc_complain(cl->c, "proxy port number %s", "invalid");
        finish(cl, o->manner->usage_status);
        return;
    }
    fill_target(cl);
    bool by_addr = o->proxy_local_dns || o->proxy == PROXY_SOCKS4;
    if (by_addr && cl->target.addr.family == ADDR_NONE) {
        wish.family = o->proxy == PROXY_SOCKS4 ? ADDR_IP4 : o->family;
        names_look(cl->c->resolver, o->host, &wish, target_known, cl);
    } else {
        names_look(cl->c->resolver, cl->proxy_host, &wish, host_known, cl);
    }
}

static void start_due(struct loop_timer *t)
{
    struct client *cl = t->ctx;
    const struct nc_options *o = cl->c->o;
    struct names_wish wish = wish_of(o);
    t->fn = pause_over;
    if (o->medium != NC_IP)
        begin(cl);
    else if (o->proxy)
        start_proxy(cl);
    else
        names_look(cl->c->resolver, o->host, &wish, host_known, cl);
}

struct client *client_new(struct nc_context *c, client_done_fn *done, void *ctx)
{
    struct client *cl = mem_zero(sizeof *cl);
    *cl = (struct client){.c = c, .done = done, .ctx = ctx, .status = 1};
    cl->pause = (struct loop_timer){.fn = start_due, .ctx = cl};
    loop_timer_set(c->loop, &cl->pause, 0);
    return cl;
}

void client_close(struct client *cl)
{
    if (!cl)
        return;
    loop_timer_stop(cl->c->loop, &cl->pause);
    dial_close(cl->dial);
    session_close(cl->session);
    port_scan_close(cl->scan);
    mem_free(cl);
}
