/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "core/base/clock.h"
#include "sys/priv/channel.h"

static struct channel_message out, in; /* too large for two more on the stack of each test */

static int open_descriptors(void)
{
    int count = 0;
    for (int fd = 0; fd < 256; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static int test_send_and_receive(int a, int b)
{
    int failed = 0, pipe_fd[2];
    for (uint32_t len = 0; len <= CHANNEL_BODY_MAX; len += CHANNEL_BODY_MAX / 2) {
        out = (struct channel_message){.head = {0, 7, 9, -EPERM, len}, .fd = -1};
        memset(out.body, 'b', len);
        CHECK_ROW(len, channel_send(a, &out) == 0 && channel_receive(b, &in) == 0 && in.fd == -1);
        CHECK_ROW(len, in.head.number == 7 && in.head.serial == 9 && in.head.result == -EPERM);
        CHECK_ROW(len, in.head.version == CHANNEL_VERSION && in.head.len == len);
        CHECK_ROW(len, memcmp(in.body, out.body, len) == 0);
    }
    CHECK(channel_receive(b, &in) == -EAGAIN);
    out.head.len = CHANNEL_BODY_MAX + 1;
    CHECK(channel_send(a, &out) == -EMSGSIZE);
    CHECK(pipe2(pipe_fd, O_CLOEXEC) == 0);
    out = (struct channel_message){.fd = pipe_fd[1]};
    CHECK(channel_send(a, &out) == 0);
    close(pipe_fd[1]);
    char byte = 0;
    CHECK(channel_receive(b, &in) == 0 && in.fd >= 0 && fcntl(in.fd, F_GETFD) == FD_CLOEXEC);
    CHECK(write(in.fd, "x", 1) == 1 && read(pipe_fd[0], &byte, 1) == 1 && byte == 'x');
    close(in.fd);
    close(pipe_fd[0]);
    return failed;
}

/* What a stranger may send instead; `fds` descriptors go along, and none may stay open. */
static const struct {
    size_t len;
    uint16_t version;
    uint32_t said_len;
    int fds, rc;
} raw[] = {
    {sizeof(struct channel_head), CHANNEL_VERSION, 0, 0, 0},
    {sizeof(struct channel_head) + 8, CHANNEL_VERSION, 8, 1, 0},
    {sizeof(struct channel_head) - 1, CHANNEL_VERSION, 0, 0, -EPROTO}, /* cut in the head */
    {1, CHANNEL_VERSION, 0, 1, -EPROTO},
    {sizeof(struct channel_head) + 8, CHANNEL_VERSION, 9, 1, -EPROTO}, /* says more than it has */
    {sizeof(struct channel_head) + 8, CHANNEL_VERSION, 7, 1, -EPROTO}, /* has more than it says */
    {sizeof(struct channel_head) + 8, CHANNEL_VERSION, UINT32_MAX, 0, -EPROTO},
    {sizeof(struct channel_head), CHANNEL_VERSION + 1, 0, 1, -EPROTO},
    {sizeof(struct channel_head), 0, 0, 0, -EPROTO},
    {sizeof(struct channel_head), CHANNEL_VERSION, 0, 2, -EPROTO}, /* two descriptors */
    {sizeof(struct channel_head), CHANNEL_VERSION, 0, 9, -EPROTO},
    {sizeof(struct channel_head) + CHANNEL_BODY_MAX + 1, CHANNEL_VERSION, CHANNEL_BODY_MAX, 1,
     -EPROTO}, /* too long: cut by the kernel to what looks whole */
};

static bool send_raw(int fd, size_t i)
{
    static uint8_t data[sizeof(struct channel_head) + CHANNEL_BODY_MAX + 1];
    struct channel_head head = {.version = raw[i].version, .len = raw[i].said_len};
    memcpy(data, &head, sizeof head);
    struct iovec part = {data, raw[i].len};
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(16 * sizeof(int))];
    } control = {.head = {.cmsg_len = CMSG_LEN((size_t)raw[i].fds * sizeof(int)),
                          .cmsg_level = SOL_SOCKET,
                          .cmsg_type = SCM_RIGHTS}};
    memset(CMSG_DATA(&control.head), 0, 16 * sizeof(int)); /* descriptor 0, many times */
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (raw[i].fds) {
        message.msg_control = &control;
        message.msg_controllen = CMSG_SPACE((size_t)raw[i].fds * sizeof(int));
    }
    return sendmsg(fd, &message, 0) == (ssize_t)raw[i].len;
}

