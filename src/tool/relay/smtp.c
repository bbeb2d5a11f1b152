/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/relay/smtp.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/io/sock.h"

enum { READ_LEN = 4096 };

void smtp_open(struct smtp *s)
{
    s->fd = -1;
    s->in = str_of(REPLY_BYTES_MAX + READ_LEN);
}

void smtp_disconnect(struct smtp *s)
{
    tls_close(s->tls);
    s->tls = NULL;
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
    str_reset(&s->in);
}

void smtp_close(struct smtp *s)
{
    smtp_disconnect(s);
    str_done(&s->in);
    reply_done(&s->reply);
    reply_done(&s->hello);
}

static int fail(struct smtp *s, struct err *e, int code, const char *words)
{
    smtp_disconnect(s);
    return err_set(e, code, "%s", words);
}

static void tell(struct smtp *s, char way, const char *line)
{
    if (s->line)
        s->line(s->line_ctx, way, line);
}

/* ---- waiting ---- */

struct wait {
    struct loop_fd watch;
    struct loop_timer limit;
    bool ready, late;
};

static void wait_ready(struct loop_fd *w, unsigned ready)
{
    struct wait *wait = w->ctx;
    (void)ready;
    wait->ready = true;
}

static void wait_late(struct loop_timer *t)
{
    struct wait *wait = t->ctx;
    wait->late = true;
}

/* Run the loop until the descriptor is ready.  0, or -ETIMEDOUT at `end_ns`. */
static int wait_for(struct smtp *s, unsigned what, uint64_t end_ns, struct err *e)
{
    struct wait wait = {.watch = {.fn = wait_ready, .fd = s->fd}, .limit = {.fn = wait_late}};
    wait.watch.ctx = wait.limit.ctx = &wait;
    int rc = loop_fd_add(s->loop, &wait.watch, what, e);
    if (rc)
        return rc;
    loop_timer_set(s->loop, &wait.limit, end_ns);
    while (rc == 0 && !wait.ready && !wait.late)
        rc = loop_step(s->loop, UINT64_MAX, e);
    loop_fd_remove(s->loop, &wait.watch);
    loop_timer_stop(s->loop, &wait.limit);
    return rc ? rc : wait.ready ? 0 : -ETIMEDOUT;
}

static uint64_t limit_of(const struct smtp *s)
{
    return clock_mono_ns(loop_clock(s->loop)) + s->reply_ns;
}

/* ---- bytes ---- */

static int wait_io(struct smtp *s, unsigned what, uint64_t end_ns, struct err *e)
{
    int rc = wait_for(s, what, end_ns, e);
    return rc == -ETIMEDOUT ? fail(s, e, rc, "the server is too slow") : rc;
}

static int wait_tls(struct smtp *s, enum tls_state state, uint64_t end_ns, struct err *e)
{
    if (state == TLS_WANT_READ || state == TLS_WANT_WRITE)
        return wait_io(s, state == TLS_WANT_READ ? LOOP_READ : LOOP_WRITE, end_ns, e);
    if (state == TLS_CLOSED || state == TLS_CUT)
        return fail(s, e, -ECONNRESET, "the server ended the connection");
    smtp_disconnect(s);
    return e->code ? e->code : err_set(e, -EPROTO, "TLS failed");
}

static int send_all(struct smtp *s, const char *data, size_t len, struct err *e)
{
    uint64_t end_ns = limit_of(s);
    while (len) {
        size_t part = 0;
        int rc = 0;
        if (s->tls) {
            enum tls_state state = tls_write(s->tls, data, len, &part, e);
            rc = state == TLS_DONE ? 0 : wait_tls(s, state, end_ns, e);
        } else {
            ssize_t sent = send(s->fd, data, len, MSG_NOSIGNAL | MSG_DONTWAIT);
            if (sent < 0 && errno != EAGAIN)
                return fail(s, e, -errno, strerror(errno));
            part = sent > 0 ? (size_t)sent : 0;
            rc = part ? 0 : wait_io(s, LOOP_WRITE, end_ns, e);
        }
        if (rc)
            return rc;
        data += part;
        len -= part;
    }
    return 0;
}

