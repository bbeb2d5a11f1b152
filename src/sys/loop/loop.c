/* SPDX-License-Identifier: GPL-3.0-or-later */
/* epoll(7) with a table of watches by descriptor.  The kernel hands back descriptor and serial, not
 * a pointer: an event that was fetched before its watch was removed (and the number perhaps given
 * to another socket) is told by its serial and dropped.
 * It is no scheduler: one thread, callbacks run to their end. */
#include "sys/loop/loop.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/pidfd.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "core/base/own.h"
#include "sys/loop/timer_heap.h"

enum { LOOP_BATCH = 256 };
#define NS_FOREVER UINT64_MAX

struct loop {
    int epoll_fd;
    const struct clock *clock;
    uint64_t now_ns;
    struct loop_fd **by_fd; /* NULL: nobody watches that descriptor */
    size_t by_fd_count, fd_count;
    uint32_t serial;
    struct timer_heap timers;
    struct loop_fd signals; /* the signalfd; -1 while no signal is taken */
    sigset_t taken, unblock;
    struct loop_signal *signal, *signal_next;
    bool stopped, lacks_pwait2;
};

int loop_open(struct loop **out, const struct clock *clock, struct err *e)
{
    int fd = epoll_create1(EPOLL_CLOEXEC);
    if (fd < 0)
        return err_set(e, -errno, "epoll: %s", strerror(errno));
    struct loop *l = mem_zero(sizeof *l);
    l->epoll_fd = fd;
    l->clock = clock;
    l->now_ns = clock_mono_ns(clock);
    l->signals.fd = -1;
    sigemptyset(&l->taken);
    sigemptyset(&l->unblock);
    *out = l;
    return 0;
}

const struct clock *loop_clock(const struct loop *l)
{
    return l->clock;
}

uint64_t loop_now_ns(const struct loop *l)
{
    return l->now_ns;
}

void loop_stop(struct loop *l)
{
    l->stopped = true;
}

/* ---- descriptors ---- */

static bool is_watched(const struct loop *l, const struct loop_fd *w)
{
    return w->fd >= 0 && (size_t)w->fd < l->by_fd_count && l->by_fd[w->fd] == w;
}

static void make_room(struct loop *l, size_t fd)
{
    if (fd < l->by_fd_count)
        return;
    size_t count = l->by_fd_count ? l->by_fd_count : 64;
    while (count <= fd)
        count *= 2;
    l->by_fd = mem_resize(l->by_fd, count, sizeof *l->by_fd);
    memset(l->by_fd + l->by_fd_count, 0, (count - l->by_fd_count) * sizeof *l->by_fd);
    l->by_fd_count = count;
}

static int tell_kernel(const struct loop *l, int operation, const struct loop_fd *w)
{
    struct epoll_event event = {.events = w->wanted,
                                .data.u64 = (uint64_t)w->serial << 32 | (uint32_t)w->fd};
    return epoll_ctl(l->epoll_fd, operation, w->fd, &event) ? -errno : 0;
}

int loop_fd_add(struct loop *l, struct loop_fd *w, unsigned wanted, struct err *e)
{
    if (w->fd < 0)
        return err_set(e, -EBADF, "watch of no descriptor");
    make_room(l, (size_t)w->fd);
    if (l->by_fd[w->fd])
        return err_set(e, -EEXIST, "descriptor %d is watched already", w->fd);
    w->wanted = wanted;
    w->serial = ++l->serial;
    int rc = wanted ? tell_kernel(l, EPOLL_CTL_ADD, w) : 0;
    if (rc)
        return err_set(e, rc, "watch of descriptor %d: %s", w->fd, strerror(-rc));
    l->by_fd[w->fd] = w;
    l->fd_count++;
    return 0;
}

/* Who wants nothing leaves the kernel's set: a hang-up would be told there again and again. */
void loop_fd_want(struct loop *l, struct loop_fd *w, unsigned wanted)
{
    if (!is_watched(l, w) || w->wanted == wanted)
        return;
    int operation = !wanted ? EPOLL_CTL_DEL : w->wanted ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    w->wanted = wanted;
    int rc = tell_kernel(l, operation, w);
    assert(rc == 0 || rc == -ENOMEM || rc == -ENOSPC || operation == EPOLL_CTL_DEL);
    (void)rc;
}

void loop_fd_remove(struct loop *l, struct loop_fd *w)
{
    if (!is_watched(l, w))
        return;
    if (w->wanted)
        (void)tell_kernel(l, EPOLL_CTL_DEL, w); /* fails when it was closed before: no harm */
    l->by_fd[w->fd] = NULL;
    l->fd_count--;
    w->fd = -1;
}

