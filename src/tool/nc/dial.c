/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nc/dial.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "sys/io/sock.h"
#include "tool/nc/handshake.h"

enum { REPLY_MAX = 4096 };

struct dial {
    struct dial_spec spec;
    size_t next; /* address to try */
    struct nc_peer peer;
    struct endpoint at;
    struct place place;
    struct loop_fd watch;
    struct loop_timer start, limit;
    struct nc_end end;
    struct handshake *shake;
    struct proxy_client proxy;
    bool speaks_proxy, over;
    struct err e;
};

static void try_next(struct dial *d);
static void finish(struct dial *d, bool good);

static void drop_socket(struct dial *d)
{
    loop_timer_stop(d->spec.c->loop, &d->limit);
    loop_fd_remove(d->spec.c->loop, &d->watch);
    handshake_close(d->shake);
    d->shake = NULL;
    if (d->end.in_fd >= 0)
        nc_end_close(&d->end);
    d->end.in_fd = d->end.out_fd = -1;
}

static void finish(struct dial *d, bool good)
{
    struct nc_context *c = d->spec.c;
    if (d->over)
        return;
    d->over = true;
    loop_timer_stop(c->loop, &d->limit);
    loop_fd_remove(c->loop, &d->watch);
    handshake_close(d->shake);
    d->shake = NULL;
    struct nc_end end = d->end;
    if (good)
        d->end.in_fd = d->end.out_fd = -1; /* theirs from now on */
    else
        drop_socket(d);
    d->spec.on.done(d->spec.on.ctx, good ? &end : NULL, &d->peer, d->e.code ? &d->e : NULL);
}

/* This address does not serve; the next may. */
static void attempt_failed(struct dial *d, int code)
{
    drop_socket(d);
    d->spec.on.failed(d->spec.on.ctx, &d->peer, code);
    try_next(d);
}

static void fatal(struct dial *d)
{
    finish(d, false);
}

/* ---- TLS ---- */

static void shaken(void *ctx, const struct err *e)
{
    struct dial *d = ctx;
    if (e)
        d->e = *e;
    finish(d, e == NULL);
}

static void begin_tls(struct dial *d)
{
    struct nc_context *c = d->spec.c;
    const char *name = c->o->tls_name ? c->o->tls_name : c->o->host;
    if (!c->tls) {
        finish(d, true);
        return;
    }
    loop_fd_remove(c->loop, &d->watch);
    d->end.tls =
        tls_open(c->tls, d->end.in_fd, c->o->medium == NC_IP ? name : c->o->tls_name, &d->e);
    if (!d->end.tls)
        fatal(d);
    else
        d->shake = handshake_new(c->loop, &d->end, (uint64_t)c->o->connect_ns, shaken, d);
}

/* ---- through a proxy ---- */

static bool send_to_proxy(struct dial *d)
{
    struct str *out = &d->proxy.out;
    while (out->len) {
        size_t sent;
        enum nc_io io = nc_end_write(&d->end, out->text, out->len, &sent);
        if (io == NC_IO_WAIT_WRITE)
            break;
        if (io != NC_IO_DONE) {
            (void)err_set(&d->e, d->end.e.code, "proxy: %s", d->end.e.text);
            return false;
        }
        memmove(out->text, out->text + sent, out->len - sent);
        str_cut(out, out->len - sent);
    }
    loop_fd_want(d->spec.c->loop, &d->watch, LOOP_READ | (out->len ? LOOP_WRITE : 0U));
    return true;
}

/* It wants to know who we are: a new connection, for many close this one. */
static void dial_again(struct dial *d)
{
    drop_socket(d);
    proxy_client_again(&d->proxy);
    d->next--;
    try_next(d);
}

static void proxy_refused(struct dial *d)
{
    struct str words = str_of(0);
    d->spec.c->o->manner->proxy_refused(&words, &d->proxy, d->e.text);
    (void)err_set(&d->e, -ECONNREFUSED, "%s", str_text(&words));
    str_done(&words);
    fatal(d);
}

static void hear_proxy(struct dial *d)
{
    uint8_t in[REPLY_MAX];
    size_t got = 0, used = 0;
    enum nc_io io = nc_end_read(&d->end, in, sizeof in, &got);
    if (io == NC_IO_WAIT_READ)
        return;
    if (io != NC_IO_DONE) {
        (void)err_set(&d->e, -EPIPE, "proxy read failed (%zu): Broken pipe", d->proxy.in.len);
        fatal(d);
        return;
    }
    enum proxy_state state = proxy_client_feed(&d->proxy, in, got, &used, &d->e);
    if (state == PROXY_OPEN) {
        nc_end_put_ahead(&d->end, in + used, got - used);
        begin_tls(d);
    } else if (state == PROXY_AGAIN) {
        dial_again(d);
    } else if (state == PROXY_REFUSED) {
        proxy_refused(d);
    } else if (!send_to_proxy(d)) {
        fatal(d);
    }
}

static void begin_proxy(struct dial *d)
{
    if (!d->speaks_proxy) {
        d->speaks_proxy = true;
        if (proxy_client_begin(&d->proxy, d->spec.c->o->proxy, d->spec.through, &d->e)) {
            fatal(d);
            return;
        }
    }
    if (!send_to_proxy(d))
        fatal(d);
}

/* ---- connecting ---- */

static void connected(struct dial *d)
{
    if (d->spec.through)
        begin_proxy(d);
    else
        begin_tls(d);
}

static void ready(struct loop_fd *w, unsigned what)
{
    struct dial *d = w->ctx;
    if (d->speaks_proxy) {
        if (what & LOOP_WRITE && d->proxy.out.len && !send_to_proxy(d))
            fatal(d);
        else if (what & LOOP_READ)
            hear_proxy(d);
        return;
    }
    int code = sock_error(w->fd);
    if (code)
        attempt_failed(d, code);
    else
        connected(d);
}

