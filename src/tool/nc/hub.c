/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said is kept once, in a list of chunks; each member stands somewhere in it.  A chunk goes
 * when nobody stands at it any more.  Who lags far behind first slows the speakers down and then,
 * if he does not read at all, is let go: one client cannot hold up the others, nor fill memory. */
#include "tool/nc/hub.h"

#include <errno.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/text/utf8.h"
#include "tool/nc/crlf.h"
#include "tool/nc/flow.h"
#include "tool/nc/handshake.h"

enum {
    READ_LEN = 64 * 1024,
    BACKLOG_MAX = 4 << 20, /* bytes kept before the speakers have to wait */
    STALL_S = 5,           /* how long somebody may read nothing while they wait */
    READS = 16,            /* of one member before others have their turn */
};

struct member;

struct chunk {
    struct chunk *next;
    const struct member *speaker; /* who does not hear it; NULL: said by us */
    unsigned readers;             /* members that stand here */
    size_t len;
    uint8_t data[];
};

struct member {
    struct member *next, *previous;
    struct hub *hub;
    struct nc_end end;
    struct nc_peer from;
    struct handshake *shake;
    struct loop_fd watch;
    struct loop_timer idle;
    struct chunk *at; /* NULL: has heard all */
    size_t offset;
    uint64_t active_ns, progress_ns;
    unsigned number;
    bool joined, writable, shut, over;
};

struct hub {
    struct nc_context *c;
    hub_done_fn *done;
    void *ctx;
    struct member *members;
    unsigned count, numbers;
    struct chunk *first, *last;
    size_t backlog;
    bool paused;
    struct nc_end local;
    struct loop_fd in, out;
    struct str output; /* for standard output, not written yet */
    struct loop_timer again, stall;
    bool input_over, told;
    uint8_t *buffer;
    struct crlf crlf;
};

static void go_on(struct hub *h)
{
    if (!h->again.slot)
        loop_timer_set(h->c->loop, &h->again, 0);
}

static void tell(struct hub *h, int status)
{
    if (h->told)
        return;
    h->told = true;
    h->done(h->ctx, status);
}

/* ---- chunks ---- */

static void drop_heard(struct hub *h)
{
    while (h->first && h->first->readers == 0) {
        struct chunk *gone = h->first;
        h->first = gone->next;
        if (!h->first)
            h->last = NULL;
        h->backlog -= gone->len;
        mem_free(gone);
    }
}

static void stand_at(struct member *m, struct chunk *c)
{
    if (m->at)
        m->at->readers--;
    while (c && c->speaker == m) /* one's own words are not repeated to him */
        c = c->next;
    m->at = c;
    m->offset = 0;
    if (c)
        c->readers++;
}

static void set_wants(struct member *m)
{
    unsigned read = m->hub->paused || m->hub->c->o->send_only ? 0U : LOOP_READ;
    loop_fd_want(m->hub->c->loop, &m->watch, read | (m->at && !m->writable ? LOOP_WRITE : 0U));
}

static void hear(struct member *m);

static void say(struct hub *h, const struct member *speaker, const void *data, size_t len)
{
    if (len == 0 || h->count == 0)
        return;
    struct chunk *c = mem_zero(sizeof *c + len);
    c->speaker = speaker;
    c->len = len;
    memcpy(c->data, data, len);
    if (h->last)
        h->last->next = c;
    else
        h->first = c;
    h->last = c;
    h->backlog += len;
    struct member *next;
    for (struct member *m = h->members; m; m = next) {
        next = m->next;
        if (m->joined && !m->over && !m->at) {
            stand_at(m, c);
            hear(m);
        }
    }
    drop_heard(h);
}

static void announce(struct hub *h, const struct member *m, const char *words)
{
    struct str text = str_of(0);
    str_addf(&text, "<announce> %s\n", words);
    say(h, m, str_text(&text), text.len);
    str_done(&text);
}

/* ---- members ---- */

/* Only marks: whoever is in the middle of the list goes on in peace. */
static void leave(struct member *m)
{
    if (m->over)
        return;
    m->over = true;
    stand_at(m, NULL);
    loop_fd_remove(m->hub->c->loop, &m->watch);
    go_on(m->hub);
}