/* Some more of what the server says, into s->in. */
static int receive(struct smtp *s, uint64_t end_ns, struct err *e)
{
    char data[READ_LEN];
    for (;;) {
        size_t got = 0;
        int rc = 0;
        if (s->tls) {
            enum tls_state state = tls_read(s->tls, data, sizeof data, &got, e);
            rc = state == TLS_DONE ? 0 : wait_tls(s, state, end_ns, e);
        } else {
            ssize_t len = recv(s->fd, data, sizeof data, MSG_DONTWAIT);
            if (len == 0)
                return fail(s, e, -ECONNRESET, "the server ended the connection");
            if (len < 0 && errno != EAGAIN)
                return fail(s, e, -errno, strerror(errno));
            got = len > 0 ? (size_t)len : 0;
            rc = got ? 0 : wait_io(s, LOOP_READ, end_ns, e);
        }
        if (rc)
            return rc;
        if (got) {
            str_add_len(&s->in, data, got);
            return 0;
        }
    }
}

/* ---- replies ---- */

/* Take one line off s->in, if a whole one is there. */
static enum reply_state next_line(struct smtp *s, bool *out_any)
{
    char *text = s->in.text;
    char *lf = s->in.len ? memchr(text, '\n', s->in.len) : NULL;
    *out_any = lf != NULL;
    if (!lf)
        return s->in.len > REPLY_BYTES_MAX ? REPLY_BAD : REPLY_MORE;
    size_t len = (size_t)(lf - text), shown = len;
    enum reply_state state = reply_line(&s->reply, text, len);
    *lf = '\0';
    shown -= shown && text[shown - 1] == '\r';
    text[shown] = '\0';
    tell(s, '<', text);
    memmove(text, lf + 1, s->in.len - len - 1);
    str_cut(&s->in, s->in.len - len - 1);
    return state;
}

static int read_reply(struct smtp *s, struct err *e)
{
    uint64_t end_ns = limit_of(s);
    reply_begin(&s->reply);
    for (;;) {
        bool any;
        enum reply_state state = next_line(s, &any);
        if (state == REPLY_BAD)
            return fail(s, e, -EPROTO, "the server does not speak SMTP");
        if (state == REPLY_DONE)
            return 0;
        if (any) {
            if (clock_mono_ns(loop_clock(s->loop)) > end_ns)
                return fail(s, e, -ETIMEDOUT, "the server's reply does not end");
            continue;
        }
        int rc = receive(s, end_ns, e);
        if (rc)
            return rc;
    }
}

static int say(struct smtp *s, const char *line, struct err *e)
{
    struct str out = str_of(0);
    if (s->fd < 0)
        return err_set(e, -ENOTCONN, "not connected");
    str_addf(&out, "%s\r\n", line);
    tell(s, '>', line);
    int rc = send_all(s, str_text(&out), out.len, e);
    str_done(&out);
    return rc;
}

/* A server that hangs up behind its 421 is told as what it said; the next command finds it gone. */
int smtp_command(struct smtp *s, const char *line, struct err *e)
{
    int rc = say(s, line, e);
    return rc ? rc : read_reply(s, e);
}

int smtp_pair(struct smtp *s, const char *line, const char *next, int *first, struct err *e)
{
    bool ahead = s->is_esmtp && reply_offers(&s->hello, "PIPELINING");
    int rc = say(s, line, e);
    if (rc == 0 && ahead)
        rc = say(s, next, e);
    rc = rc ? rc : read_reply(s, e);
    if (rc)
        return rc;
    *first = s->reply.code;
    if (ahead)
        return read_reply(s, e);
    return reply_is(&s->reply, 2) ? smtp_command(s, next, e) : 0;
}

/* ---- the beginning ---- */

static int shake(struct smtp *s, struct err *e)
{
    uint64_t end_ns = limit_of(s);
    s->tls = tls_open(s->tls_context, s->fd, NULL, e);
    if (!s->tls)
        return fail(s, e, -EPROTO, "TLS failed");
    for (;;) {
        enum tls_state state = tls_handshake(s->tls, e);
        if (state == TLS_DONE) {
            tell(s, '*', tls_version(s->tls));
            return 0;
        }
        int rc = wait_tls(s, state, end_ns, e);
        if (rc)
            return rc;
    }
}

