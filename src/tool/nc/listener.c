/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nc/listener.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "core/base/own.h"
#include "sys/io/sock.h"

enum { DOORS_MAX = 64, BACKLOG = 4096, MESSAGE_MAX = 65536, BATCH = 256 };

struct door {
    struct loop_fd watch;
    struct listener *owner;
    struct place place;
    struct nc_peer at;
    int fd;
};

struct listener {
    struct listener_spec spec;
    struct door door[DOORS_MAX];
    size_t count;
    bool waiting; /* one_by_one: for listener_next */
    bool closed;  /* while callbacks still run */
    unsigned busy;
};

static void stop_watching(struct listener *l)
{
    for (size_t i = 0; i < l->count; i++)
        loop_fd_want(l->spec.c->loop, &l->door[i].watch, 0);
}

static void close_doors(struct listener *l)
{
    for (size_t i = 0; i < l->count; i++) {
        struct door *d = &l->door[i];
        loop_fd_remove(l->spec.c->loop, &d->watch);
        if (d->fd >= 0)
            close(d->fd);
        d->fd = -1;
        if (d->place.path[0])
            (void)unlink(d->place.path);
        d->place.path[0] = '\0';
    }
}

static void fill_peer(struct nc_peer *to, const struct sockaddr_storage *at, const char *path)
{
    *to = (struct nc_peer){0};
    if (!sock_addr_to(&to->at, at))
        to->path = path;
}

/* ---- streams ---- */

static void local_of(const struct door *d, int fd, struct nc_peer *to)
{
    struct sockaddr_storage at = {0};
    socklen_t len = sizeof at;
    (void)getsockname(fd, (struct sockaddr *)&at, &len);
    fill_peer(to, &at, d->at.path);
}

/* A plain listener's door closes before the session begins, so that who comes late is refused. */
static void give(struct listener *l, struct nc_end *end, const struct nc_peer *from,
                 const struct nc_peer *at)
{
    if (!l->spec.keep)
        close_doors(l);
    else if (l->spec.one_by_one) {
        l->waiting = true;
        stop_watching(l);
    }
    l->spec.fn(l->spec.ctx, end, from, at);
}

static bool is_welcome(const struct listener *l, const struct nc_peer *from)
{
    return from->path || access_list_permits(&l->spec.c->access, &from->at.addr);
}

/* false: nothing more to accept now. */
static bool accept_one(struct door *d)
{
    struct sockaddr_storage peer = {0};
    socklen_t len = sizeof peer;
    int fd = accept4(d->fd, (struct sockaddr *)&peer, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) /* of the others, those of one connection (ECONNABORTED ...) do not end the rest */
        return errno != EAGAIN && errno != EMFILE && errno != ENFILE && errno != ENOMEM &&
               errno != EBADF && errno != EINVAL;
    struct nc_peer from, at;
    fill_peer(&from, &peer, d->at.path);
    if (!is_welcome(d->owner, &from)) {
        close(fd);
        return true;
    }
    struct nc_end end;
    nc_end_socket(&end, fd, false);
    local_of(d, fd, &at);
    give(d->owner, &end, &from, &at);
    return true;
}

/* ---- datagrams ---- */

/* A socket at our address that hears only this peer.  Both share the address (SO_REUSEADDR); the
 * kernel gives a datagram to the one that is connected to its sender. */
static int open_private(const struct door *d, const struct sockaddr_storage *peer, socklen_t len)
{
    struct sockaddr_storage own = {0};
    socklen_t own_len = sizeof own;
    int one = 1;
    OWN_FD int fd = place_socket(&d->place, d->owner->spec.c->o);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) ||
        getsockname(d->fd, (struct sockaddr *)&own, &own_len) ||
        bind(fd, (struct sockaddr *)&own, own_len) || connect(fd, (struct sockaddr *)peer, len))
        return -errno;
    return fd_take(&fd);
}

/* The door itself becomes the connection; nothing that has arrived is lost. */
static bool give_door(struct door *d)
{
    struct sockaddr_storage peer = {0};
    socklen_t len = sizeof peer;
    uint8_t any;
    if (recvfrom(d->fd, &any, 1, MSG_PEEK, (struct sockaddr *)&peer, &len) < 0)
        return errno != EAGAIN;
    struct nc_peer from, at;
    fill_peer(&from, &peer, d->at.path);
    if (!is_welcome(d->owner, &from)) {
        (void)!recv(d->fd, &any, 1, 0);
        return true;
    }
    if (len > sizeof(sa_family_t)) /* a UNIX client may be without a name */
        (void)connect(d->fd, (struct sockaddr *)&peer, len);
    struct nc_end end;
    local_of(d, d->fd, &at);
    nc_end_socket(&end, d->fd, true);
    loop_fd_remove(d->owner->spec.c->loop, &d->watch);
    d->fd = -1;
    if (d->place.path[0]) {
        end.own_path = mem_copy_text(d->place.path);
        d->place.path[0] = '\0';
    }
    give(d->owner, &end, &from, &at);
    return false;
}