static void free_member(struct member *m)
{
    struct hub *h = m->hub;
    if (m->previous)
        m->previous->next = m->next;
    else
        h->members = m->next;
    if (m->next)
        m->next->previous = m->previous;
    h->count--;
    handshake_close(m->shake);
    loop_fd_remove(h->c->loop, &m->watch);
    loop_timer_stop(h->c->loop, &m->idle);
    for (struct chunk *c = h->first; c; c = c->next)
        if (c->speaker == m)
            c->speaker = NULL;
    nc_end_close(&m->end);
    mem_free(m);
}

/* Write what is due to him. */
static void hear(struct member *m)
{
    while (m->at && m->writable && !m->over) {
        size_t sent = 0;
        enum nc_io io =
            nc_end_write(&m->end, m->at->data + m->offset, m->at->len - m->offset, &sent);
        if (io == NC_IO_WAIT_WRITE || io == NC_IO_WAIT_READ) {
            m->writable = false;
            break;
        }
        if (io != NC_IO_DONE) {
            leave(m);
            return;
        }
        m->offset += sent;
        m->active_ns = m->progress_ns = loop_now_ns(m->hub->c->loop);
        m->hub->c->sent += sent;
        if (m->offset == m->at->len)
            stand_at(m, m->at->next);
    }
    if (!m->over)
        set_wants(m);
}

/* ---- what they say ---- */

/* In three octal digits, as ncat shows what a terminal must not see. */
static void add_harmless(struct str *out, const uint8_t *data, size_t len)
{
    for (size_t i = 0; i < len;) {
        uint32_t point = 0;
        size_t size = utf8_decode(data + i, len - i, &point);
        bool plain = size && ((point >= 0x20 && point < 0x7f) || point >= 0xa0 || point == '\n' ||
                              point == '\r' || point == '\t');
        if (plain)
            str_add_len(out, data + i, size);
        else
            str_addf(out, "\\%03o", data[i]);
        i += plain ? size : 1;
    }
}

static void write_output(struct hub *h)
{
    while (h->output.len) {
        size_t sent = 0;
        enum nc_io io = nc_end_write(&h->local, h->output.text, h->output.len, &sent);
        if (io == NC_IO_WAIT_WRITE)
            break;
        if (io != NC_IO_DONE) {
            tell(h, 1);
            return;
        }
        memmove(h->output.text, h->output.text + sent, h->output.len - sent);
        str_cut(&h->output, h->output.len - sent);
    }
    loop_fd_want(h->c->loop, &h->out, h->output.len ? LOOP_WRITE : 0U);
}

static void said(struct member *m, const uint8_t *data, size_t len)
{
    struct hub *h = m->hub;
    const struct nc_options *o = h->c->o;
    h->c->received += len;
    for (int i = 0; i < 2; i++)
        dump_write(&h->c->dump[i], DUMP_RECEIVED, data, len);
    if (o->chat) {
        struct str text = str_of(0);
        str_addf(&text, "<user%u> ", m->number);
        add_harmless(&text, data, len);
        say(h, m, str_text(&text), text.len);
        str_done(&text);
    } else if (o->broker) {
        say(h, m, data, len);
    } else {
        str_add_len(&h->output, data, len);
        write_output(h);
    }
}

static bool is_full(const struct hub *h)
{
    return h->backlog > BACKLOG_MAX || h->output.len > BACKLOG_MAX;
}

static void check_pause(struct hub *h)
{
    if (h->paused == is_full(h))
        return;
    h->paused = !h->paused;
    for (struct member *m = h->members; m; m = m->next) {
        m->progress_ns = loop_now_ns(h->c->loop);
        set_wants(m);
    }
    if (h->paused)
        loop_timer_set(h->c->loop, &h->stall, loop_now_ns(h->c->loop) + STALL_S * NS_PER_S);
    else
        go_on(h);
}

static void listen_to(struct member *m)
{
    struct hub *h = m->hub;
    for (int i = 0; i < READS && !m->over && !is_full(h) && !h->told; i++) {
        size_t got = 0;
        enum nc_io io = nc_end_read(&m->end, h->buffer, READ_LEN, &got);
        if (io == NC_IO_WAIT_READ || io == NC_IO_WAIT_WRITE)
            break;
        if (io != NC_IO_DONE) {
            leave(m);
            break;
        }
        m->active_ns = loop_now_ns(h->c->loop);
        said(m, h->buffer, got);
        if (!m->end.tls && !m->end.is_datagram && got < READ_LEN &&
            m->end.ahead_at == m->end.ahead_len)
            break;
    }
    check_pause(h);
}

