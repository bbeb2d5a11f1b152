/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/trap/guests.h"

#include <sys/socket.h>
#include <unistd.h>

#include "core/base/mem.h"

struct guest {
    struct guests *guests;
    struct guest *next, **link; /* in guests.first */
    struct loop_fd readable;
    struct loop_timer end;
    struct probe probe;
    int fd;
    uint8_t *data;
    size_t len;
};

struct guests {
    struct loop *loop;
    struct guests_spec spec;
    guests_said_fn *said;
    void *ctx;
    struct guest *first;
    size_t count;
};

static void drop(struct guest *x)
{
    struct guests *g = x->guests;
    loop_fd_remove(g->loop, &x->readable);
    loop_timer_stop(g->loop, &x->end);
    close(x->fd);
    *x->link = x->next;
    if (x->next)
        x->next->link = x->link;
    g->count--;
    mem_free(x->data);
    mem_free(x);
}

static void finish(struct guest *x)
{
    struct guests *g = x->guests;
    if (g->spec.record_max && x->len)
        g->said(g->ctx, &x->probe, x->data, x->len);
    drop(x);
}

static void on_readable(struct loop_fd *watch, unsigned ready)
{
    struct guest *x = watch->ctx;
    size_t room = x->guests->spec.record_max - x->len;
    (void)ready;
    ssize_t got = recv(x->fd, x->data + x->len, room, 0);
    x->len += got > 0 ? (size_t)got : 0;
    if (got <= 0)
        finish(x);
    else if ((size_t)got == room)
        loop_fd_want(x->guests->loop, watch, 0); /* full: what is held on waits for its timer */
}

static void on_end(struct loop_timer *timer)
{
    finish(timer->ctx);
}

struct guests *guests_new(struct loop *loop, const struct guests_spec *spec, guests_said_fn *said,
                          void *ctx)
{
    struct guests *g = mem_zero(sizeof *g);
    *g = (struct guests){.loop = loop, .spec = *spec, .said = said, .ctx = ctx};
    return g;
}

void guests_free(struct guests *g)
{
    if (!g)
        return;
    while (g->first)
        drop(g->first);
    mem_free(g);
}

/* The smallest window the kernel gives: what a scanner sends into it stays with the scanner. */
static void narrow(int fd)
{
    static const int least = 1;
    (void)!setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &least, sizeof least);
}

void guests_take(struct guests *g, int fd, const struct probe *probe)
{
    struct err e = {0};
    uint32_t stay_s = g->spec.hold_s;
    if (g->count >= GUESTS_MAX) {
        close(fd);
        return;
    }
    if (g->spec.record_max && stay_s < GUEST_READ_S)
        stay_s = GUEST_READ_S;
    struct guest *x = mem_zero(sizeof *x);
    *x = (struct guest){.guests = g, .next = g->first, .probe = *probe, .fd = fd};
    x->link = &g->first;
    if (g->first)
        g->first->link = &x->next;
    g->first = x;
    g->count++;
    x->readable = (struct loop_fd){.fn = on_readable, .ctx = x, .fd = -1};
    x->end = (struct loop_timer){.fn = on_end, .ctx = x};
    loop_timer_set(g->loop, &x->end, loop_now_ns(g->loop) + stay_s * UINT64_C(1000000000));
    if (!g->spec.record_max) {
        narrow(fd);
        return;
    }
    x->data = mem_zero(g->spec.record_max);
    x->readable.fd = fd;
    if (loop_fd_add(g->loop, &x->readable, LOOP_READ, &e) < 0)
        drop(x);
}

size_t guests_count(const struct guests *g)
{
    return g->count;
}
