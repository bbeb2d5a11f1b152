/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nc/end.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/mem.h"

/* O_NONBLOCK belongs to the open file, which the shell and other programs share with us; what
 * /proc opens anew for the same pipe or terminal is ours alone. */
static int open_anew(int fd, int mode)
{
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return open(path, mode | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
}

/* What epoll refuses: regular files, folders, and devices such as /dev/null. */
static bool is_always_ready(int fd)
{
    struct stat st;
    if (fstat(fd, &st))
        return true;
    if (S_ISCHR(st.st_mode))
        return !isatty(fd);
    return !S_ISFIFO(st.st_mode) && !S_ISSOCK(st.st_mode);
}

static bool is_socket(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 && S_ISSOCK(st.st_mode);
}

void nc_end_standard(struct nc_end *end, int in_fd, int out_fd)
{
    *end = (struct nc_end){.in_fd = in_fd, .out_fd = out_fd, .owns_fds = true};
    end->in_always = is_always_ready(in_fd);
    end->out_always = is_always_ready(out_fd);
    end->is_socket = is_socket(in_fd) && is_socket(out_fd); /* inetd: MSG_DONTWAIT serves there */
    int in = end->in_always || is_socket(in_fd) ? -1 : open_anew(in_fd, O_RDONLY);
    int out = end->out_always || is_socket(out_fd) ? -1 : open_anew(out_fd, O_WRONLY);
    end->careful =
        !end->is_socket && ((in < 0 && !end->in_always) || (out < 0 && !end->out_always));
    end->in_fd = in >= 0 ? in : fcntl(in_fd, F_DUPFD_CLOEXEC, 3);
    end->out_fd = out >= 0 ? out : fcntl(out_fd, F_DUPFD_CLOEXEC, 3);
}

void nc_end_socket(struct nc_end *end, int fd, bool is_datagram)
{
    *end = (struct nc_end){
        .in_fd = fd, .out_fd = fd, .is_socket = true, .is_datagram = is_datagram, .owns_fds = true};
}

void nc_end_put_ahead(struct nc_end *end, const void *data, size_t len)
{
    if (len == 0)
        return;
    end->ahead = mem_resize(end->ahead, end->ahead_len + len, 1);
    memcpy(end->ahead + end->ahead_len, data, len);
    end->ahead_len += len;
}

static bool take_ahead(struct nc_end *end, void *to, size_t room, size_t *got)
{
    size_t left = end->ahead_len - end->ahead_at;
    if (left == 0)
        return false;
    *got = left < room ? left : room;
    memcpy(to, end->ahead + end->ahead_at, *got);
    end->ahead_at += *got;
    return true;
}

static enum nc_io io_of_tls(enum tls_state state)
{
    static const enum nc_io io[] = {
        [TLS_DONE] = NC_IO_DONE,
        [TLS_WANT_READ] = NC_IO_WAIT_READ,
        [TLS_WANT_WRITE] = NC_IO_WAIT_WRITE,
        [TLS_CLOSED] = NC_IO_END,
        [TLS_CUT] = NC_IO_CUT,
        [TLS_FAILED] = NC_IO_FAIL,
    };
    return io[state];
}

static enum nc_io fail(struct nc_end *end, int code)
{
    (void)err_set(&end->e, -code, "%s", strerror(code));
    return NC_IO_FAIL;
}

enum nc_io nc_end_read(struct nc_end *end, void *to, size_t room, size_t *got)
{
    *got = 0;
    if (take_ahead(end, to, room, got))
        return NC_IO_DONE;
    if (end->tls)
        return io_of_tls(tls_read(end->tls, to, room, got, &end->e));
    ssize_t len =
        end->is_socket ? recv(end->in_fd, to, room, MSG_DONTWAIT) : read(end->in_fd, to, room);
    if (len < 0 && (errno == EAGAIN || errno == EINTR))
        return NC_IO_WAIT_READ;
    if (len < 0)
        return fail(end, errno);
    *got = (size_t)len;
    return len == 0 && !end->is_datagram ? NC_IO_END : NC_IO_DONE; /* a datagram may be empty */
}

enum nc_io nc_end_write(struct nc_end *end, const void *from, size_t len, size_t *sent)
{
    *sent = 0;
    if (end->tls)
        return io_of_tls(tls_write(end->tls, from, len, sent, &end->e));
    ssize_t done = end->is_socket ? send(end->out_fd, from, len, MSG_DONTWAIT | MSG_NOSIGNAL)
                                  : write(end->out_fd, from, len);
    if (done < 0 && (errno == EAGAIN || errno == EINTR))
        return NC_IO_WAIT_WRITE;
    if (done < 0)
        return fail(end, errno);
    *sent = (size_t)done;
    return NC_IO_DONE;
}

void nc_end_shut(struct nc_end *end)
{
    struct err ignored;
    if (end->tls)
        (void)!tls_shutdown(end->tls, &ignored);
    if (end->is_socket && !end->is_datagram)
        shutdown(end->out_fd, SHUT_WR);
    else if (!end->is_socket && end->owns_fds && end->out_fd >= 0 && end->out_fd != end->in_fd) {
        close(end->out_fd);
        end->out_fd = -1;
    }
}

void nc_end_close(struct nc_end *end)
{
    struct err ignored;
    if (end->tls)
        (void)!tls_shutdown(end->tls, &ignored);
    tls_close(end->tls);
    end->tls = NULL;
    if (end->owns_fds) {
        if (end->out_fd >= 0 && end->out_fd != end->in_fd)
            close(end->out_fd);
        if (end->in_fd >= 0)
            close(end->in_fd);
    }
    end->in_fd = end->out_fd = -1;
    if (end->own_path)
        (void)unlink(end->own_path);
    mem_free(end->own_path);
    mem_free(end->ahead);
    end->own_path = NULL;
    end->ahead = NULL;
    end->ahead_len = end->ahead_at = 0;
}