static void member_ready(struct loop_fd *w, unsigned ready)
{
    struct member *m = w->ctx;
    if (ready & LOOP_WRITE || m->end.tls) {
        m->writable = true;
        hear(m);
    }
    if (!m->over && !m->hub->c->o->send_only && (ready & LOOP_READ))
        listen_to(m);
}

static void member_idle(struct loop_timer *t)
{
    struct member *m = t->ctx;
    struct nc_context *c = m->hub->c;
    uint64_t due_ns = m->active_ns + (uint64_t)c->o->idle_ns;
    if (due_ns > loop_now_ns(c->loop))
        loop_timer_set(c->loop, t, due_ns);
    else
        leave(m);
}

static void stall_due(struct loop_timer *t)
{
    struct hub *h = t->ctx;
    uint64_t now_ns = loop_now_ns(h->c->loop);
    if (!h->paused)
        return;
    struct member *next;
    for (struct member *m = h->members; m; m = next) {
        next = m->next;
        if (m->at && now_ns - m->progress_ns >= STALL_S * NS_PER_S)
            leave(m);
    }
    loop_timer_set(h->c->loop, t, now_ns + STALL_S * NS_PER_S);
}

/* ---- joining ---- */

static void greet(struct member *m)
{
    struct hub *h = m->hub;
    struct str words = str_of(0);
    char text[ADDR_TEXT_MAX];
    str_addf(&words, "%s is connected as <user%u>.",
             m->from.path ? m->from.path : addr_format(&m->from.at.addr, text), m->number);
    announce(h, NULL, str_text(&words));
    str_done(&words);
}

static void join(struct member *m)
{
    struct hub *h = m->hub;
    struct err e;
    m->joined = m->writable = true;
    m->active_ns = m->progress_ns = loop_now_ns(h->c->loop);
    m->watch = (struct loop_fd){.fn = member_ready, .ctx = m, .fd = m->end.in_fd};
    m->idle = (struct loop_timer){.fn = member_idle, .ctx = m};
    if (loop_fd_add(h->c->loop, &m->watch, LOOP_READ, &e)) {
        m->watch.fd = -1;
        leave(m);
        return;
    }
    if (h->c->o->idle_ns)
        loop_timer_set(h->c->loop, &m->idle, m->active_ns + (uint64_t)h->c->o->idle_ns);
    loop_fd_want(h->c->loop, &h->in, LOOP_READ); /* input waits for somebody who hears it */
    if (h->c->o->chat)
        greet(m);
    if (h->input_over && !h->c->o->broker && !h->c->o->no_shutdown)
        nc_end_shut(&m->end);
    if (m->end.tls || m->end.ahead_len)
        listen_to(m); /* what came with the handshake, or before we knew him */
    go_on(h);
}

static void shaken(void *ctx, const struct err *e)
{
    struct member *m = ctx;
    handshake_close(m->shake);
    m->shake = NULL;
    if (e && m->hub->c->o->verbose)
        nc_complain(m->hub->c, "TLS handshake: %s", e->text);
    if (e)
        leave(m);
    else
        join(m);
}

void hub_add(struct hub *h, struct nc_end *end, const struct nc_peer *from)
{
    const struct nc_options *o = h->c->o;
    struct err e;
    if (o->max_connections >= 0 && h->count >= o->max_connections) {
        nc_end_close(end);
        return;
    }
    struct member *m = mem_zero(sizeof *m);
    *m = (struct member){.hub = h,
                         .end = *end,
                         .from = *from,
                         .next = h->members,
                         .watch.fd = -1,
                         .number = ++h->numbers};
    if (h->members)
        h->members->previous = m;
    h->members = m;
    h->count++;
    if (!h->c->tls) {
        join(m);
        return;
    }
    m->end.tls = tls_open(h->c->tls, m->end.in_fd, NULL, &e);
    if (m->end.tls)
        m->shake = handshake_new(h->c->loop, &m->end, (uint64_t)o->connect_ns, shaken, m);
    else
        leave(m);
}

/* ---- our own input ---- */

static void input_ended(struct hub *h)
{
    const struct nc_options *o = h->c->o;
    h->input_over = true;
    loop_fd_remove(h->c->loop, &h->in);
    if (!o->broker && !o->no_shutdown && o->shut_at_eof && !o->udp)
        for (struct member *m = h->members; m; m = m->next)
            m->shut = true;
    go_on(h);
}