static void call_watch(const struct loop *l, const struct epoll_event *event)
{
    uint32_t fd = (uint32_t)event->data.u64, serial = (uint32_t)(event->data.u64 >> 32);
    struct loop_fd *w = fd < l->by_fd_count ? l->by_fd[fd] : NULL;
    if (!w || w->serial != serial || !w->wanted)
        return;
    bool broken = event->events & (EPOLLERR | EPOLLHUP);
    unsigned ready = broken ? LOOP_READ | LOOP_WRITE : event->events & w->wanted;
    if (ready)
        w->fn(w, ready);
}

/* ---- timers ---- */

/* A moment in the past becomes now: such a timer comes behind those that were due before, and one
 * that sets itself anew cannot starve them. */
void loop_timer_set(struct loop *l, struct loop_timer *t, uint64_t due_ns)
{
    t->due_ns = due_ns;
    timer_heap_set(&l->timers, t, due_ns > l->now_ns ? due_ns : l->now_ns);
}

void loop_timer_stop(struct loop *l, struct loop_timer *t)
{
    timer_heap_remove(&l->timers, t);
}

/* Those set by the callbacks of this round wait for the next one. */
static void call_timers(struct loop *l)
{
    uint64_t serial = l->timers.serial;
    const struct timer_node *top;
    while (!l->stopped && (top = timer_heap_top(&l->timers))) {
        if (top->due_ns > l->now_ns || top->serial >= serial)
            return;
        struct loop_timer *t = top->timer;
        timer_heap_remove(&l->timers, t);
        t->fn(t);
    }
}

/* ---- signals ---- */

/* A callback may remove any watch: signal_next is where the walk goes on. */
static void call_signal(struct loop *l, int number)
{
    for (struct loop_signal *w = l->signal; w && !l->stopped; w = l->signal_next) {
        l->signal_next = w->next;
        if (w->signal_number == number)
            w->fn(w);
    }
    l->signal_next = NULL;
}

static void signals_ready(struct loop_fd *watch, unsigned ready)
{
    (void)ready;
    struct loop *l = watch->ctx;
    struct signalfd_siginfo info;
    while (!l->stopped && watch->fd >= 0 &&
           read(watch->fd, &info, sizeof info) == (ssize_t)sizeof info)
        call_signal(l, (int)info.ssi_signo);
}

static int open_signalfd(struct loop *l, struct err *e)
{
    OWN_FD int fd = signalfd(-1, &l->taken, SFD_NONBLOCK | SFD_CLOEXEC);
    if (fd < 0)
        return err_set(e, -errno, "signalfd: %s", strerror(errno));
    l->signals = (struct loop_fd){.fn = signals_ready, .ctx = l, .fd = fd};
    int rc = loop_fd_add(l, &l->signals, LOOP_READ, e);
    if (rc) {
        l->signals.fd = -1;
        return rc;
    }
    l->fd_count--; /* the list of signals is what is waited for */
    fd_take(&fd);
    return 0;
}

static int take_signal(struct loop *l, int number, struct err *e)
{
    sigset_t one, before;
    sigemptyset(&one);
    if (sigaddset(&one, number))
        return err_set(e, -EINVAL, "no signal %d", number);
    if (sigismember(&l->taken, number))
        return 0;
    sigaddset(&l->taken, number);
    int rc = l->signals.fd < 0 ? open_signalfd(l, e) : 0;
    if (rc == 0 && signalfd(l->signals.fd, &l->taken, 0) < 0)
        rc = err_set(e, -errno, "signalfd: %s", strerror(errno));
    if (rc) {
        sigdelset(&l->taken, number);
        return rc;
    }
    pthread_sigmask(SIG_BLOCK, &one, &before);
    if (!sigismember(&before, number))
        sigaddset(&l->unblock, number);
    return 0;
}

static void give_signal_back(struct loop *l, int number)
{
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, number);
    sigdelset(&l->taken, number);
    (void)signalfd(l->signals.fd, &l->taken, 0);
    if (sigismember(&l->unblock, number))
        pthread_sigmask(SIG_UNBLOCK, &one, NULL);
    sigdelset(&l->unblock, number);
}

int loop_signal_add(struct loop *l, struct loop_signal *w, struct err *e)
{
    int rc = take_signal(l, w->signal_number, e);
    if (rc)
        return rc;
    struct loop_signal **at = &l->signal;
    while (*at)
        at = &(*at)->next;
    w->next = NULL;
    *at = w;
    return 0;
}

void loop_signal_remove(struct loop *l, struct loop_signal *w)
{
    bool last = true, found = false;
    for (struct loop_signal **at = &l->signal; *at;) {
        if (*at == w) {
            found = true;
            *at = w->next;
            continue;
        }
        last &= (*at)->signal_number != w->signal_number;
        at = &(*at)->next;
    }
    if (l->signal_next == w)
        l->signal_next = w->next;
    if (found && last)
        give_signal_back(l, w->signal_number);
}

