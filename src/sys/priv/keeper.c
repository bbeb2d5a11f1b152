/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Serving.  A request passes, in this order: a whole message, no descriptor, a number of the table,
 * the exact size, the state it needs, the rate, the operation's own check.  Then it is done. */
#include "sys/priv/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/own.h"
#include "sys/io/file.h"
#include "sys/loop/loop.h"
#include "sys/priv/keeper_private.h"
#include "sys/priv/rate_table.h"

enum { PEER_MAX = 128, GROUP_MAX = 1024, FOLDER_MODE = 0755 };

struct keeper;

struct peer {
    struct loop_fd watch;
    struct keeper_peer who;
    struct keeper *keeper;
    struct peer *next;
};

struct keeper {
    const struct keeper_spec *spec;
    struct loop *loop;
    struct loop_fd listener;
    struct loop_signal stop;
    struct loop_timer idle;
    struct peer *peer;
    size_t peer_count;
    struct rate_table rates;
};

/* ---- who may connect ---- */

static bool is_in_group(int fd, gid_t wanted)
{
    gid_t group[GROUP_MAX];
    socklen_t len = sizeof group;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, group, &len))
        return false;
    for (size_t i = 0; i < len / sizeof *group; i++)
        if (group[i] == wanted)
            return true;
    return false;
}

/* The socket's mode says the same; this holds where somebody has changed it. */
static bool may_connect(int fd, const struct keeper_spec *spec, struct keeper_peer *out)
{
    struct ucred who;
    socklen_t len = sizeof who;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len))
        return false;
    *out = (struct keeper_peer){.uid = who.uid, .gid = who.gid, .pid = who.pid};
    return who.uid == 0 || who.uid == geteuid() || who.gid == spec->allowed_gid ||
           is_in_group(fd, spec->allowed_gid);
}

/* ---- peers ---- */

static void start_idle_timer(struct keeper *k)
{
    if (k->spec->idle_end_ns)
        loop_timer_set(k->loop, &k->idle, loop_now_ns(k->loop) + k->spec->idle_end_ns);
}

static void drop_peer(struct peer *p)
{
    struct keeper *k = p->keeper;
    struct peer **at = &k->peer;
    while (*at != p)
        at = &(*at)->next;
    *at = p->next;
    int fd = p->watch.fd;
    loop_fd_remove(k->loop, &p->watch);
    close(fd);
    mem_free(p);
    if (--k->peer_count == 0)
        start_idle_timer(k);
}

static const struct keeper_operation *find_operation(const struct keeper_spec *spec,
                                                     uint16_t number)
{
    for (size_t i = 0; i < spec->operation_count; i++)
        if (spec->operation[i].number == number)
            return &spec->operation[i];
    return NULL;
}

static int judge(struct peer *p, const struct keeper_operation *o, const struct channel_message *m)
{
    if (m->fd >= 0)
        return -EPROTO; /* no request carries one */
    if (!o)
        return -ENOSYS;
    if (m->head.len != o->body_len)
        return -EMSGSIZE;
    if ((p->who.state & o->needs_state) != o->needs_state)
        return -EPERM;
    if (o->rate_per_second && !rate_table_take(&p->keeper->rates, p->who.uid, o->number,
                                               o->rate_per_second, loop_now_ns(p->keeper->loop)))
        return -EAGAIN;
    return o->check ? o->check(&p->who, m->body) : 0;
}

/* false: the peer cannot be served any more. */
static bool serve_request(struct peer *p, const struct channel_message *request)
{
    const struct keeper_operation *o = find_operation(p->keeper->spec, request->head.number);
    struct channel_message answer = {
        .head = {.number = request->head.number, .serial = request->head.serial}, .fd = -1};
    int rc = judge(p, o, request);
    if (rc == 0)
        rc = o->act(p->keeper->spec->ctx, &p->who, request->body, &answer);
    else
        log_at(LOG_LEVEL_WARN, "keeper: pid %d (uid %u): %s %u: %s", (int)p->who.pid, p->who.uid,
               o ? o->name : "operation", request->head.number, strerror(-rc));
    answer.head.number = request->head.number;
    answer.head.serial = request->head.serial;
    answer.head.result = rc;
    rc = channel_send(p->watch.fd, &answer);
    if (answer.fd >= 0)
        close(answer.fd); /* the peer has its own now */
    return rc == 0;       /* who does not read his answers is not waited for */
}

/* One request a call: peers have their turns. */
static void peer_ready(struct loop_fd *w, unsigned ready)
{
    (void)ready;
    struct peer *p = w->ctx;
    struct channel_message request;
    int rc = channel_receive(w->fd, &request);
    if (rc == -EAGAIN)
        return;
    bool served = rc == 0 && serve_request(p, &request);
    if (rc == 0 && request.fd >= 0)
        close(request.fd);
    if (rc == -EPROTO)
        log_at(LOG_LEVEL_WARN, "keeper: pid %d (uid %u): malformed message", (int)p->who.pid,
               p->who.uid);
    if (!served)
        drop_peer(p);
}

