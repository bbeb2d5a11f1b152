/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/relay/sink.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "core/base/str.h"
#include "sys/io/sock.h"

enum {
    CLIENTS_MAX = 64,
    BACKLOG = 128,
    READ_LEN = 16384,
    LINE_MAX_BYTES = 65536,
    MAIL_MAX = 1 << 20,
    IDLE_S = 60,
};

struct visitor {
    struct visitor *next;
    struct sink *sink;
    struct loop_fd watch;
    struct loop_timer idle;
    int fd;
    bool in_data;
    struct str in, mail;
};

struct sink {
    struct loop *loop;
    struct loop_fd watch;
    int fd;
    sink_fn *fn;
    void *ctx;
    struct visitor *visitors;
    unsigned count;
};

static void dismiss(struct visitor *v)
{
    struct visitor **at = &v->sink->visitors;
    while (*at != v)
        at = &(*at)->next;
    *at = v->next;
    v->sink->count--;
    loop_fd_remove(v->sink->loop, &v->watch);
    loop_timer_stop(v->sink->loop, &v->idle);
    close(v->fd);
    str_done(&v->in);
    str_done(&v->mail);
    mem_free(v);
}

static void answer(struct visitor *v, const char *text)
{
    (void)!send(v->fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT); /* less than a segment */
}

static bool is_verb(const char *line, const char *verb)
{
    size_t len = strlen(verb);
    return strncasecmp(line, verb, len) == 0 && (!line[len] || line[len] == ' ');
}

static void end_mail(struct visitor *v)
{
    v->in_data = false;
    v->sink->fn(v->sink->ctx, str_text(&v->mail), v->mail.len);
    str_reset(&v->mail);
    answer(v, "250 2.0.0 taken\r\n");
}

/* false: he said QUIT. */
static bool hear_line(struct visitor *v, const char *line, size_t len)
{
    if (v->in_data && strcmp(line, ".") == 0) {
        end_mail(v);
    } else if (v->in_data) {
        str_add_len(&v->mail, line, len);
        str_add_char(&v->mail, '\n');
    } else if (is_verb(line, "DATA")) {
        v->in_data = true;
        answer(v, "354 go on\r\n");
    } else if (is_verb(line, "QUIT")) {
        answer(v, "221 2.0.0 bye\r\n");
        return false;
    } else {
        answer(v, "250 2.0.0 ok\r\n");
    }
    return true;
}

/* false: the connection is over. */
static bool hear_lines(struct visitor *v)
{
    char *text = v->in.text, *lf;
    size_t at = 0;
    bool stays = true;
    while (stays && at < v->in.len && (lf = memchr(text + at, '\n', v->in.len - at))) {
        size_t len = (size_t)(lf - (text + at)), shown = len;
        shown -= shown && text[at + shown - 1] == '\r';
        text[at + shown] = '\0';
        stays = hear_line(v, text + at, shown);
        at += len + 1;
    }
    memmove(text, text + at, v->in.len - at);
    str_cut(&v->in, v->in.len - at);
    return stays && v->in.len < LINE_MAX_BYTES;
}

static void visitor_ready(struct loop_fd *w, unsigned ready)
{
    struct visitor *v = w->ctx;
    char data[READ_LEN];
    (void)ready;
    ssize_t got = recv(v->fd, data, sizeof data, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got > 0)
        str_add_len(&v->in, data, (size_t)got);
    if (got <= 0 || !hear_lines(v))
        dismiss(v);
    else
        loop_timer_set(v->sink->loop, &v->idle, loop_now_ns(v->sink->loop) + IDLE_S * NS_PER_S);
}

static void idle_due(struct loop_timer *t)
{
    dismiss(t->ctx);
}

static void welcome(struct sink *s, int fd)
{
    struct visitor *v = mem_zero(sizeof *v);
    struct err e;
    *v = (struct visitor){.next = s->visitors,
                          .sink = s,
                          .fd = fd,
                          .in = str_of(LINE_MAX_BYTES + READ_LEN),
                          .mail = str_of(MAIL_MAX)};
    v->watch = (struct loop_fd){.fn = visitor_ready, .ctx = v, .fd = fd};
    v->idle = (struct loop_timer){.fn = idle_due, .ctx = v};
    s->visitors = v;
    s->count++;
    if (loop_fd_add(s->loop, &v->watch, LOOP_READ, &e)) {
        v->watch.fd = -1;
        dismiss(v);
        return;
    }
    loop_timer_set(s->loop, &v->idle, loop_now_ns(s->loop) + IDLE_S * NS_PER_S);
    answer(v, "220 sink ESMTP\r\n");
}

static void knock(struct loop_fd *w, unsigned ready)
{
    struct sink *s = w->ctx;
    (void)ready;
    /* cppcheck-suppress nullPointer ; accept4(2) takes NULL for "do not tell" */
    int fd = accept4(s->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0)
        return;
    if (s->count >= CLIENTS_MAX)
        close(fd);
    else
        welcome(s, fd);
}

int sink_open(struct sink **out, struct loop *loop, const struct endpoint *at, sink_fn *fn,
              void *ctx, struct err *e)
{
    int fd = -1, rc = sock_listen(at, BACKLOG, &fd, e);
    if (rc)
        return err_wrap(e, "sink");
    struct sink *s = mem_zero(sizeof *s);
    *s = (struct sink){.loop = loop, .fd = fd, .fn = fn, .ctx = ctx};
    s->watch = (struct loop_fd){.fn = knock, .ctx = s, .fd = fd};
    rc = loop_fd_add(loop, &s->watch, LOOP_READ, e);
    if (rc) {
        close(fd);
        mem_free(s);
        return rc;
    }
    *out = s;
    return 0;
}

void sink_close(struct sink *s)
{
    if (!s)
        return;
    while (s->visitors)
        dismiss(s->visitors);
    loop_fd_remove(s->loop, &s->watch);
    close(s->fd);
    mem_free(s);
}
