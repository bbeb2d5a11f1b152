/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nc/nc.h"

#include <signal.h>
#include <string.h>

#include "sys/io/sock.h"
#include "tool/nc/client.h"
#include "tool/nc/server.h"

struct run {
    struct nc_context c;
    struct client *client;
    struct server *server;
    struct loop_signal interrupt, terminate;
    int status;
};

static void over(void *ctx, int status)
{
    struct run *r = ctx;
    r->status = status;
    loop_stop(r->c.loop);
}

/* What was opened is closed in order: files are whole, socket files gone. */
static void interrupted(struct loop_signal *w)
{
    struct run *r = w->ctx;
    r->status = 128 + w->signal_number;
    loop_stop(r->c.loop);
}

static int find_address(const char *host, uint8_t family, bool no_dns, struct addr *out,
                        struct err *e)
{
    size_t count = 0;
    if (addr_parse(out, host, e) == 0 || no_dns)
        return e->code && no_dns ? e->code : 0;
    return resolver_lookup(host, family, out, 1, &count, e);
}

static int prepare_sources(struct run *r, struct err *e)
{
    const struct nc_options *o = r->c.o;
    r->c.sock = o->sock;
    for (size_t i = 0; i < o->hop_count && i < SOURCE_ROUTE_HOPS_MAX; i++) {
        int rc = find_address(o->hop[i], ADDR_IP4, o->no_dns, &r->c.sock.hop[i], e);
        if (rc)
            return err_wrap(e, "hop %s", o->hop[i]);
        r->c.sock.hop_count = i + 1;
    }
    r->c.sock.hop_pointer = o->hop_pointer;
    if (!o->source_host || o->medium != NC_IP || o->listen)
        return 0;
    if (find_address(o->source_host, o->family, o->no_dns, &r->c.source, e))
        return err_wrap(e, "source %s", o->source_host);
    return 0;
}

static int prepare_tls(struct run *r, struct err *e)
{
    const struct nc_options *o = r->c.o;
    if (!o->tls)
        return 0;
    struct tls_options t = {.server = o->listen,
                            .datagram = o->udp,
                            .verify = o->tls_verify,
                            .modern = true,
                            .ca = o->tls_ca,
                            .cert = o->tls_cert,
                            .key = o->tls_key,
                            .alpn = o->tls_alpn,
                            .ciphers = o->tls_ciphers};
    r->c.tls = tls_context_new(&t, e);
    return r->c.tls ? 0 : e->code;
}

static int prepare(struct run *r, struct err *e)
{
    struct nc_context *c = &r->c;
    int rc = loop_open(&c->loop, &clock_system, e);
    rc = rc ? rc : resolver_open(&c->resolver, c->loop, NULL, e);
    for (int i = 0; i < 2 && rc == 0; i++)
        rc = dump_open(&c->dump[i], &c->o->dump[i], c->o->dump_append, e);
    rc = rc ? rc : access_list_load(&c->access, c->o, e);
    rc = rc ? rc : prepare_sources(r, e);
    rc = rc ? rc : prepare_tls(r, e);
    r->interrupt = (struct loop_signal){.fn = interrupted, .ctx = r, .signal_number = SIGINT};
    r->terminate = (struct loop_signal){.fn = interrupted, .ctx = r, .signal_number = SIGTERM};
    rc = rc ? rc : loop_signal_add(c->loop, &r->interrupt, e);
    return rc ? rc : loop_signal_add(c->loop, &r->terminate, e);
}

static void close_all(struct run *r)
{
    struct nc_context *c = &r->c;
    client_close(r->client);
    server_close(r->server);
    for (int i = 0; i < 2; i++) {
        if (c->dump[i].failure)
            nc_complain(c, "%s: %s", c->o->dump[i].path, strerror(-c->dump[i].failure));
        dump_close(&c->dump[i]);
    }
    access_list_done(&c->access);
    tls_context_free(c->tls);
    if (c->resolver)
        resolver_close(c->resolver);
    loop_close(c->loop);
}

int nc_run(const struct nc_options *o, const struct nc_streams *streams)
{
    struct run r = {.c = {.o = o,
                          .say = streams->say,
                          .say_ctx = streams->ctx,
                          .in_fd = streams->in_fd,
                          .out_fd = streams->out_fd,
                          .dump = {{.fd = -1}, {.fd = -1}}}};
    struct err e = {0};
    r.status = o->manner->usage_status;
    if (prepare(&r, &e)) {
        nc_complain(&r.c, "%s", e.text);
        close_all(&r);
        return r.status;
    }
    if (o->listen && (o->keep_open || o->broker || o->chat || o->serve))
        (void)sock_raise_limit();
    if (o->listen)
        r.server = server_new(&r.c, over, &r);
    else
        r.client = client_new(&r.c, over, &r);
    if (loop_run(r.c.loop, &e)) {
        nc_complain(&r.c, "%s", e.text);
        r.status = 1;
    }
    struct str line = str_of(0);
    o->manner->totals(&line, o, r.c.sent, r.c.received);
    nc_say(&r.c, &line);
    str_done(&line);
    close_all(&r);
    return r.status;
}