static void add_peer(struct keeper *k, int fd)
{
    struct err e = {0};
    struct peer *p = mem_zero(sizeof *p);
    p->keeper = k;
    p->watch = (struct loop_fd){.fn = peer_ready, .ctx = p, .fd = fd};
    bool allowed = may_connect(fd, k->spec, &p->who);
    if (!allowed)
        log_at(LOG_LEVEL_WARN, "keeper: uid %u may not connect", p->who.uid);
    if (!allowed || k->peer_count == PEER_MAX || loop_fd_add(k->loop, &p->watch, LOOP_READ, &e)) {
        close(fd);
        mem_free(p);
        return;
    }
    p->next = k->peer;
    k->peer = p;
    k->peer_count++;
    loop_timer_stop(k->loop, &k->idle);
}

static bool accept_peers(struct keeper *k)
{
    int fd;
    /* cppcheck-suppress nullPointer ; accept4(2) takes NULL for "do not tell" */
    while ((fd = accept4(k->listener.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0)
        add_peer(k, fd);
    return k->peer_count > 0;
}

static void listener_ready(struct loop_fd *w, unsigned ready)
{
    (void)ready;
    accept_peers(w->ctx);
}

/* ---- beginning and end ---- */

static void told_to_stop(struct loop_signal *w)
{
    struct keeper *k = w->ctx;
    loop_stop(k->loop);
}

static int open_listener(struct keeper *k, struct err *e)
{
    OWN_FD int fd = -1;
    int rc = channel_listen(k->spec->socket_path, &fd, e);
    if (rc)
        return rc;
    if (k->spec->allowed_gid != getegid() &&
        chown(k->spec->socket_path, (uid_t)-1, k->spec->allowed_gid))
        return err_set(e, -errno, "%s: group: %s", k->spec->socket_path, strerror(errno));
    k->listener = (struct loop_fd){.fn = listener_ready, .ctx = k, .fd = fd};
    rc = loop_fd_add(k->loop, &k->listener, LOOP_READ, e);
    if (rc == 0)
        fd_take(&fd);
    return rc;
}

static void close_listener(struct keeper *k)
{
    int fd = k->listener.fd;
    loop_fd_remove(k->loop, &k->listener);
    if (fd >= 0)
        close(fd);
}

/* Somebody may connect between the last look and the end: when the name is gone nobody new can, and
 * whoever is in the queue by then is served, under the name set up anew (the lock is still ours).
 */
static void idle_for_long(struct loop_timer *t)
{
    struct keeper *k = t->ctx;
    struct err e = {0};
    if (accept_peers(k))
        return;
    unlink(k->spec->socket_path);
    bool late = accept_peers(k);
    close_listener(k);
    if (!late || open_listener(k, &e))
        loop_stop(k->loop);
}

static int serve(struct keeper *k, int *ready_fd, struct err *e)
{
    k->idle = (struct loop_timer){.fn = idle_for_long, .ctx = k};
    k->stop = (struct loop_signal){.fn = told_to_stop, .ctx = k, .signal_number = SIGTERM};
    int rc = loop_signal_add(k->loop, &k->stop, e);
    rc = rc ? rc : open_listener(k, e);
    if (rc)
        return rc;
    if (*ready_fd >= 0)
        close(fd_take(ready_fd)); /* whoever started us may connect now */
    start_idle_timer(k);
    rc = loop_run(k->loop, e);
    unlink(k->spec->socket_path);
    return rc;
}

/* An OFD lock lasts until the file is closed, also by death. */
static int lock_file(int fd)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    return fcntl(fd, F_OFD_SETLK, &lock) ? -errno : 0;
}

static int take_lock(const struct keeper_spec *spec, int *out_fd, struct err *e)
{
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s.lock", spec->socket_path) >= (int)sizeof path)
        return err_set(e, -ENAMETOOLONG, "%s: name too long", spec->socket_path);
    OWN_FD int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return err_set(e, -errno, "%s: %s", path, strerror(errno));
    int rc = lock_file(fd);
    if (rc == -EAGAIN || rc == -EACCES)
        return err_set(e, -EALREADY, "%s: another keeper serves", spec->socket_path);
    if (rc)
        return err_set(e, rc, "%s: lock: %s", path, strerror(-rc));
    *out_fd = fd_take(&fd);
    return 0;
}

static int make_folder(const char *socket_path, struct err *e)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(socket_path, '/');
    if (!slash || slash == socket_path)
        return 0;
    snprintf(folder, sizeof folder, "%.*s", (int)(slash - socket_path), socket_path);
    return file_make_folders(folder, FOLDER_MODE, e);
}

int keeper_serve_ready(const struct keeper_spec *spec, int *ready_fd, struct err *e)
{
    struct keeper k = {.spec = spec, .listener.fd = -1};
    OWN_FD int lock_fd = -1;
    int rc = make_folder(spec->socket_path, e);
    rc = rc ? rc : take_lock(spec, &lock_fd, e);
    rc = rc ? rc : loop_open(&k.loop, &clock_system, e);
    if (rc)
        return rc;
    rc = serve(&k, ready_fd, e);
    while (k.peer)
        drop_peer(k.peer);
    close_listener(&k);
    rate_table_done(&k.rates);
    loop_close(k.loop);
    return rc;
}

int keeper_serve(const struct keeper_spec *spec, struct err *e)
{
    int nobody_waits = -1;
    return keeper_serve_ready(spec, &nobody_waits, e);
}
