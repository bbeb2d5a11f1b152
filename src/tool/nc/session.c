/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nc/session.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "core/base/mem.h"
#include "tool/nc/exec.h"
#include "tool/nc/handshake.h"

struct session {
    struct session_spec spec;
    struct nc_end local;
    struct handshake *shake;
    struct pump *pump;
    struct exec *exec;
    struct loop_timer start;
    bool has_local;
};

static void tell(struct session *s, enum pump_end end, const struct err *e)
{
    static const struct err none;
    s->spec.done(s->spec.ctx, s, end, e ? e : &none);
}

/* ---- the rules of the manner ---- */

static struct pump_rules rules_of(const struct nc_options *o, bool inbound)
{
    const struct nc_manner *m = o->manner;
    struct pump_rules r = {
        .no_input = o->no_stdin || o->recv_only,
        .no_output = o->send_only,
        .shut_remote = o->shut_at_eof && !o->no_shutdown,
        .end_with_local = o->send_only,
        .end_with_remote = inbound || m->ends_with_peer || o->no_stdin || o->recv_only,
        .idle_ns = (uint64_t)o->idle_ns,
        .messages_max = (uint64_t)o->packet_max,
        .line_ns = (uint64_t)o->interval_ns,
        .chunk_ns = (uint64_t)o->delay_ns,
        .crlf = o->crlf,
        .telnet = o->telnet,
    };
    r.has_quit = o->quit_after_ns >= 0 || o->last_read_ns > 0;
    r.quit_ns = (uint64_t)(o->quit_after_ns >= 0 ? o->quit_after_ns : o->last_read_ns);
    r.quit_at_silence = o->quit_after_ns < 0;
    if (o->udp && m->udp_ends_at_eof && !inbound && !r.has_quit) {
        r.has_quit = r.quit_at_silence = true; /* long enough for the answer to arrive */
        r.quit_ns = NS_PER_S;
    }
    return r;
}

/* ---- standard input and output ---- */

static void pump_over(void *ctx, enum pump_end end, const struct err *e)
{
    struct session *s = ctx;
    struct nc_context *c = s->spec.c;
    c->sent += pump_sent(s->pump);
    c->received += pump_received(s->pump);
    if (pump_was_cut(s->pump) && c->o->verbose)
        nc_complain(c, "the peer ended TLS without a close_notify: the data may be cut short");
    tell(s, end, e);
}

static void start_pump(struct session *s)
{
    struct nc_context *c = s->spec.c;
    nc_end_standard(&s->local, c->in_fd, c->out_fd);
    s->has_local = true;
    struct pump_spec spec = {.loop = c->loop,
                             .local = &s->local,
                             .remote = &s->spec.end,
                             .rules = rules_of(c->o, s->spec.inbound),
                             .done = pump_over,
                             .ctx = s};
    for (int i = 0; i < 2; i++)
        spec.dump[i] = c->dump[i].fd >= 0 ? &c->dump[i] : NULL;
    s->pump = pump_new(&spec);
}

/* -F: the connected socket goes to whoever holds the other end of standard output, ssh(1)'s
 * ProxyUseFdpass. */
static void pass_descriptor(struct session *s)
{
    char byte = 0;
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct iovec part = {&byte, 1};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    head->cmsg_len = CMSG_LEN(sizeof(int));
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    memcpy(CMSG_DATA(head), &s->spec.end.in_fd, sizeof(int));
    struct err e = {0};
    if (sendmsg(s->spec.c->out_fd, &message, MSG_NOSIGNAL) < 0)
        (void)err_set(&e, -errno, "sendmsg: %s", strerror(errno));
    tell(s, e.code ? PUMP_LOCAL_GONE : PUMP_DONE, &e);
}

/* ---- a program ---- */

static void exec_over(void *ctx)
{
    tell(ctx, PUMP_DONE, NULL);
}

static void start_exec(struct session *s)
{
    struct err e = {0};
    if (exec_new(&s->exec, s->spec.c, &s->spec.end, &s->spec.from, &s->spec.at, exec_over, s, &e)) {
        s->exec = NULL;
        nc_complain(s->spec.c, "%s", e.text);
        tell(s, PUMP_FAULT, &e);
    }
}

/* ---- beginning ---- */

static void begin(struct session *s)
{
    const struct nc_options *o = s->spec.c->o;
    if (o->pass_descriptor)
        pass_descriptor(s);
    else if (o->program)
        start_exec(s);
    else
        start_pump(s);
}

static void shaken(void *ctx, const struct err *e)
{
    struct session *s = ctx;
    handshake_close(s->shake);
    s->shake = NULL;
    if (e)
        tell(s, PUMP_FAULT, e);
    else
        begin(s);
}

static void start_due(struct loop_timer *t)
{
    struct session *s = t->ctx;
    struct nc_context *c = s->spec.c;
    struct err e = {0};
    if (!c->tls || s->spec.end.tls) {
        begin(s);
        return;
    }
    s->spec.end.tls = tls_open(c->tls, s->spec.end.in_fd, NULL, &e);
    if (!s->spec.end.tls)
        tell(s, PUMP_FAULT, &e);
    else
        s->shake = handshake_new(c->loop, &s->spec.end, (uint64_t)c->o->connect_ns, shaken, s);
}

struct session *session_new(const struct session_spec *spec)
{
    struct session *s = mem_zero(sizeof *s);
    s->spec = *spec;
    s->start = (struct loop_timer){.fn = start_due, .ctx = s};
    loop_timer_set(spec->c->loop, &s->start, 0);
    return s;
}

void session_close(struct session *s)
{
    if (!s)
        return;
    loop_timer_stop(s->spec.c->loop, &s->start);
    handshake_close(s->shake);
    pump_close(s->pump);
    exec_close(s->exec);
    if (s->has_local)
        nc_end_close(&s->local);
    nc_end_close(&s->spec.end);
    mem_free(s);
}