static int test_malformed(int a, int b)
{
    int failed = 0, before = open_descriptors();
    for (size_t i = 0; i < ARRAY_LEN(raw); i++) {
        CHECK_ROW(i, send_raw(a, i) && channel_receive(b, &in) == raw[i].rc);
        if (raw[i].rc == 0 && in.fd >= 0)
            close(in.fd);
        CHECK_ROW(i, open_descriptors() == before);
    }
    return failed;
}

/* The other side of channel_ask: first an answer to another question, with a descriptor. */
static void answer(int fd)
{
    static struct channel_message m;
    alarm(10);
    fcntl(fd, F_SETFL, 0);
    while (channel_receive(fd, &m) == 0) {
        struct channel_message stale = {
            .head = {.number = m.head.number, .serial = m.head.serial - 1}, .fd = 0};
        m.head.result = -(int)m.head.len;
        if (channel_send(fd, &stale) || (m.head.number != 99 && channel_send(fd, &m)))
            break;
    }
    _exit(0);
}

static int test_ask(void)
{
    int failed = 0, pair[2], before = open_descriptors();
    CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        close(pair[0]);
        answer(pair[1]);
    }
    int a = pair[0];
    close(pair[1]);
    for (uint32_t i = 1; i <= 3; i++) {
        out = (struct channel_message){.head = {.number = 5, .serial = i, .len = i}, .fd = -1};
        CHECK_ROW(i, channel_ask(a, &out, 5 * NS_PER_S) == -(int)i && out.head.serial == i);
    }
    CHECK(open_descriptors() == before + 1);
    out = (struct channel_message){.head = {.number = 99, .serial = 4}, .fd = -1};
    CHECK(channel_ask(a, &out, 20 * NS_PER_MS) == -ETIMEDOUT); /* it never answers that */
    shutdown(a, SHUT_WR);
    CHECK(waitpid(pid, NULL, 0) == pid);
    out.head.number = 5;
    CHECK(channel_ask(a, &out, NS_PER_S) == -ECONNRESET);
    close(a);
    return failed;
}

static int test_gone(void)
{
    int failed = 0, pair[2];
    CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0);
    close(pair[1]);
    out = (struct channel_message){.fd = -1};
    CHECK(channel_send(pair[0], &out) == -ECONNRESET); /* and no SIGPIPE */
    CHECK(channel_receive(pair[0], &in) == -ECONNRESET);
    close(pair[0]);
    return failed;
}

static int test_paths(void)
{
    int failed = 0, listener = -1, fd = -1;
    char folder[] = "/tmp/picket-channel-XXXXXX";
    struct err e = {0};
    struct stat st;
    CHECK(mkdtemp(folder) != NULL && chdir(folder) == 0);
    CHECK(channel_connect("s", &fd, &e) == -ENOENT && strstr(e.text, "s: "));
    CHECK(channel_listen("s", &listener, &e) == 0);
    CHECK(stat("s", &st) == 0 && (st.st_mode & 0777) == 0660);
    CHECK(channel_connect("s", &fd, &e) == 0);
    int peer = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    failed += test_send_and_receive(fd, peer) + test_malformed(fd, peer);
    close(peer);
    close(fd);
    close(listener);
    CHECK(unlink("s") == 0 && rmdir(folder) == 0);
    return failed;
}

int priv_channel_test(void)
{
    return test_paths() + test_ask() + test_gone();
}
