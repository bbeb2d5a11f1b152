/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nc/scan.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "sys/io/sock.h"
#include "tool/nc/place.h"

enum {
    FLIGHT_MAX = 512, /* connects under way */
    UDP_SECONDS = 3,  /* without an answer or a refusal: open, as OpenBSD's nc has it */
    PROBE_OPEN = 1,
};

/* A port being asked.  A slot is reused when its port is done. */
struct probe {
    struct port_scan *owner;
    struct loop_fd watch;
    struct loop_timer timer;
    size_t port_at, addr_at;
    int fd;
    unsigned seconds; /* UDP: that have passed */
};

struct port_scan {
    struct port_scan_spec spec;
    struct probe *slot;
    size_t slots, free_count;
    size_t *free_slot;
    int8_t *result;   /* by port: 0 not known yet, PROBE_OPEN, else failed */
    int *code;        /* by port: why it failed */
    uint8_t *addr_of; /* by port: the address that answered last */
    size_t next, told, open;
    struct loop_timer again;
    bool over;
};

static void try_address(struct probe *p);

static size_t flight_of(const struct port_scan *s)
{
    return s->slots - s->free_count;
}

/* ---- telling ---- */

static void add_told(struct port_scan *s, size_t at, struct str *out)
{
    struct nc_context *c = s->spec.c;
    struct nc_peer to = {.name = s->spec.name,
                         .is_typed = s->spec.name_is_typed,
                         .at = {s->spec.addr[s->addr_of[at]], c->o->port[at]}};
    if (s->result[at] == PROBE_OPEN)
        c->o->manner->opened(out, c->o, &to);
    else
        c->o->manner->failed(out, c->o, &to, s->code[at]);
}

/* What is known of the next ports, in one go: a line and a system call for each would cost as much
 * as asking. */
static void tell_known(struct port_scan *s)
{
    struct str lines = str_of(0);
    while (s->told < s->spec.c->o->port_count && s->result[s->told])
        add_told(s, s->told++, &lines);
    nc_say(s->spec.c, &lines);
    str_done(&lines);
}

/* ---- one port ---- */

static void drop(struct probe *p)
{
    struct loop *l = p->owner->spec.c->loop;
    loop_timer_stop(l, &p->timer);
    loop_fd_remove(l, &p->watch);
    if (p->fd >= 0)
        close(p->fd);
    p->fd = -1;
}

static void done(struct probe *p, bool open, int code)
{
    struct port_scan *s = p->owner;
    s->result[p->port_at] = open ? PROBE_OPEN : -1;
    s->code[p->port_at] = code;
    s->addr_of[p->port_at] = (uint8_t)p->addr_at;
    s->open += open;
    if (open && !s->spec.c->o->udp)
        sock_reset_on_close(p->fd); /* nothing was sent: no TIME-WAIT for each open port */
    drop(p);
    s->free_slot[s->free_count++] = (size_t)(p - s->slot);
    if (!s->again.slot)
        loop_timer_set(s->spec.c->loop, &s->again, 0);
}

static void failed(struct probe *p, int code)
{
    drop(p);
    if (p->addr_at + 1 < p->owner->spec.addr_count) {
        p->addr_at++;
        try_address(p);
    } else {
        done(p, false, code);
    }
}

static void ready(struct loop_fd *w, unsigned what)
{
    struct probe *p = w->ctx;
    char any;
    (void)what;
    if (!p->owner->spec.c->o->udp) {
        int code = sock_error(p->fd);
        if (code)
            failed(p, code);
        else
            done(p, true, 0);
        return;
    }
    if (recv(p->fd, &any, 1, 0) >= 0)
        done(p, true, 0);
    else if (errno != EAGAIN)
        failed(p, -errno);
}

static void timer_due(struct loop_timer *t)
{
    struct probe *p = t->ctx;
    const struct nc_options *o = p->owner->spec.c->o;
    if (!o->udp) {
        failed(p, -ETIMEDOUT);
        return;
    }
    uint64_t limit = o->connect_ns ? (uint64_t)o->connect_ns / NS_PER_S : UDP_SECONDS;
    if (++p->seconds >= (limit ? limit : 1)) {
        done(p, true, 0); /* nobody said no */
        return;
    }
    if (send(p->fd, "X", 1, 0) < 0 && errno == ECONNREFUSED)
        failed(p, -ECONNREFUSED);
    else
        loop_timer_set(p->owner->spec.c->loop, t, loop_now_ns(p->owner->spec.c->loop) + NS_PER_S);
}