static int through_proxy(struct smtp *s, const struct smtp_way *way, struct err *e)
{
    struct proxy_client p;
    enum proxy_state state = PROXY_MORE;
    uint64_t end_ns = limit_of(s);
    int rc = proxy_client_begin(&p, way->proxy, &way->through, e);
    while (rc == 0 && state == PROXY_MORE) {
        size_t used = 0;
        rc = send_all(s, str_text(&p.out), p.out.len, e);
        str_reset(&p.out);
        rc = rc ? rc : receive(s, end_ns, e);
        if (rc)
            break;
        state = proxy_client_feed(&p, s->in.text, s->in.len, &used, e);
        memmove(s->in.text, s->in.text + used, s->in.len - used);
        str_cut(&s->in, s->in.len - used);
    }
    proxy_client_done(&p);
    if (rc == 0 && state == PROXY_AGAIN)
        return fail(s, e, -EACCES, "the proxy asks for a login");
    if (rc == 0 && state == PROXY_REFUSED)
        smtp_disconnect(s);
    return rc ? rc : state == PROXY_OPEN ? 0 : e->code;
}

static int connect_to(struct smtp *s, const struct smtp_way *way, struct err *e)
{
    s->fd = sock_new(way->to.addr.family, SOCK_STREAM);
    if (s->fd < 0)
        return err_set(e, s->fd, "socket: %s", strerror(-s->fd));
    struct endpoint from = way->from;
    if (from.addr.family == ADDR_NONE)
        from.addr = (struct addr){.family = way->to.addr.family};
    if ((way->from.addr.family || from.port) && sock_bind(s->fd, &from, e)) {
        smtp_disconnect(s);
        return e->code;
    }
    int rc = sock_connect(s->fd, &way->to);
    if (rc == -EINPROGRESS) {
        rc = wait_for(s, LOOP_WRITE, limit_of(s), e);
        rc = rc ? rc : sock_error(s->fd);
    }
    return rc ? fail(s, e, rc, strerror(-rc)) : 0;
}

int smtp_connect(struct smtp *s, const struct smtp_way *way, struct err *e)
{
    smtp_disconnect(s);
    s->injected = false;
    int rc = connect_to(s, way, e);
    if (rc == 0 && way->proxy)
        rc = through_proxy(s, way, e);
    if (rc == 0 && way->tls_first)
        rc = shake(s, e);
    return rc ? rc : read_reply(s, e);
}

static int greet(struct smtp *s, const char *verb, const char *name, struct err *e)
{
    struct str line = str_of(0);
    str_addf(&line, "%s %s", verb, name);
    int rc = smtp_command(s, str_text(&line), e);
    str_done(&line);
    return rc;
}

int smtp_hello(struct smtp *s, const char *name, struct err *e)
{
    int rc = greet(s, "EHLO", name, e);
    s->is_esmtp = rc == 0 && reply_is(&s->reply, 2);
    if (rc == 0 && !s->is_esmtp && s->reply.code != 421)
        rc = greet(s, "HELO", name, e);
    if (rc)
        return rc;
    reply_begin(&s->hello);
    s->hello.code = s->reply.code;
    str_add(&s->hello.text, str_text(&s->reply.text));
    return 0;
}

/* What the server sent before TLS and we had not asked for is not believed after it: it could be
 * anybody's (CVE-2011-0411). */
int smtp_starttls(struct smtp *s, struct err *e)
{
    int rc = smtp_command(s, "STARTTLS", e);
    if (rc)
        return rc;
    if (s->reply.code != 220)
        return err_set(e, -ENOTSUP, "STARTTLS was refused");
    s->injected = s->in.len != 0;
    str_reset(&s->in);
    return shake(s, e);
}

int smtp_message(struct smtp *s, const char *text, struct err *e)
{
    struct str out = str_of(0);
    while (*text) {
        size_t len = strcspn(text, "\n");
        if (*text == '.') /* RFC 5321 4.5.2 */
            str_add_char(&out, '.');
        str_add_len(&out, text, len);
        str_add(&out, "\r\n");
        text += len + (text[len] == '\n');
    }
    str_add(&out, ".\r\n");
    tell(s, '>', "(message)");
    tell(s, '>', ".");
    int rc = send_all(s, str_text(&out), out.len, e);
    str_done(&out);
    return rc ? rc : read_reply(s, e);
}