/* ---- children ---- */

static void child_ready(struct loop_fd *pidfd, unsigned ready)
{
    (void)ready;
    struct loop_child *w = CONTAINER_OF(pidfd, struct loop_child, pidfd);
    int status = 0;
    if (waitpid(w->pid, &status, WNOHANG) != w->pid)
        return;
    loop_child_remove(pidfd->ctx, w);
    w->fn(w, status);
}

int loop_child_add(struct loop *l, struct loop_child *w, struct err *e)
{
    OWN_FD int fd = pidfd_open(w->pid, 0);
    if (fd < 0)
        return err_set(e, -errno, "child %d: %s", (int)w->pid, strerror(errno));
    w->pidfd = (struct loop_fd){.fn = child_ready, .ctx = l, .fd = fd};
    int rc = loop_fd_add(l, &w->pidfd, LOOP_READ, e);
    if (rc == 0)
        fd_take(&fd);
    return rc;
}

void loop_child_remove(struct loop *l, struct loop_child *w)
{
    int fd = w->pidfd.fd;
    if (!is_watched(l, &w->pidfd))
        return;
    loop_fd_remove(l, &w->pidfd);
    close(fd);
}

/* ---- rounds ---- */

static bool is_waiting(const struct loop *l)
{
    return l->fd_count || l->signal || timer_heap_top(&l->timers);
}

/* How long until a timer is due, at most `wait_ns`.  A fake clock does not move while we wait. */
static uint64_t time_to_wait(const struct loop *l, uint64_t wait_ns)
{
    const struct timer_node *top = timer_heap_top(&l->timers);
    if (!top)
        return wait_ns;
    uint64_t now_ns = clock_mono_ns(l->clock);
    if (top->due_ns <= now_ns)
        return 0;
    bool moves = l->clock->mono_ns == clock_system.mono_ns;
    uint64_t left_ns = top->due_ns - now_ns;
    return moves && left_ns < wait_ns ? left_ns : wait_ns;
}

static int wait_coarsely(const struct loop *l, struct epoll_event *event, uint64_t limit_ns)
{
    uint64_t ms = limit_ns / NS_PER_MS + (limit_ns % NS_PER_MS != 0); /* never too early */
    int limit_ms = limit_ns == NS_FOREVER ? -1 : ms > INT32_MAX ? INT32_MAX : (int)ms;
    return epoll_wait(l->epoll_fd, event, LOOP_BATCH, limit_ms);
}

/* epoll_pwait2 waits to the nanosecond; it is missing before Linux 5.11 and in some sandboxes. */
static int wait_exactly(struct loop *l, struct epoll_event *event, uint64_t limit_ns)
{
    struct timespec limit = {.tv_sec = (time_t)(limit_ns / NS_PER_S),
                             .tv_nsec = (long)(limit_ns % NS_PER_S)};
    if (!l->lacks_pwait2) {
        int count = epoll_pwait2(l->epoll_fd, event, LOOP_BATCH,
                                 limit_ns == NS_FOREVER ? NULL : &limit, NULL);
        if (count >= 0 || (errno != ENOSYS && errno != EPERM))
            return count;
        l->lacks_pwait2 = true;
    }
    return wait_coarsely(l, event, limit_ns);
}

int loop_step(struct loop *l, uint64_t wait_ns, struct err *e)
{
    struct epoll_event event[LOOP_BATCH];
    l->stopped = false;
    int count = wait_exactly(l, event, time_to_wait(l, wait_ns));
    if (count < 0 && errno != EINTR)
        return err_set(e, -errno, "epoll: %s", strerror(errno));
    l->now_ns = clock_mono_ns(l->clock);
    for (int i = 0; i < count && !l->stopped; i++)
        call_watch(l, &event[i]);
    call_timers(l);
    return 0;
}

int loop_run(struct loop *l, struct err *e)
{
    int rc = 0;
    bool stopped = l->stopped; /* by a callback of set-up code, before the first round */
    while (rc == 0 && !stopped && is_waiting(l)) {
        rc = loop_step(l, NS_FOREVER, e);
        stopped = l->stopped;
    }
    l->stopped = false;
    return rc;
}

void loop_close(struct loop *l)
{
    if (!l)
        return;
    for (size_t fd = 0; fd < l->by_fd_count; fd++) {
        struct loop_fd *w = l->by_fd[fd];
        if (!w)
            continue;
        w->fd = -1;
        if (w->fn == child_ready || w->fn == signals_ready)
            close((int)fd);
    }
    timer_heap_done(&l->timers);
    pthread_sigmask(SIG_UNBLOCK, &l->unblock, NULL);
    close(l->epoll_fd);
    mem_free(l->by_fd);
    mem_free(l);
}