static void read_input(struct hub *h)
{
    size_t got = 0;
    if (h->input_over || is_full(h))
        return;
    size_t room = h->c->o->udp ? FLOW_MESSAGE : READ_LEN;
    enum nc_io io = nc_end_read(&h->local, h->buffer, room / 2, &got);
    if (io == NC_IO_WAIT_READ)
        return;
    if (io != NC_IO_DONE || (got == 0 && !h->local.is_datagram)) {
        input_ended(h);
        return;
    }
    const uint8_t *data = h->buffer;
    if (h->c->o->crlf) {
        uint8_t *wide = h->buffer + READ_LEN / 2;
        got = crlf_send(&h->crlf, data, got, wide);
        data = wide;
    }
    for (int i = 0; i < 2; i++)
        dump_write(&h->c->dump[i], DUMP_SENT, data, got);
    if (h->c->o->chat) {
        struct str text = str_of(0);
        str_add(&text, "<user0> ");
        add_harmless(&text, data, got);
        say(h, NULL, str_text(&text), text.len);
        str_done(&text);
    } else {
        say(h, NULL, data, got);
    }
    check_pause(h);
    if (h->local.in_always)
        go_on(h);
}

static void input_ready(struct loop_fd *w, unsigned ready)
{
    (void)ready;
    read_input(w->ctx);
}

static void output_ready(struct loop_fd *w, unsigned ready)
{
    (void)ready;
    write_output(w->ctx);
    check_pause(w->ctx);
}

/* ---- the loop's turn: who left is let go, who was shut is told ---- */

static void announce_gone(struct hub *h, const struct member *m)
{
    struct str words = str_of(0);
    str_addf(&words, "<user%u> is disconnected.", m->number);
    announce(h, m, str_text(&words));
    str_done(&words);
}

static void again_due(struct loop_timer *t)
{
    struct hub *h = t->ctx;
    struct member *next;
    for (struct member *m = h->members; m; m = next) {
        next = m->next;
        if (m->over) {
            if (h->c->o->chat && m->joined)
                announce_gone(h, m);
            free_member(m);
        } else if (m->shut && !m->at) {
            m->shut = false;
            nc_end_shut(&m->end);
        }
    }
    drop_heard(h);
    check_pause(h);
    if (h->input_over && h->c->o->send_only && h->backlog == 0)
        tell(h, 0);
    else if (h->local.in_always && !h->input_over && h->count)
        read_input(h);
}

struct hub *hub_new(struct nc_context *c, hub_done_fn *done, void *ctx)
{
    struct hub *h = mem_zero(sizeof *h);
    struct err e;
    *h = (struct hub){.c = c, .done = done, .ctx = ctx, .output = str_of(0)};
    h->buffer = mem_zero((size_t)2 * READ_LEN);
    h->again = (struct loop_timer){.fn = again_due, .ctx = h};
    h->stall = (struct loop_timer){.fn = stall_due, .ctx = h};
    nc_end_standard(&h->local, c->in_fd, c->out_fd);
    h->input_over = c->o->no_stdin || c->o->recv_only;
    h->in = (struct loop_fd){.fn = input_ready, .ctx = h, .fd = h->local.in_fd};
    h->out = (struct loop_fd){.fn = output_ready, .ctx = h, .fd = h->local.out_fd};
    if (h->input_over || h->local.in_always || loop_fd_add(c->loop, &h->in, 0, &e))
        h->in.fd = -1;
    if (h->local.out_always || h->local.in_fd == h->local.out_fd ||
        loop_fd_add(c->loop, &h->out, 0, &e))
        h->out.fd = -1;
    return h;
}

void hub_close(struct hub *h)
{
    if (!h)
        return;
    while (h->members) {
        stand_at(h->members, NULL);
        free_member(h->members);
    }
    drop_heard(h);
    loop_fd_remove(h->c->loop, &h->in);
    loop_fd_remove(h->c->loop, &h->out);
    loop_timer_stop(h->c->loop, &h->again);
    loop_timer_stop(h->c->loop, &h->stall);
    nc_end_close(&h->local);
    str_done(&h->output);
    mem_free(h->buffer);
    mem_free(h);
}
