/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The event loop: descriptors (epoll), timers, signals and children of one thread.  Everything that
 * waits hangs a small struct of its own into the loop; the loop allocates nothing for it.
 * A callback may add, change and remove any watch, its own included. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/base/attr.h"
#include "core/base/clock.h"
#include "core/base/err.h"

struct loop;
struct loop_fd;
struct loop_timer;
struct loop_signal;
struct loop_child;

enum { LOOP_READ = 1, LOOP_WRITE = 4 }; /* the values of EPOLLIN and EPOLLOUT */

/* `ready` holds LOOP_READ / LOOP_WRITE; both on an error or hang-up, so that the next call sees it.
 */
typedef void loop_fd_fn(struct loop_fd *watch, unsigned ready);
typedef void loop_timer_fn(struct loop_timer *timer);
typedef void loop_signal_fn(struct loop_signal *watch);
typedef void loop_child_fn(struct loop_child *watch, int wait_status);

struct loop_fd {
    loop_fd_fn *fn;
    void *ctx;
    int fd;          /* -1: not in a loop; regular files cannot be watched (-EPERM) */
    uint32_t wanted; /* set by the loop */
    uint32_t serial; /* set by the loop: tells a stale event of a reused descriptor */
};

struct loop_timer {
    loop_timer_fn *fn;
    void *ctx;
    uint64_t due_ns; /* on the loop's clock (mono) */
    size_t slot;     /* set by the loop; 0: not running.  Zero the struct before first use. */
};

struct loop_signal {
    loop_signal_fn *fn;
    void *ctx;
    int signal_number;
    struct loop_signal *next; /* set by the loop */
};

struct loop_child {
    loop_child_fn *fn;
    void *ctx;
    pid_t pid;
    struct loop_fd pidfd; /* set by the loop */
};

/* A loop on `clock` (which outlives it; &clock_system or a fake).  0 or a negative errno value. */
int loop_open(struct loop **out, const struct clock *clock, struct err *e) MUST_CHECK;
void loop_close(struct loop *l); /* watches that are still in it are forgotten, not called */

const struct clock *loop_clock(const struct loop *l);

/* The time at which the current round of callbacks began; cheap. */
uint64_t loop_now_ns(const struct loop *l);

/* Watch w->fd for `wanted` (LOOP_READ | LOOP_WRITE); fn, ctx and fd are set by the caller. */
int loop_fd_add(struct loop *l, struct loop_fd *w, unsigned wanted, struct err *e) MUST_CHECK;
void loop_fd_want(struct loop *l, struct loop_fd *w, unsigned wanted);

/* Before close(2) of the descriptor, which stays its owner's to close: w->fd becomes -1 here, so
 * keep the number.  Nothing when it is not in. */
void loop_fd_remove(struct loop *l, struct loop_fd *w);

/* Start, or move, a timer; it fires once.  Timers of one moment fire in the order they were set. */
void loop_timer_set(struct loop *l, struct loop_timer *t, uint64_t due_ns);
void loop_timer_stop(struct loop *l, struct loop_timer *t);

/* From now on the signal is taken by the loop (signalfd; it is blocked for the thread).  Several
 * watches of one signal are called in turn. */
int loop_signal_add(struct loop *l, struct loop_signal *w, struct err *e) MUST_CHECK;
void loop_signal_remove(struct loop *l, struct loop_signal *w);

/* Call fn once with the status (waitpid(2)) when child w->pid has ended; it is reaped then. */
int loop_child_add(struct loop *l, struct loop_child *w, struct err *e) MUST_CHECK;
void loop_child_remove(struct loop *l, struct loop_child *w);

/* Run until loop_stop, or until nothing is left to wait for (a watched signal is something).  0 or
 * a negative errno value. */
int loop_run(struct loop *l, struct err *e) MUST_CHECK;
void loop_stop(struct loop *l); /* no further callback of this round is called */

/* One round: wait at most `wait_ns` (UINT64_MAX: as long as it takes, 0: not at all) and call what
 * is ready.  With a fake clock a round waits for descriptors only, never for timers. */
int loop_step(struct loop *l, uint64_t wait_ns, struct err *e) MUST_CHECK;
