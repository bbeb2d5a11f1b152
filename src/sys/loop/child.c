/* SPDX-License-Identifier: GPL-3.0-or-later */
/* posix_spawn(3): the C library starts the program without copying our memory map, and tells a
 * failed exec as a return value. */
#include "sys/loop/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/own.h"

enum { CHILD_PATH_MAX = 4096, READ_SIZE = 16384 };

static const char *const search[] = {"/usr/sbin", "/usr/bin", "/sbin", "/bin"};
static const char *const plain_env[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", NULL};

static int find_program(const char *name, char path[CHILD_PATH_MAX], struct err *e)
{
    bool whole = strchr(name, '/') != NULL;
    for (size_t i = 0; i < (whole ? 1 : ARRAY_COUNT(search)); i++) {
        int len = whole ? snprintf(path, CHILD_PATH_MAX, "%s", name)
                        : snprintf(path, CHILD_PATH_MAX, "%s/%s", search[i], name);
        if (len >= CHILD_PATH_MAX)
            return err_set(e, -ENAMETOOLONG, "program name of %d bytes", len);
        if (whole || access(path, X_OK) == 0)
            return 0;
    }
    return err_set(e, -ENOENT, "%s: no such program", name);
}

/* A copy above 2, so that putting one descriptor in its place does not overwrite another. */
static int copy_fd(int fd, int flags)
{
    return fd >= 0 ? fcntl(fd, F_DUPFD_CLOEXEC, 3) : open("/dev/null", flags | O_CLOEXEC);
}

static int set_attributes(posix_spawnattr_t *attr)
{
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_setsigdefault(attr, &all);
    posix_spawnattr_setsigmask(attr, &none);
    posix_spawnattr_setpgroup(attr, 0);
    return posix_spawnattr_setflags(attr, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK |
                                              POSIX_SPAWN_SETPGROUP);
}

static int spawn(const char *path, const struct child_spec *spec, const int fd[3], pid_t *out_pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attr;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attr);
    int rc = set_attributes(&attr);
    for (int i = 0; i < 3 && rc == 0; i++)
        rc = posix_spawn_file_actions_adddup2(&actions, fd[i], i);
    rc = rc ? rc : posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    const char *const *env = spec->env ? spec->env : plain_env;
    rc = rc ? rc
            : posix_spawn(out_pid, path, &actions, &attr, (char *const *)spec->argv,
                          (char *const *)env);
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&actions);
    return -rc;
}

int child_start(const struct child_spec *spec, pid_t *out_pid, struct err *e)
{
    char path[CHILD_PATH_MAX];
    int rc = find_program(spec->path, path, e);
    if (rc)
        return rc;
    OWN_FD int in = copy_fd(spec->in_fd, O_RDONLY);
    OWN_FD int out = copy_fd(spec->out_fd, O_WRONLY);
    OWN_FD int err = copy_fd(spec->err_fd, O_WRONLY);
    if (in < 0 || out < 0 || err < 0)
        return err_set(e, -errno, "descriptors of %s: %s", path, strerror(errno));
    rc = spawn(path, spec, (const int[]){in, out, err}, out_pid);
    return rc ? err_set(e, rc, "start of %s: %s", path, strerror(-rc)) : 0;
}

/* Move what is there from the pipe to *out; what is over its limit is read and thrown away, so that
 * the child does not hang.  false at the end of the pipe. */
static bool drain(int fd, struct str *out)
{
    char data[READ_SIZE];
    size_t max = out->max ? out->max : SIZE_MAX / 4;
    for (;;) {
        ssize_t len = read(fd, data, sizeof data);
        if (len <= 0)
            return len < 0 && (errno == EAGAIN || errno == EINTR);
        size_t room = max - out->len, fits = (size_t)len < room ? (size_t)len : room;
        str_add_len(out, data, fits);
        if (fits < (size_t)len)
            str_add_len(out, data, (size_t)len); /* does not fit: sets out->full */
    }
}

static bool wait_readable(struct pollfd *watched, nfds_t count, uint64_t end_ns)
{
    uint64_t now_ns = clock_mono_ns(&clock_system);
    uint64_t left_ns = end_ns > now_ns ? end_ns - now_ns : 0;
    struct timespec limit = {(time_t)(left_ns / NS_PER_S), (long)(left_ns % NS_PER_S)};
    int ready = ppoll(watched, count, &limit, NULL);
    return ready > 0 || (ready < 0 && errno == EINTR) || left_ns > 0;
}

/* Until the child ends.  A descendant that it left behind may still hold the pipe: that is not
 * waited for. */
static int follow(pid_t pid, int pipe_fd, uint64_t limit_ns, struct str *out)
{
    OWN_FD int pidfd = pidfd_open(pid, 0);
    if (pidfd < 0)
        return -errno;
    uint64_t now_ns = clock_mono_ns(&clock_system);
    uint64_t end_ns = limit_ns < UINT64_MAX - now_ns ? now_ns + limit_ns : UINT64_MAX;
    struct pollfd watched[] = {{pidfd, POLLIN, 0}, {pipe_fd, POLLIN, 0}};
    while (wait_readable(watched, 2, end_ns)) {
        bool ended = watched[0].revents != 0;
        if (!drain(pipe_fd, out))
            watched[1].fd = -1; /* poll(2) skips it */
        if (ended)
            return 0;
    }
    return -ETIMEDOUT;
}

int child_run(const char *path, const char *const *argv, uint64_t limit_ns, struct str *out,
              int *out_status, struct err *e)
{
    int fd[2];
    if (pipe2(fd, O_CLOEXEC))
        return err_set(e, -errno, "pipe: %s", strerror(errno));
    OWN_FD int from_child = fd[0];
    OWN_FD int to_parent = fd[1];
    fcntl(from_child, F_SETFL, O_NONBLOCK);
    struct child_spec spec = {
        .path = path, .argv = argv, .in_fd = -1, .out_fd = to_parent, .err_fd = -1};
    pid_t pid = 0;
    int rc = child_start(&spec, &pid, e);
    if (rc)
        return rc;
    close(fd_take(&to_parent));
    rc = follow(pid, from_child, limit_ns, out);
    if (rc)
        kill(-pid, SIGKILL);
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (rc)
        return err_set(e, rc, "%s: %s", path, strerror(-rc));
    *out_status = status;
    return 0;
}