static bool give_private(struct door *d)
{
    struct listener *l = d->owner;
    struct sockaddr_storage peer = {0};
    socklen_t len = sizeof peer;
    uint8_t *data = mem_zero(MESSAGE_MAX);
    ssize_t got = recvfrom(d->fd, data, MESSAGE_MAX, 0, (struct sockaddr *)&peer, &len);
    struct nc_peer from, at;
    fill_peer(&from, &peer, d->at.path);
    int fd = got < 0 ? -1 : is_welcome(l, &from) ? open_private(d, &peer, len) : -1;
    if (fd >= 0) {
        struct nc_end end;
        nc_end_socket(&end, fd, true);
        if (!l->spec.c->tls) /* DTLS: the client says it again, to the new socket */
            nc_end_put_ahead(&end, data, (size_t)got);
        local_of(d, fd, &at);
        give(l, &end, &from, &at);
    }
    mem_free(data);
    return got >= 0;
}

/* ---- the door ---- */

static void knock(struct loop_fd *w, unsigned ready)
{
    struct door *d = w->ctx;
    struct listener *l = d->owner;
    const struct nc_options *o = l->spec.c->o;
    (void)ready;
    l->busy++;
    for (int i = 0; i < BATCH && !l->closed && !l->waiting && d->fd >= 0; i++) {
        bool more = !o->udp ? accept_one(d) : l->spec.keep ? give_private(d) : give_door(d);
        if (!more)
            break;
    }
    if (--l->busy == 0 && l->closed)
        mem_free(l);
}

void listener_next(struct listener *l)
{
    l->waiting = false;
    for (size_t i = 0; i < l->count; i++)
        loop_fd_want(l->spec.c->loop, &l->door[i].watch, LOOP_READ);
}

/* ---- opening ---- */

/* Only a socket file that nobody answers on is taken away. */
static void remove_dead(const struct place *p, int type)
{
    struct stat st;
    if (!p->path[0] || lstat(p->path, &st) || !S_ISSOCK(st.st_mode))
        return;
    OWN_FD int fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&p->at, p->len) && errno == ECONNREFUSED)
        (void)unlink(p->path);
}

static int bind_door(struct door *d, struct err *e)
{
    struct nc_context *c = d->owner->spec.c;
    int one = 1, rc = sock_options_apply(d->fd, &c->sock, NULL, e);
    if (rc)
        return rc;
    if (!c->o->udp || d->owner->spec.keep)
        (void)setsockopt(d->fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    remove_dead(&d->place, c->o->udp ? SOCK_DGRAM : SOCK_STREAM);
    if (bind(d->fd, (struct sockaddr *)&d->place.at, d->place.len) ||
        (!c->o->udp && listen(d->fd, BACKLOG))) {
        d->place.path[0] = '\0'; /* somebody else's file */
        return err_set(e, -errno, "%s", strerror(errno));
    }
    return 0;
}

static int open_door(struct listener *l, struct door *d, struct err *e)
{
    d->owner = l;
    d->fd = place_socket(&d->place, l->spec.c->o);
    if (d->fd < 0)
        return err_set(e, d->fd, "%s", strerror(-d->fd));
    l->count++;
    int rc = bind_door(d, e);
    if (rc)
        return rc;
    d->watch = (struct loop_fd){.fn = knock, .ctx = d, .fd = d->fd};
    struct nc_peer named = d->at;
    local_of(d, d->fd, &d->at);
    d->at.path = named.path;
    return loop_fd_add(l->spec.c->loop, &d->watch, LOOP_READ, e);
}

static int open_ip(struct listener *l, struct nc_peer *at, struct err *e)
{
    uint16_t port = l->spec.port;
    for (size_t i = 0; i < l->spec.addr_count && i < DOORS_MAX; i++) {
        struct door *d = &l->door[l->count];
        at->at = d->at.at = (struct endpoint){l->spec.addr[i], port};
        place_ip(&d->place, &at->at);
        int rc = open_door(l, d, e);
        if (rc == -EAFNOSUPPORT && l->spec.addr_count > 1)
            continue; /* a machine without IPv6 listens on what it has */
        if (rc)
            return rc;
        port = d->at.at.port; /* port 0: the others get the number of the first */
    }
    return l->count ? 0 : err_set(e, -EADDRNOTAVAIL, "%s", strerror(EADDRNOTAVAIL));
}

int listener_open(struct listener **out, const struct listener_spec *spec, struct nc_peer *at,
                  struct err *e)
{
    const struct nc_options *o = spec->c->o;
    struct listener *l = mem_zero(sizeof *l);
    struct door *d = &l->door[0];
    l->spec = *spec;
    *at = (struct nc_peer){0};
    int rc = 0;
    if (o->medium == NC_IP)
        rc = open_ip(l, at, e);
    else {
        at->path = d->at.path = o->host;
        rc = o->medium == NC_UNIX ? place_unix(&d->place, o->host, e)
                                  : place_vsock(&d->place, o->host, spec->port, e);
        rc = rc ? rc : open_door(l, d, e);
    }
    if (rc) {
        listener_close(l);
        return rc;
    }
    *out = l;
    return 0;
}

void listener_close(struct listener *l)
{
    if (!l || l->closed)
        return;
    close_doors(l);
    l->closed = true;
    if (l->busy == 0)
        mem_free(l);
}

bool listener_place(const struct listener *l, size_t n, struct nc_peer *at)
{
    if (n >= l->count)
        return false;
    *at = l->door[n].at;
    return true;
}