static void limit_due(struct loop_timer *t)
{
    struct dial *d = t->ctx;
    if (!d->speaks_proxy) {
        attempt_failed(d, -ETIMEDOUT);
        return;
    }
    (void)err_set(&d->e, -ETIMEDOUT, "proxy: %s", strerror(ETIMEDOUT));
    fatal(d);
}

/* -s and -p.  Whoever asked for a source wants that one or nothing. */
static int bind_source(struct dial *d, int fd)
{
    struct nc_context *c = d->spec.c;
    uint8_t family = d->at.addr.family;
    struct endpoint from = {.addr = c->source, .port = d->spec.source_port};
    if (from.addr.family == ADDR_NONE && from.port == 0)
        return 0;
    if (from.addr.family != family) {
        if (from.addr.family != ADDR_NONE)
            return err_set(&d->e, -EAFNOSUPPORT, "source address of another family");
        from.addr = (struct addr){.family = family};
    }
    int rc = sock_bind(fd, &from, &d->e);
    if (rc == 0)
        return 0;
    struct str line = str_of(0);
    struct nc_peer at = {.at = from};
    c->o->manner->cannot_bind(&line, c->o, &at, rc);
    (void)err_set(&d->e, rc, "%.*s", (int)strcspn(str_text(&line), "\n"), str_text(&line));
    str_done(&line);
    return rc;
}

/* A datagram client needs a name that can be answered to; without one of its own the kernel gives
 * it an abstract one (unix(7), "Autobind"), which leaves no file behind. */
static int bind_unix_source(struct dial *d, int fd)
{
    struct place own = {.at.ss_family = AF_UNIX, .len = sizeof(sa_family_t)};
    const char *wanted = d->spec.c->o->source_host;
    if (!d->spec.c->o->udp)
        return 0;
    int rc = wanted ? place_unix(&own, wanted, &d->e) : 0;
    if (rc == 0 && bind(fd, (struct sockaddr *)&own.at, own.len))
        rc = err_set(&d->e, -errno, "%s: %s", wanted ? wanted : "name of the socket",
                     strerror(errno));
    if (rc == 0 && own.path[0])
        d->end.own_path = mem_copy_text(own.path);
    return rc;
}

static int prepare(struct dial *d, int fd)
{
    struct nc_context *c = d->spec.c;
    bool ip = c->o->medium == NC_IP;
    int rc = sock_options_apply(fd, &c->sock, ip ? &d->at : NULL, &d->e);
    if (rc)
        return rc;
    return ip ? bind_source(d, fd) : c->o->medium == NC_UNIX ? bind_unix_source(d, fd) : 0;
}

static void try_socket(struct dial *d)
{
    struct nc_context *c = d->spec.c;
    int fd = place_socket(&d->place, c->o);
    if (fd < 0) {
        attempt_failed(d, fd);
        return;
    }
    nc_end_socket(&d->end, fd, c->o->udp);
    if (prepare(d, fd)) {
        fatal(d);
        return;
    }
    int rc = connect(fd, (struct sockaddr *)&d->place.at, d->place.len) ? -errno : 0;
    if (rc && rc != -EINPROGRESS) {
        attempt_failed(d, rc);
        return;
    }
    d->watch = (struct loop_fd){.fn = ready, .ctx = d, .fd = fd};
    if (loop_fd_add(c->loop, &d->watch, LOOP_WRITE, &d->e)) {
        fatal(d);
        return;
    }
    if (c->o->connect_ns)
        loop_timer_set(c->loop, &d->limit, loop_now_ns(c->loop) + (uint64_t)c->o->connect_ns);
    if (rc == 0)
        connected(d);
}

static bool next_place(struct dial *d)
{
    const struct nc_options *o = d->spec.c->o;
    d->peer = (struct nc_peer){.name = d->spec.name, .is_typed = d->spec.name_is_typed};
    if (o->medium == NC_IP) {
        if (d->next >= d->spec.addr_count)
            return false;
        d->at = (struct endpoint){d->spec.addr[d->next++], d->spec.port};
        d->peer.at = d->at;
        place_ip(&d->place, &d->at);
        return true;
    }
    d->peer.path = o->host;
    d->peer.at.port = d->spec.port;
    if (d->next++ > 0)
        return false;
    int rc = o->medium == NC_UNIX ? place_unix(&d->place, o->host, &d->e)
                                  : place_vsock(&d->place, o->host, d->spec.port, &d->e);
    if (rc) {
        d->e = (struct err){0};
        d->spec.on.failed(d->spec.on.ctx, &d->peer, rc);
    }
    return rc == 0;
}

static void try_next(struct dial *d)
{
    if (next_place(d))
        try_socket(d);
    else
        finish(d, false);
}

static void start_due(struct loop_timer *t)
{
    try_next(t->ctx);
}

struct dial *dial_new(const struct dial_spec *spec)
{
    struct dial *d = mem_zero(sizeof *d);
    *d = (struct dial){.spec = *spec, .end.in_fd = -1, .end.out_fd = -1, .watch.fd = -1};
    d->start = (struct loop_timer){.fn = start_due, .ctx = d};
    d->limit = (struct loop_timer){.fn = limit_due, .ctx = d};
    loop_timer_set(spec->c->loop, &d->start, 0);
    return d;
}

void dial_close(struct dial *d)
{
    if (!d)
        return;
    loop_timer_stop(d->spec.c->loop, &d->start);
    drop_socket(d);
    if (d->speaks_proxy)
        proxy_client_done(&d->proxy);
    mem_free(d);
}
