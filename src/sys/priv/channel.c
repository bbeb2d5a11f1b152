/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/priv/channel.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "sys/io/sock.h"

enum { SOCKET_MODE = 0660, HEAD_LEN = sizeof(struct channel_head) };

int channel_connect(const char *path, int *out_fd, struct err *e)
{
    return sock_unix_connect_as(SOCK_SEQPACKET, path, out_fd, e);
}

int channel_listen(const char *path, int *out_fd, struct err *e)
{
    return sock_unix_listen_as(SOCK_SEQPACKET, path, SOCKET_MODE, out_fd, e);
}

/* Room for one descriptor.  CMSG_SPACE is rounded up and would take two: msg_controllen is set to
 * CMSG_LEN, behind which the kernel drops the rest and says MSG_CTRUNC. */
union control {
    struct cmsghdr head;
    char room[CMSG_SPACE(sizeof(int))];
};

int channel_send(int fd, const struct channel_message *m)
{
    if (m->head.len > CHANNEL_BODY_MAX)
        return -EMSGSIZE;
    struct channel_head head = m->head;
    head.version = CHANNEL_VERSION;
    struct iovec part[] = {{&head, sizeof head}, {(void *)m->body, head.len}};
    union control control = {.head = {.cmsg_len = CMSG_LEN(sizeof(int)),
                                      .cmsg_level = SOL_SOCKET,
                                      .cmsg_type = SCM_RIGHTS}};
    struct msghdr message = {.msg_iov = part, .msg_iovlen = 2};
    if (m->fd >= 0) {
        memcpy(CMSG_DATA(&control.head), &m->fd, sizeof m->fd);
        message.msg_control = &control;
        message.msg_controllen = CMSG_LEN(sizeof(int));
    }
    ssize_t sent;
    do
        sent = sendmsg(fd, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent >= 0 ? 0 : errno == EPIPE ? -ECONNRESET : -errno;
}

/* The one descriptor that came along; -1: none. */
static int descriptor_of(struct msghdr *message)
{
    int fd = -1;
    struct cmsghdr *c = CMSG_FIRSTHDR(message);
    if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS &&
        c->cmsg_len == CMSG_LEN(sizeof fd))
        memcpy(&fd, CMSG_DATA(c), sizeof fd);
    return fd;
}

/* `data` is what came in one datagram.  false: no message of ours. */
bool channel_parse(struct channel_message *out, const void *data, size_t len)
{
    struct bytes_in in = bytes_in_of(data, len);
    bytes_copy(&in, &out->head, HEAD_LEN);
    if (in.bad || out->head.version != CHANNEL_VERSION || out->head.len > CHANNEL_BODY_MAX ||
        out->head.len != bytes_left(&in))
        return false;
    bytes_copy(&in, out->body, out->head.len);
    return true;
}

int channel_receive(int fd, struct channel_message *out)
{
    _Alignas(8) uint8_t data[HEAD_LEN + CHANNEL_BODY_MAX];
    union control control;
    struct iovec part = {data, sizeof data};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = CMSG_LEN(sizeof(int))};
    ssize_t len;
    do
        len = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
    while (len < 0 && errno == EINTR);
    if (len <= 0)
        return len == 0 || errno == EPIPE ? -ECONNRESET : -errno;
    int came = descriptor_of(&message);
    if (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC) || !channel_parse(out, data, (size_t)len)) {
        if (came >= 0)
            close(came);
        return -EPROTO;
    }
    out->fd = came;
    return 0;
}

static int wait_for(int fd, short events, uint64_t end_ns)
{
    for (;;) {
        uint64_t now_ns = clock_mono_ns(&clock_system);
        if (now_ns >= end_ns)
            return -ETIMEDOUT;
        uint64_t left_ns = end_ns - now_ns;
        struct timespec limit = {(time_t)(left_ns / NS_PER_S), (long)(left_ns % NS_PER_S)};
        struct pollfd watched = {.fd = fd, .events = events};
        int ready = ppoll(&watched, 1, &limit, NULL);
        if (ready > 0)
            return 0;
        if (ready < 0 && errno != EINTR)
            return -errno;
    }
}

static bool is_answer(const struct channel_message *answer, const struct channel_message *question)
{
    return answer->head.number == question->head.number &&
           answer->head.serial == question->head.serial;
}

/* An answer to an earlier question, for which somebody did not wait long enough, is thrown away. */
int channel_ask(int fd, struct channel_message *in_out, uint64_t limit_ns)
{
    uint64_t now_ns = clock_mono_ns(&clock_system);
    uint64_t end_ns = limit_ns < UINT64_MAX - now_ns ? now_ns + limit_ns : UINT64_MAX;
    struct channel_message answer;
    answer.head = (struct channel_head){0}; /* the body needs no zeros */
    int rc;
    while ((rc = channel_send(fd, in_out)) == -EAGAIN)
        if ((rc = wait_for(fd, POLLOUT, end_ns)))
            return rc;
    while (rc == 0 && (rc = wait_for(fd, POLLIN, end_ns)) == 0) {
        rc = channel_receive(fd, &answer);
        if (rc == 0 && is_answer(&answer, in_out)) {
            *in_out = answer;
            return answer.head.result;
        }
        if (rc == 0 && answer.fd >= 0)
            close(answer.fd);
        rc = rc == -EAGAIN ? 0 : rc;
    }
    return rc;
}
