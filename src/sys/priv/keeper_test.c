/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Against keepers in processes of their own, on sockets in a folder of the test. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "core/base/clock.h"
#include "sys/priv/keeper.h"

enum { OP_ECHO = 1, OP_LOGIN = 2, OP_SECRET = 3, OP_RARE = 4, OP_PIPE = 5, OP_PID = 6 };
enum { STATE_LOGGED_IN = 1, LIMIT_S = 5 };

static int check_even(const struct keeper_peer *peer, const void *body)
{
    (void)peer;
    return *(const uint64_t *)body % 2 ? -EINVAL : 0;
}

static int act_echo(void *ctx, struct keeper_peer *peer, const void *body,
                    struct channel_message *answer)
{
    (void)peer;
    memcpy(answer->body, body, 8);
    answer->head.len = 8;
    answer->head.number = 77; /* an operation cannot spoil the head */
    answer->head.serial = 77;
    return *(int *)ctx;
}

static int act_login(void *ctx, struct keeper_peer *peer, const void *body,
                     struct channel_message *answer)
{
    (void)ctx, (void)body, (void)answer;
    peer->state |= STATE_LOGGED_IN;
    return peer->uid == getuid() && peer->pid > 0 ? 0 : -EIO;
}

static int act_nothing(void *ctx, struct keeper_peer *peer, const void *body,
                       struct channel_message *answer)
{
    (void)ctx, (void)peer, (void)body, (void)answer;
    return 0;
}

static int act_pipe(void *ctx, struct keeper_peer *peer, const void *body,
                    struct channel_message *answer)
{
    (void)ctx, (void)peer, (void)body;
    int fd[2];
    if (pipe2(fd, O_CLOEXEC) || write(fd[1], "from the keeper", 15) != 15)
        return -errno;
    close(fd[1]);
    answer->fd = fd[0];
    return 0;
}

static int act_pid(void *ctx, struct keeper_peer *peer, const void *body,
                   struct channel_message *answer)
{
    (void)ctx, (void)peer, (void)body;
    int32_t pid = (int32_t)getpid();
    memcpy(answer->body, &pid, sizeof pid);
    answer->head.len = sizeof pid;
    return getsid(0) == pid ? 0 : 1; /* 1: it has no session of its own */
}

static const struct keeper_operation operation[] = {
    {OP_ECHO, "echo", 8, 0, 0, check_even, act_echo},
    {OP_LOGIN, "login", 0, 0, 0, NULL, act_login},
    {OP_SECRET, "secret", 0, STATE_LOGGED_IN, 0, NULL, act_nothing},
    {OP_RARE, "rare", 0, 0, 3, NULL, act_nothing},
    {OP_PIPE, "pipe", 0, 0, 0, NULL, act_pipe},
    {OP_PID, "pid", 0, 0, 0, NULL, act_pid},
};

static int act_result; /* what act_echo returns: the spec's ctx */
static char socket_path[100];

static struct keeper_spec make_spec(uint64_t idle_ms)
{
    return (struct keeper_spec){.socket_path = socket_path,
                                .operation = operation,
                                .operation_count = ARRAY_LEN(operation),
                                .ctx = &act_result,
                                .idle_end_ns = idle_ms * NS_PER_MS,
                                .allowed_gid = getgid()};
}

static struct channel_message message; /* of the last answer */

static int ask(int fd, uint16_t number, uint64_t value, uint32_t len)
{
    static uint32_t serial;
    message = (struct channel_message){.head = {.number = number, .serial = ++serial, .len = len},
                                       .fd = -1};
    memcpy(message.body, &value, sizeof value);
    return channel_ask(fd, &message, LIMIT_S * NS_PER_S);
}

/* Connect to a keeper that is being started beside us. */
static int connect_soon(const struct keeper_spec *spec)
{
    struct err e = {0};
    int fd = -1;
    for (int i = 0; i < 1000 && channel_connect(spec->socket_path, &fd, &e); i++)
        usleep(2000);
    return fd;
}

static pid_t start(const struct keeper_spec *spec)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct err e = {0};
        int rc = keeper_serve(spec, &e);
        _exit(rc == 0 ? 0 : rc == -EALREADY && strstr(e.text, "another keeper") ? 7 : 1);
    }
    return pid;
}

static int descriptors_of(pid_t pid)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
    DIR *folder = opendir(path);
    int count = 0;
    while (folder && readdir(folder))
        count++;
    if (folder)
        closedir(folder);
    return count;
}

