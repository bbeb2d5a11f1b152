/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nc/handshake.h"

#include <errno.h>
#include <string.h>

#include "core/base/mem.h"

struct handshake {
    struct loop *loop;
    struct nc_end *end;
    struct loop_fd watch;
    struct loop_timer again, limit;
    handshake_fn *fn;
    void *ctx;
};

static void finish(struct handshake *h, const struct err *e)
{
    loop_fd_remove(h->loop, &h->watch);
    loop_timer_stop(h->loop, &h->again);
    loop_timer_stop(h->loop, &h->limit);
    h->fn(h->ctx, e);
}

static void work(struct handshake *h)
{
    struct err e = {0};
    enum tls_state state = tls_handshake(h->end->tls, &e);
    if (state == TLS_DONE) {
        finish(h, NULL);
        return;
    }
    if (state != TLS_WANT_READ && state != TLS_WANT_WRITE) {
        if (!e.code)
            (void)err_set(&e, -ECONNRESET, "the connection ended in the handshake");
        finish(h, &e);
        return;
    }
    loop_fd_want(h->loop, &h->watch, state == TLS_WANT_READ ? LOOP_READ : LOOP_WRITE);
    uint64_t wait_ns = tls_wait_ns(h->end->tls);
    if (wait_ns != UINT64_MAX)
        loop_timer_set(h->loop, &h->again, clock_mono_ns(loop_clock(h->loop)) + wait_ns);
}

static void ready(struct loop_fd *w, unsigned what)
{
    (void)what;
    work(w->ctx);
}

static void again_due(struct loop_timer *t)
{
    work(t->ctx);
}

static void limit_due(struct loop_timer *t)
{
    struct err e = {0};
    (void)err_set(&e, -ETIMEDOUT, "%s", strerror(ETIMEDOUT));
    finish(t->ctx, &e);
}

struct handshake *handshake_new(struct loop *loop, struct nc_end *end, uint64_t limit_ns,
                                handshake_fn *fn, void *ctx)
{
    struct handshake *h = mem_zero(sizeof *h);
    struct err e;
    *h = (struct handshake){.loop = loop, .end = end, .fn = fn, .ctx = ctx};
    h->watch = (struct loop_fd){.fn = ready, .ctx = h, .fd = end->in_fd};
    h->again = (struct loop_timer){.fn = again_due, .ctx = h};
    h->limit = (struct loop_timer){.fn = limit_due, .ctx = h};
    if (loop_fd_add(loop, &h->watch, 0, &e))
        h->watch.fd = -1;
    loop_timer_set(loop, &h->again, 0);
    if (limit_ns)
        loop_timer_set(loop, &h->limit, loop_now_ns(loop) + limit_ns);
    return h;
}

void handshake_close(struct handshake *h)
{
    if (!h)
        return;
    loop_fd_remove(h->loop, &h->watch);
    loop_timer_stop(h->loop, &h->again);
    loop_timer_stop(h->loop, &h->limit);
    mem_free(h);
}