static int bind_source(struct probe *p, uint8_t family, struct err *e)
{
    struct nc_context *c = p->owner->spec.c;
    struct endpoint from = {.addr = c->source, .port = c->o->source_port};
    if (from.addr.family == ADDR_NONE && from.port == 0)
        return 0;
    if (from.addr.family == ADDR_NONE)
        from.addr = (struct addr){.family = family};
    return sock_bind(p->fd, &from, e);
}

static int begin(struct probe *p)
{
    struct nc_context *c = p->owner->spec.c;
    struct endpoint to = {p->owner->spec.addr[p->addr_at], c->o->port[p->port_at]};
    struct place place;
    struct err e;
    place_ip(&place, &to);
    p->fd = place_socket(&place, c->o);
    if (p->fd < 0)
        return p->fd;
    int rc = sock_options_apply(p->fd, &c->sock, &to, &e);
    rc = rc ? rc : bind_source(p, to.addr.family, &e);
    if (rc)
        return rc;
    return connect(p->fd, (struct sockaddr *)&place.at, place.len) ? -errno : 0;
}

static void wait_for(struct probe *p, unsigned what, uint64_t ns)
{
    struct loop *l = p->owner->spec.c->loop;
    struct err e;
    p->watch = (struct loop_fd){.fn = ready, .ctx = p, .fd = p->fd};
    p->timer = (struct loop_timer){.fn = timer_due, .ctx = p};
    if (loop_fd_add(l, &p->watch, what, &e)) {
        p->watch.fd = -1;
        done(p, false, e.code);
        return;
    }
    if (ns)
        loop_timer_set(l, &p->timer, loop_now_ns(l) + ns);
}

static void try_address(struct probe *p)
{
    const struct nc_options *o = p->owner->spec.c->o;
    int rc = begin(p);
    if (rc && rc != -EINPROGRESS) {
        failed(p, rc);
    } else if (!o->udp && rc == 0) {
        done(p, true, 0);
    } else if (!o->udp) {
        wait_for(p, LOOP_WRITE, (uint64_t)o->connect_ns);
    } else if (send(p->fd, "X", 1, 0) < 0) {
        failed(p, -errno);
    } else {
        wait_for(p, LOOP_READ, NS_PER_S);
    }
}

/* ---- all of them ---- */

static void start_next(struct port_scan *s)
{
    struct probe *p = &s->slot[s->free_slot[--s->free_count]];
    *p = (struct probe){.owner = s, .port_at = s->next++, .fd = -1, .watch.fd = -1};
    try_address(p);
}

/* With an interval one port is asked at a time. */
static void go_on(struct loop_timer *t)
{
    struct port_scan *s = t->ctx;
    const struct nc_options *o = s->spec.c->o;
    uint64_t now_ns = loop_now_ns(s->spec.c->loop);
    tell_known(s);
    if (s->next == o->port_count && flight_of(s) == 0) {
        if (!s->over) {
            s->over = true;
            s->spec.done(s->spec.ctx, s->open);
        }
        return;
    }
    if (o->interval_ns) {
        if (s->next < o->port_count && flight_of(s) == 0) {
            start_next(s);
            loop_timer_set(s->spec.c->loop, &s->again, now_ns + (uint64_t)o->interval_ns);
        }
        return;
    }
    while (s->next < o->port_count && s->free_count)
        start_next(s);
}

struct port_scan *port_scan_new(const struct port_scan_spec *spec)
{
    size_t ports = spec->c->o->port_count;
    struct port_scan *s = mem_zero(sizeof *s);
    s->spec = *spec;
    s->slots = s->free_count = ports < FLIGHT_MAX ? ports : FLIGHT_MAX;
    s->slot = mem_zero(s->slots * sizeof *s->slot);
    s->free_slot = mem_zero(s->slots * sizeof *s->free_slot);
    s->result = mem_zero(ports);
    s->code = mem_zero(ports * sizeof *s->code);
    s->addr_of = mem_zero(ports);
    for (size_t i = 0; i < s->slots; i++) {
        s->free_slot[i] = i;
        s->slot[i] = (struct probe){.owner = s, .fd = -1, .watch.fd = -1};
    }
    s->again = (struct loop_timer){.fn = go_on, .ctx = s};
    loop_timer_set(spec->c->loop, &s->again, 0);
    return s;
}

void port_scan_close(struct port_scan *s)
{
    if (!s)
        return;
    loop_timer_stop(s->spec.c->loop, &s->again);
    for (size_t i = 0; i < s->slots; i++)
        drop(&s->slot[i]);
    mem_free(s->slot);
    mem_free(s->free_slot);
    mem_free(s->result);
    mem_free(s->code);
    mem_free(s->addr_of);
    mem_free(s);
}
