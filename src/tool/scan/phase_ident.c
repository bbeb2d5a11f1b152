/* SPDX-License-Identifier: GPL-3.0-or-later */
/* -I: whose are the services?  For each open port a connection is made, and the host's ident server
 * (RFC 1413) is asked whose it is at the other end.  Dave Goldsmith told of this on Bugtraq in
 * 1996; nmap had it in its first years. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/io/sock.h"
#include "tool/scan/ident_reply.h"
#include "tool/scan/phase.h"

enum { IDENT_PORT = 113, TOGETHER_MAX = 32 };
static const uint64_t talk_max_ns = 5 * NS_PER_S;

/* One open port being asked about: first the port is connected to, then the ident server. */
struct talk {
    struct loop_fd service, ident;
    struct identing *all;
    struct group_host *host;
    uint16_t port;
    uint64_t end_ns;
    int service_fd; /* once it is connected; -1 */
    bool busy, asked;
    char reply[IDENT_REPLY_MAX];
    size_t reply_len;
};

struct identing {
    struct phase *phase;
    struct group *group;
    struct talk talk[TOGETHER_MAX];
    uint32_t busy;
};

static void end_talk(struct talk *t)
{
    struct loop_fd *watch[] = {&t->service, &t->ident};
    for (size_t i = 0; i < ARRAY_COUNT(watch); i++) {
        if (watch[i]->fd < 0)
            continue;
        int fd = watch[i]->fd;
        loop_fd_remove(t->all->phase->loop, watch[i]);
        sock_reset_on_close(fd);
        close(fd);
        watch[i]->fd = -1;
    }
    if (t->service_fd >= 0) {
        sock_reset_on_close(t->service_fd);
        close(t->service_fd);
        t->service_fd = -1;
    }
    t->busy = false;
    t->all->busy--;
}

static int connect_to(struct talk *t, struct loop_fd *watch, uint16_t port, loop_fd_fn *fn)
{
    struct endpoint to = {t->host->addr, port};
    struct err ignored = {0};
    int fd = sock_new(to.addr.family, SOCK_STREAM), rc = fd < 0 ? fd : sock_connect(fd, &to);
    if (fd < 0)
        return fd;
    *watch = (struct loop_fd){.fn = fn, .ctx = t, .fd = fd};
    if (rc == 0 || rc == -EINPROGRESS)
        rc = loop_fd_add(t->all->phase->loop, watch, LOOP_WRITE, &ignored);
    if (rc < 0) {
        close(fd);
        watch->fd = -1;
    }
    return rc;
}

static void keep_owner(struct talk *t)
{
    char owner[IDENT_OWNER_MAX];
    if (!ident_reply_owner(t->reply, t->reply_len, owner))
        return;
    struct group_owner *kept = arena_take(&t->all->group->arena, sizeof *kept);
    *kept = (struct group_owner){.port = t->port,
                                 .owner = arena_text(&t->all->group->arena, owner),
                                 .next = t->host->owners};
    t->host->owners = kept;
}

/* The question names the ports as the server's host sees them: its own first. */
static bool send_question(struct talk *t)
{
    struct endpoint local;
    struct err ignored = {0};
    char text[32];
    if (sock_local(t->service_fd, &local, &ignored) < 0)
        return false;
    int len = snprintf(text, sizeof text, "%u, %u\r\n", t->port, local.port);
    return send(t->ident.fd, text, (size_t)len, MSG_NOSIGNAL) == len;
}

static void on_ident(struct loop_fd *watch, unsigned ready)
{
    struct talk *t = watch->ctx;
    (void)ready;
    if (!t->asked) {
        t->asked = sock_error(watch->fd) == 0 && send_question(t);
        if (t->asked)
            loop_fd_want(t->all->phase->loop, watch, LOOP_READ);
        else
            end_talk(t);
        return;
    }
    ssize_t got = recv(watch->fd, t->reply + t->reply_len, sizeof t->reply - t->reply_len, 0);
    if (got < 0 && errno == EAGAIN)
        return;
    t->reply_len += got > 0 ? (size_t)got : 0;
    bool whole = memchr(t->reply, '\n', t->reply_len) || t->reply_len == sizeof t->reply;
    if (got > 0 && !whole)
        return;
    keep_owner(t);
    end_talk(t);
}

/* The connection is only kept: whatever the service says, or that it hangs up, is of no interest.
 */
static void on_service(struct loop_fd *watch, unsigned ready)
{
    struct talk *t = watch->ctx;
    int fd = watch->fd;
    (void)ready;
    loop_fd_remove(t->all->phase->loop, watch);
    t->service.fd = -1;
    t->service_fd = fd;
    if (sock_error(fd) != 0 || connect_to(t, &t->ident, IDENT_PORT, on_ident) < 0)
        end_talk(t);
}

/* Let the loop run until fewer than `most` talks are under way. */
static int wait_for(struct identing *all, uint32_t most, struct err *e)
{
    struct phase *p = all->phase;
    while (all->busy > most) {
        uint64_t now_ns = clock_mono_ns(p->clock);
        if (p->events->stop && p->events->stop(p->events->ctx))
            return err_set(e, -ECANCELED, "interrupted");
        for (size_t i = 0; i < TOGETHER_MAX; i++)
            if (all->talk[i].busy && now_ns >= all->talk[i].end_ns)
                end_talk(&all->talk[i]);
        if (all->busy > most && loop_step(p->loop, 100 * NS_PER_MS, e) < 0)
            return e->code;
    }
    return 0;
}

static int begin_talk(struct identing *all, struct group_host *h, uint16_t port, struct err *e)
{
    if (wait_for(all, TOGETHER_MAX - 1, e) < 0)
        return e->code;
    struct talk *t = all->talk;
    while (t->busy)
        t++;
    *t = (struct talk){.all = all,
                       .host = h,
                       .port = port,
                       .busy = true,
                       .service_fd = -1,
                       .service = {.fd = -1},
                       .ident = {.fd = -1},
                       .end_ns = clock_mono_ns(all->phase->clock) + talk_max_ns};
    all->busy++;
    if (connect_to(t, &t->service, port, on_service) < 0)
        end_talk(t);
    return 0;
}

static int ask_host(struct identing *all, struct group_host *h, struct err *e)
{
    const struct group *g = all->group;
    for (size_t s = 0; s < g->scan_count; s++) {
        const struct group_scan *scan = &g->scan[s];
        if (!scan->prober || scan->technique->proto != SCAN_TCP)
            continue;
        for (uint32_t i = 0; i < scan->item_count; i++)
            if (prober_result(scan->prober, h->number, i)->state == SCAN_OPEN &&
                begin_talk(all, h, scan->item[i].port, e) < 0)
                return e->code;
    }
    return 0;
}

int phase_ident(struct phase *p, struct group *g, struct err *e)
{
    static const char title[] = "Reverse Ident";
    if (!p->options->ident)
        return 0;
    struct identing *all = arena_take(&g->arena, sizeof *all);
    *all = (struct identing){.phase = p, .group = g};
    int rc = phase_tell(p, SCAN_TASK_BEGIN, title, NULL, e);
    for (size_t i = 0; i < g->count && rc == 0; i++)
        if (g->host[i].number != GROUP_NOT_PROBED && !g->host[i].timed_out)
            rc = ask_host(all, &g->host[i], e);
    if (rc == 0)
        rc = wait_for(all, 0, e);
    for (size_t i = 0; i < TOGETHER_MAX; i++)
        if (all->talk[i].busy)
            end_talk(&all->talk[i]);
    return rc < 0 ? rc : phase_tell(p, SCAN_TASK_END, title, NULL, e);
}
