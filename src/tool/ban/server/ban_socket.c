/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/server/ban_socket.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "sys/io/sock.h"
#include "tool/ban/server/json_value.h"
#include "tool/ban/server/pickle.h"

static const char end_of_command[] = "<F2B_END_COMMAND>", close_command[] = "<F2B_CLOSE_COMMAND>";

struct client {
    struct ban_socket *socket;
    struct loop_fd watch;
    struct str in, out;
    size_t sent;
    bool is_ending; /* close when all is sent */
    struct client *next;
};

struct ban_socket {
    struct loop *loop;
    struct loop_fd watch;
    char *path;
    ban_socket_fn *fn;
    void *ctx;
    struct client *first;
    size_t count;
};

static void drop(struct client *c)
{
    struct client **link = &c->socket->first;
    while (*link != c)
        link = &(*link)->next;
    *link = c->next;
    c->socket->count--;
    int fd = c->watch.fd;
    loop_fd_remove(c->socket->loop, &c->watch);
    close(fd);
    str_done(&c->in);
    str_done(&c->out);
    mem_free(c);
}

/* False: the client has gone. */
static bool flush(struct client *c)
{
    while (c->sent < c->out.len) {
        ssize_t n = send(c->watch.fd, c->out.text + c->sent, c->out.len - c->sent,
                         MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            break;
        if (n < 0)
            return false;
        c->sent += (size_t)n;
    }
    if (c->sent == c->out.len) {
        str_reset(&c->out);
        c->sent = 0;
        if (c->is_ending)
            return false;
    }
    loop_fd_want(c->socket->loop, &c->watch, c->out.len ? LOOP_READ | LOOP_WRITE : LOOP_READ);
    return true;
}

static void answer_json(struct client *c, const char *line, size_t len)
{
    struct arena arena = {0};
    struct err e = {0};
    struct ban_value command, out = {0};
    int rc = json_value_parse(&command, line, len, &arena, &e);
    if (rc == 0)
        rc = c->socket->fn(c->socket->ctx, &command, &arena, &out, &e);
    struct str text = str_of(0);
    struct json_out j = json_out_of(&text);
    json_array(&j, NULL);
    json_i64(&j, NULL, rc < 0);
    if (rc < 0)
        json_text(&j, NULL, e.text);
    else
        ban_value_json(&out, &j, NULL);
    json_end(&j);
    str_add(&c->out, str_text(&text));
    str_add_char(&c->out, '\n');
    str_done(&text);
    arena_done(&arena);
}

static void answer_pickle(struct client *c, const char *data, size_t len)
{
    struct arena arena = {0};
    struct err e = {0};
    struct ban_value command, out = {0};
    int rc = pickle_read(&command, data, len, &arena, &e);
    if (rc == 0)
        rc = c->socket->fn(c->socket->ctx, &command, &arena, &out, &e);
    pickle_write_answer(&out, rc < 0 ? e.text : NULL, &c->out);
    str_add(&c->out, end_of_command);
    arena_done(&arena);
}

/* All whole commands in the buffer. */
static void take_commands(struct client *c)
{
    size_t at = 0;
    while (at < c->in.len && !c->is_ending) {
        const char *text = c->in.text + at;
        size_t left = c->in.len - at;
        if (*text == '\n' || *text == '\r' || *text == ' ') {
            at++;
            continue;
        }
        if (*text == '<' && left >= sizeof close_command - 1 &&
            memcmp(text, close_command, sizeof close_command - 1) == 0) {
            c->is_ending = true;
            break;
        }
        bool is_pickle = (uint8_t)*text == 0x80;
        const char *end = is_pickle ? memmem(text, left, end_of_command, sizeof end_of_command - 1)
                                    : memchr(text, '\n', left);
        if (!end)
            break;
        if (is_pickle)
            answer_pickle(c, text, (size_t)(end - text));
        else
            answer_json(c, text, (size_t)(end - text));
        at += (size_t)(end - text) + (is_pickle ? sizeof end_of_command - 1 : 1);
    }
    memmove(c->in.text, c->in.text + at, c->in.len - at);
    str_cut(&c->in, c->in.len - at);
}

static void on_client(struct loop_fd *watch, unsigned ready)
{
    struct client *c = watch->ctx;
    char block[16 << 10];
    ssize_t got = 1;
    if (ready & LOOP_READ) {
        while ((got = recv(watch->fd, block, sizeof block, MSG_DONTWAIT)) > 0)
            str_add_len(&c->in, block, (size_t)got);
        if (c->in.len && !c->in.full)
            take_commands(c);
    }
    bool gone = got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
    if (c->in.full || !flush(c) || gone)
        drop(c);
}

static void on_listen(struct loop_fd *watch, unsigned ready)
{
    struct ban_socket *s = watch->ctx;
    struct err e = {0};
    (void)ready;
    /* cppcheck-suppress nullPointer ; accept4(2) takes NULL for "do not tell" */
    int fd = accept4(watch->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0)
        return;
    struct ucred peer;
    socklen_t len = sizeof peer;
    /* the mode of the socket keeps others out already */
    bool trusted = getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0 &&
                   (peer.uid == 0 || peer.uid == geteuid());
    if (!trusted || s->count == BAN_SOCKET_CLIENTS_MAX) {
        close(fd);
        return;
    }
    struct client *c = mem_zero(sizeof *c);
    c->socket = s;
    c->in = str_of(BAN_SOCKET_COMMAND_MAX);
    c->watch = (struct loop_fd){.fn = on_client, .ctx = c, .fd = fd};
    c->next = s->first;
    s->first = c;
    s->count++;
    if (loop_fd_add(s->loop, &c->watch, LOOP_READ, &e) < 0) {
        c->watch.fd = fd;
        drop(c);
    }
}

int ban_socket_open(struct ban_socket **out, struct loop *loop, const char *path, ban_socket_fn *fn,
                    void *ctx, struct err *e)
{
    int fd;
    int rc = sock_unix_listen(path, 0600, &fd, e);
    if (rc < 0)
        return rc;
    struct ban_socket *s = mem_zero(sizeof *s);
    *s = (struct ban_socket){.loop = loop, .path = mem_copy_text(path), .fn = fn, .ctx = ctx};
    s->watch = (struct loop_fd){.fn = on_listen, .ctx = s, .fd = fd};
    rc = loop_fd_add(loop, &s->watch, LOOP_READ, e);
    if (rc < 0) {
        s->watch.fd = fd;
        ban_socket_close(s);
        return rc;
    }
    *out = s;
    return 0;
}

void ban_socket_close(struct ban_socket *s)
{
    if (!s)
        return;
    while (s->first) {
        (void)flush(s->first);
        drop(s->first);
    }
    int fd = s->watch.fd;
    loop_fd_remove(s->loop, &s->watch);
    close(fd);
    unlink(s->path);
    mem_free(s->path);
    mem_free(s);
}