static int exit_of(pid_t pid)
{
    int status = 0;
    return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static const struct {
    uint16_t number;
    uint32_t len;
    uint64_t value;
    int rc;
} request[] = {
    {OP_ECHO, 8, 2, 0},
    {OP_ECHO, 8, 3, -EINVAL},      /* its own check */
    {OP_ECHO, 7, 2, -EMSGSIZE},    /* too short */
    {OP_ECHO, 9, 2, -EMSGSIZE},    /* too long */
    {OP_ECHO, 4096, 2, -EMSGSIZE}, /* as long as can be */
    {OP_ECHO, 0, 2, -EMSGSIZE},
    {0, 0, 0, -ENOSYS},
    {UINT16_MAX, 8, 0, -ENOSYS}, /* no such number */
    {OP_SECRET, 0, 0, -EPERM},   /* not logged in */
    {OP_LOGIN, 0, 0, 0},
    {OP_SECRET, 0, 0, 0},
    {OP_RARE, 0, 0, 0},
    {OP_RARE, 0, 0, 0},
    {OP_RARE, 0, 0, 0},
    {OP_RARE, 0, 0, -EAGAIN}, /* the fourth of a second */
    {OP_ECHO, 8, 4, 0},       /* others are not touched by that */
};

static int test_requests(const struct keeper_spec *spec)
{
    int failed = 0;
    struct stat st;
    pid_t pid = start(spec);
    int fd = connect_soon(spec);
    CHECK(fd >= 0 && stat(spec->socket_path, &st) == 0 && (st.st_mode & 0777) == 0660);
    for (size_t i = 0; i < ARRAY_LEN(request); i++) {
        CHECK_ROW(i, ask(fd, request[i].number, request[i].value, request[i].len) == request[i].rc);
        CHECK_ROW(i, message.head.len == (request[i].rc == 0 && request[i].number == OP_ECHO) * 8U);
    }
    CHECK(memcmp(message.body, &(uint64_t){4}, 8) == 0);
    int second = connect_soon(spec); /* state is of the connection, the rate of the user */
    CHECK(ask(second, OP_SECRET, 0, 0) == -EPERM && ask(second, OP_RARE, 0, 0) == -EAGAIN);
    char text[32] = "";
    int before = descriptors_of(pid);
    CHECK(ask(fd, OP_PIPE, 0, 0) == 0 && message.fd >= 0);
    CHECK(read(message.fd, text, 31) == 15 && strcmp(text, "from the keeper") == 0);
    close(message.fd);
    CHECK(ask(second, OP_LOGIN, 0, 0) == 0 && descriptors_of(pid) == before); /* handed over */
    close(second);
    close(fd);
    kill(pid, SIGTERM);
    CHECK(exit_of(pid) == 0 && access(spec->socket_path, F_OK) != 0);
    return failed;
}

/* Peers that misbehave lose their connection; the others are served on. */
static int test_bad_peers(const struct keeper_spec *spec)
{
    static const struct {
        size_t len;
        uint16_t version;
    } row[] = {{sizeof(struct channel_head), CHANNEL_VERSION + 1},
               {sizeof(struct channel_head), 0},
               {3, CHANNEL_VERSION},
               {sizeof(struct channel_head) + 5000, CHANNEL_VERSION}};
    int failed = 0;
    static uint8_t data[sizeof(struct channel_head) + 5000];
    pid_t pid = start(spec);
    int good = connect_soon(spec);
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        int bad = connect_soon(spec);
        struct channel_head head = {.version = row[i].version, .number = OP_LOGIN};
        memcpy(data, &head, sizeof head);
        CHECK_ROW(i, send(bad, data, row[i].len, MSG_NOSIGNAL) == (ssize_t)row[i].len);
        CHECK_ROW(i, ask(bad, OP_LOGIN, 0, 0) == -ECONNRESET);
        CHECK_ROW(i, ask(good, OP_LOGIN, 0, 0) == 0);
        close(bad);
    }
    int bad = connect_soon(spec);
    message = (struct channel_message){.head = {.number = OP_LOGIN}, .fd = 0};
    CHECK(channel_ask(bad, &message, LIMIT_S * NS_PER_S) == -EPROTO); /* a descriptor */
    close(bad);
    int deaf = connect_soon(spec); /* asks on and on, reads nothing: dropped when its queue fills */
    message = (struct channel_message){.head = {.number = OP_ECHO, .len = 8}, .fd = -1};
    int rc = 0;
    for (int i = 0; i < 200000 && rc != -ECONNRESET; i++) {
        rc = channel_send(deaf, &message);
        if (rc == -EAGAIN)
            usleep(100);
    }
    CHECK(rc == -ECONNRESET && ask(good, OP_LOGIN, 0, 0) == 0);
    close(deaf);
    close(good);
    kill(pid, SIGTERM);
    CHECK(exit_of(pid) == 0);
    return failed;
}

/* Two at once: one serves, the other says so and ends.  A killed one leaves its socket file and no
 * lock: the next one takes both. */
