/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connecting, and starting a keeper where none serves. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/own.h"
#include "sys/priv/keeper_private.h"

enum { TRY_EVERY_MS = 5, TRY_FOR_MS = 3000 };

/* The keeper outlives who started it: no terminal, no signals of his, none of his descriptors. */
static void leave_starter(int *ready_fd)
{
    sigset_t none;
    struct sigaction fallback = {.sa_handler = SIG_DFL}, ignore = {.sa_handler = SIG_IGN};
    setsid();
    for (int number = 1; number < NSIG; number++)
        (void)sigaction(number, number == SIGPIPE ? &ignore : &fallback, NULL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int null = open("/dev/null", O_RDWR);
    for (int fd = 0; fd < 3; fd++)
        dup2(null, fd);
    *ready_fd = dup2(*ready_fd, 3);
    fcntl(3, F_SETFD, FD_CLOEXEC);
    close_range(4, ~0U, 0);
}

/* Whoever starts it learns how it began: nothing (the pipe is closed), or the error. */
static NO_RETURN void run_keeper(const struct keeper_spec *spec, int ready_fd)
{
    struct err e = {0};
    leave_starter(&ready_fd);
    if (spec->socket_path[0] == '/' && chdir("/"))
        _exit(1);
    int rc = keeper_serve_ready(spec, &ready_fd, &e);
    if (rc && ready_fd >= 0)
        (void)!write(ready_fd, &e, sizeof e);
    _exit(rc ? 1 : 0);
}

/* Start one as nobody's child: forked twice, so that init reaps it. */
static int start_keeper(const struct keeper_spec *spec, struct err *e)
{
    int fd[2];
    if (pipe2(fd, O_CLOEXEC))
        return err_set(e, -errno, "pipe: %s", strerror(errno));
    OWN_FD int told = fd[0];
    OWN_FD int tell = fd[1];
    pid_t pid = fork();
    if (pid < 0)
        return err_set(e, -errno, "fork: %s", strerror(errno));
    if (pid == 0) {
        if (fork() == 0)
            run_keeper(spec, tell);
        _exit(0);
    }
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
    close(fd_take(&tell));
    struct err cause;
    ssize_t len;
    while ((len = read(told, &cause, sizeof cause)) < 0 && errno == EINTR)
        ;
    return len == sizeof cause ? err_set(e, cause.code, "%s", cause.text) : 0;
}

static bool is_absent(int rc)
{
    return rc == -ENOENT || rc == -ECONNREFUSED;
}

/* Another one may hold the lock and not listen yet, or be about to end: then its place is free in a
 * moment, for one of ours. */
int keeper_connect(const struct keeper_spec *spec, int *out_fd, struct err *e)
{
    uint64_t end_ns = clock_mono_ns(&clock_system) + TRY_FOR_MS * NS_PER_MS;
    for (;;) {
        int rc = channel_connect(spec->socket_path, out_fd, e);
        if (!is_absent(rc))
            return rc;
        rc = start_keeper(spec, e);
        if (rc && rc != -EALREADY)
            return err_wrap(e, "start of the keeper");
        if (clock_mono_ns(&clock_system) >= end_ns)
            return rc ? rc : err_set(e, -ETIMEDOUT, "%s: keepers come and go", spec->socket_path);
        if (rc)
            clock_nanosleep(CLOCK_MONOTONIC, 0,
                            &(struct timespec){0, TRY_EVERY_MS * (long)NS_PER_MS}, NULL);
    }
}
