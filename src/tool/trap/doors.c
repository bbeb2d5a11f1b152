/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/trap/doors.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "core/base/own.h"
#include "sys/io/sock.h"
#include "wire/packet/layer/number.h"

enum { BACKLOG = 64, TAKE_MAX = 64 };

struct door {
    struct doors *doors;
    struct loop_fd watch;
    struct endpoint at;
};

struct doors {
    struct loop *loop;
    uint8_t ip_proto;
    char *banner;
    doors_probe_fn *probe;
    void *ctx;
    struct door **door;
    size_t count, capacity;
};

static bool tell(struct door *door, const struct sockaddr_storage *from, enum strength strength,
                 int fd)
{
    const struct clock *clock = loop_clock(door->doors->loop);
    struct probe probe = {.kind = PROBE_CONNECT,
                          .strength = strength,
                          .ip_proto = door->doors->ip_proto,
                          .to = door->at,
                          .mono_ns = clock_mono_ns(clock),
                          .wall_ns = clock_wall_ns(clock)};
    return sock_addr_to(&probe.from, from) && door->doors->probe(door->doors->ctx, &probe, fd);
}

static void on_connection(struct loop_fd *watch, unsigned ready)
{
    struct door *door = watch->ctx;
    (void)ready;
    for (int taken = 0; taken < TAKE_MAX; taken++) {
        struct sockaddr_storage from;
        socklen_t len = sizeof from;
        OWN_FD int fd =
            accept4(watch->fd, (struct sockaddr *)&from, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0)
            return;
        if (door->doors->banner) /* what does not fit the empty buffer of a socket is no banner */
            (void)!send(fd, door->doors->banner, strlen(door->doors->banner), MSG_NOSIGNAL);
        if (tell(door, &from, STRENGTH_HELD, fd))
            (void)fd_take(&fd);
    }
}

static void on_datagram(struct loop_fd *watch, unsigned ready)
{
    struct door *door = watch->ctx;
    (void)ready;
    for (int taken = 0; taken < TAKE_MAX; taken++) {
        struct sockaddr_storage from;
        socklen_t len = sizeof from;
        char first;
        if (recvfrom(watch->fd, &first, sizeof first, MSG_TRUNC, (struct sockaddr *)&from, &len) <
            0)
            return;
        (void)tell(door, &from, STRENGTH_CLAIMED, -1);
    }
}

static int open_socket(uint8_t ip_proto, const struct endpoint *at, int *out_fd, struct err *e)
{
    if (ip_proto == IP_PROTO_TCP)
        return sock_listen(at, BACKLOG, out_fd, e);
    OWN_FD int fd = sock_new(at->addr.family, SOCK_DGRAM);
    if (fd < 0)
        return err_set(e, fd, "socket: %s", strerror(-fd));
    if (sock_bind(fd, at, e) < 0)
        return e->code;
    *out_fd = fd_take(&fd);
    return 0;
}

static int open_door(struct doors *d, const struct endpoint *at, struct err *e)
{
    struct door *door = mem_zero(sizeof *door);
    *door = (struct door){.doors = d, .at = *at};
    door->watch = (struct loop_fd){
        .fn = d->ip_proto == IP_PROTO_TCP ? on_connection : on_datagram, .ctx = door, .fd = -1};
    int fd = -1;
    int rc = open_socket(d->ip_proto, at, &fd, e);
    door->watch.fd = fd;
    if (rc == 0)
        rc = loop_fd_add(d->loop, &door->watch, LOOP_READ, e);
    if (rc < 0) {
        if (fd >= 0)
            close(fd);
        mem_free(door);
        return rc;
    }
    MEM_GROW(d->door, d->count, d->capacity);
    d->door[d->count++] = door;
    return 0;
}

/* A machine without IPv6 has its IPv4 doors; a port that is in use in one family is in use. */
static int open_port(struct doors *d, uint16_t port, struct err *e)
{
    static const uint8_t any[16];
    const struct endpoint ip4 = {addr_ip4(0), port}, ip6 = {addr_ip6(any), port};
    if (open_door(d, &ip4, e) < 0)
        return e->code;
    struct err e6 = {0};
    int rc = open_door(d, &ip6, &e6);
    if (rc == -EADDRINUSE)
        *e = e6;
    return rc == -EADDRINUSE ? rc : 0;
}

int doors_open(struct doors **out, struct loop *loop, const struct doors_spec *spec,
               doors_port_fn *port, doors_probe_fn *probe, void *ctx, struct err *e)
{
    struct doors *d = mem_zero(sizeof *d);
    *d = (struct doors){.loop = loop,
                        .ip_proto = spec->ip_proto,
                        .banner = spec->banner ? mem_copy_text(spec->banner) : NULL,
                        .probe = probe,
                        .ctx = ctx};
    sock_raise_limit();
    for (int p = 0; p < PORT_COUNT && (p = port_set_next(spec->ports, p)) >= 0; p++) {
        struct err why = {0};
        int rc = open_port(d, (uint16_t)p, &why);
        port(ctx, (uint16_t)p, rc < 0 ? why.text : NULL);
    }
    if (d->count == 0) {
        doors_close(d);
        return err_set(e, -EADDRINUSE, "could not bind ANY %s sockets",
                       spec->ip_proto == IP_PROTO_TCP ? "TCP" : "UDP");
    }
    *out = d;
    return 0;
}

void doors_close(struct doors *d)
{
    if (!d)
        return;
    for (size_t i = 0; i < d->count; i++) {
        int fd = d->door[i]->watch.fd;
        loop_fd_remove(d->loop, &d->door[i]->watch);
        close(fd);
        mem_free(d->door[i]);
    }
    mem_free(d->door);
    mem_free(d->banner);
    mem_free(d);
}