static int test_one_only(const struct keeper_spec *spec)
{
    int failed = 0, status = 0;
    pid_t first = start(spec);
    int fd = connect_soon(spec);
    CHECK(exit_of(start(spec)) == 7 && ask(fd, OP_LOGIN, 0, 0) == 0);
    kill(first, SIGKILL);
    CHECK(waitpid(first, &status, 0) == first && ask(fd, OP_LOGIN, 0, 0) == -ECONNRESET);
    close(fd);
    CHECK(access(spec->socket_path, F_OK) == 0);
    pid_t next = start(spec);
    fd = connect_soon(spec);
    CHECK(fd >= 0 && ask(fd, OP_LOGIN, 0, 0) == 0);
    kill(next, SIGTERM);
    CHECK(exit_of(next) == 0);
    close(fd);
    return failed;
}

/* Idle: it ends by itself, but not while somebody is connected. */
static int test_idle_end(void)
{
    int failed = 0;
    struct keeper_spec spec = make_spec(40);
    pid_t pid = start(&spec);
    int fd = connect_soon(&spec);
    usleep(100000);
    CHECK(ask(fd, OP_LOGIN, 0, 0) == 0);
    close(fd);
    CHECK(exit_of(pid) == 0 && access(spec.socket_path, F_OK) != 0);
    return failed;
}

/* Whoever needs it first starts it: eight at once get one keeper, which is nobody's child. */
static int test_connect_starts(void)
{
    enum { MANY = 8 };
    int failed = 0, tell[2];
    struct keeper_spec spec = make_spec(100);
    struct err e = {0};
    CHECK(pipe2(tell, O_CLOEXEC) == 0);
    pid_t asker[MANY];
    for (int i = 0; i < MANY; i++) {
        asker[i] = fork();
        if (asker[i] == 0) {
            int fd = -1;
            bool ok = keeper_connect(&spec, &fd, &e) == 0 && ask(fd, OP_PID, 0, 0) == 0 &&
                      write(tell[1], message.body, 4) == 4;
            usleep(50000); /* so that they are there together */
            _exit(ok ? 0 : 1);
        }
    }
    int32_t pid[MANY] = {0};
    for (int i = 0; i < MANY; i++)
        CHECK_ROW(i, exit_of(asker[i]) == 0);
    for (int i = 0; i < MANY; i++)
        CHECK_ROW(i, read(tell[0], &pid[i], 4) == 4 && pid[i] == pid[0] && pid[i] > 1);
    for (int i = 0; i < 1000 && access(socket_path, F_OK) == 0; i++)
        usleep(2000);
    CHECK(access(socket_path, F_OK) != 0); /* it has ended: idle */
    int fd = -1;
    spec.socket_path = "/proc/no-such-folder/keeper.sock";
    CHECK(keeper_connect(&spec, &fd, &e) < 0 && strstr(e.text, "start of the keeper: /proc/"));
    close(tell[0]);
    close(tell[1]);
    return failed;
}

/* A stranger: another user, outside the group, though the socket's mode let him in. */
static int test_stranger(const struct keeper_spec *spec)
{
    int failed = 0;
    if (getuid() != 0)
        return 0; /* takes root: the change of user cannot be tried without */
    pid_t pid = start(spec);
    int fd = connect_soon(spec);
    CHECK(chmod(spec->socket_path, 0666) == 0 && ask(fd, OP_LOGIN, 0, 0) == 0);
    for (int in_group = 0; in_group < 2; in_group++) {
        pid_t child = fork();
        if (child == 0) {
            gid_t group = spec->allowed_gid;
            if (setgroups(in_group ? 1 : 0, &group) || setgid(65534) || setuid(65534))
                _exit(2);
            int own = connect_soon(spec);
            _exit(ask(own, OP_ECHO, 2, 8) == (in_group ? 0 : -ECONNRESET) ? 0 : 1);
        }
        CHECK_ROW(in_group, exit_of(child) == 0);
    }
    close(fd);
    kill(pid, SIGTERM);
    CHECK(exit_of(pid) == 0);
    return failed;
}

int priv_keeper_test(void)
{
    int failed = 0;
    char folder[] = "/tmp/picket-keeper-XXXXXX", lock[120];
    CHECK(mkdtemp(folder) != NULL && chmod(folder, 0755) == 0);
    snprintf(socket_path, sizeof socket_path, "%s/run/keeper.sock", folder);
    struct keeper_spec spec = make_spec(0);
    failed += test_requests(&spec) + test_bad_peers(&spec) + test_one_only(&spec);
    failed += test_idle_end() + test_connect_starts() + test_stranger(&spec);
    snprintf(lock, sizeof lock, "%s.lock", socket_path);
    CHECK(unlink(lock) == 0);
    snprintf(lock, sizeof lock, "%s/run", folder);
    CHECK(rmdir(lock) == 0 && rmdir(folder) == 0);
    return failed;
}
