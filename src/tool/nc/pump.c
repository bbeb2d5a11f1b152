/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nc/pump.h"

#include <errno.h>
#include <string.h>

#include "core/base/mem.h"
#include "tool/nc/flow.h"

enum { ROUNDS = 64 }; /* steps before others in the loop have their turn */

struct pump {
    struct pump_spec spec;
    struct flow up, down;
    struct loop_fd local_in, local_out, remote;
    struct loop_timer again, idle, quit, chunk_up, chunk_down, tls;
    struct str inject;
    struct crlf crlf;
    struct telnet telnet;
    uint64_t active_ns, received_ns; /* when a byte was last moved; last received */
    uint64_t moved, received;
    bool input_over, output_over, over;
    enum pump_end end; /* once it is over */
    struct err e;
};

/* ---- filters ---- */

static size_t filter_crlf(void *ctx, const uint8_t *in, size_t len, uint8_t *out)
{
    struct pump *p = ctx;
    return crlf_send(&p->crlf, in, len, out);
}

static size_t filter_telnet_up(void *ctx, const uint8_t *in, size_t len, uint8_t *out)
{
    (void)ctx;
    return telnet_send(in, len, out);
}

static size_t filter_telnet_down(void *ctx, const uint8_t *in, size_t len, uint8_t *out)
{
    struct pump *p = ctx;
    memcpy(out, in, len);
    return telnet_receive(&p->telnet, out, len, &p->inject);
}

/* ---- the end ---- */

/* `done` may free us, so it is called with nothing of ours left on the stack. */
static void finish(struct pump *p, enum pump_end end, const struct err *e)
{
    if (p->over)
        return;
    p->over = true;
    p->end = end;
    if (e)
        p->e = *e;
    loop_fd_want(p->spec.loop, &p->local_in, 0);
    loop_fd_want(p->spec.loop, &p->local_out, 0);
    loop_fd_want(p->spec.loop, &p->remote, 0);
    loop_timer_set(p->spec.loop, &p->again, 0);
}

static void quit_due(struct loop_timer *t)
{
    struct pump *p = t->ctx;
    uint64_t due_ns = p->received_ns + p->spec.rules.quit_ns, now_ns = loop_now_ns(p->spec.loop);
    if (p->spec.rules.quit_at_silence && due_ns > now_ns)
        loop_timer_set(p->spec.loop, t, due_ns);
    else
        finish(p, PUMP_DONE, NULL);
}

static void idle_due(struct loop_timer *t)
{
    struct pump *p = t->ctx;
    uint64_t due_ns = p->active_ns + p->spec.rules.idle_ns;
    if (due_ns > loop_now_ns(p->spec.loop))
        loop_timer_set(p->spec.loop, t, due_ns);
    else
        finish(p, PUMP_IDLE, NULL);
}

/* The local source has ended and all of it is sent.  Once. */
static void input_ended(struct pump *p)
{
    const struct pump_rules *r = &p->spec.rules;
    uint64_t now_ns = loop_now_ns(p->spec.loop);
    p->input_over = true;
    if (r->end_with_local || (r->has_quit && r->quit_ns == 0)) {
        finish(p, PUMP_DONE, NULL);
        return;
    }
    if (r->shut_remote && !p->up.broken)
        nc_end_shut(p->spec.remote);
    if (r->has_quit) {
        p->received_ns = now_ns;
        loop_timer_set(p->spec.loop, &p->quit, now_ns + r->quit_ns);
    }
}

/* The remote source has ended and all of it is written.  Once. */
static void output_ended(struct pump *p)
{
    const struct pump_rules *r = &p->spec.rules;
    p->output_over = true;
    if (r->end_with_remote)
        finish(p, p->down.failed ? PUMP_FAULT : PUMP_DONE, &p->down.e);
    else if (r->shut_local)
        nc_end_shut(p->spec.local);
}

static void judge(struct pump *p)
{
    const struct pump_rules *r = &p->spec.rules;
    if (p->down.broken) { /* nobody takes what we write */
        finish(p, PUMP_LOCAL_GONE, &p->down.e);
        return;
    }
    if (r->messages_max && p->down.messages >= r->messages_max && p->down.len == 0)
        finish(p, PUMP_DONE, NULL);
    bool up_over = !r->no_input && (flow_is_drained(&p->up) || p->up.broken);
    bool down_over = !r->no_output && flow_is_drained(&p->down);
    if (up_over && !p->input_over)
        input_ended(p);
    if (down_over && !p->output_over && !p->over)
        output_ended(p);
    /* a reset ends both ways, and so does a datagram socket's "refused" */
    bool refused = p->down.failed || (p->spec.remote->is_datagram && p->up.broken);
    bool both = (up_over || r->no_input) && (down_over || r->no_output);
    if (refused || both)
        finish(p, p->up.broken || p->down.failed ? PUMP_FAULT : PUMP_DONE,
               p->down.failed ? &p->down.e : &p->up.e);
}

/* ---- what is waited for ---- */

static void set_wants(struct pump *p)
{
    struct loop *l = p->spec.loop;
    bool up_read = !p->spec.rules.no_input && flow_wants_read(&p->up);
    bool down_read = !p->spec.rules.no_output && flow_wants_read(&p->down);
    bool up_write = flow_wants_write(&p->up), down_write = flow_wants_write(&p->down);
    unsigned remote = (down_read || p->up.write_waits_to_read ? LOOP_READ : 0U) |
                      (up_write || p->down.read_waits_to_write ? LOOP_WRITE : 0U);
    if (p->local_in.fd == p->local_out.fd || p->local_out.fd < 0)
        loop_fd_want(l, &p->local_in, (up_read ? LOOP_READ : 0U) | (down_write ? LOOP_WRITE : 0U));
    else {
        loop_fd_want(l, &p->local_in, up_read ? LOOP_READ : 0U);
        loop_fd_want(l, &p->local_out, down_write ? LOOP_WRITE : 0U);
    }
    loop_fd_want(l, &p->remote, remote);
    uint64_t wait_ns = p->spec.remote->tls ? tls_wait_ns(p->spec.remote->tls) : UINT64_MAX;
    if (wait_ns != UINT64_MAX)
        loop_timer_set(l, &p->tls, clock_mono_ns(loop_clock(l)) + wait_ns);
}

static void start_pauses(struct pump *p)
{
    const struct pump_rules *r = &p->spec.rules;
    uint64_t now_ns = loop_now_ns(p->spec.loop);
    if (p->up.pause && !p->chunk_up.slot)
        loop_timer_set(p->spec.loop, &p->chunk_up,
                       now_ns + (r->chunk_ns ? r->chunk_ns : r->line_ns));
    if (p->down.pause && !p->chunk_down.slot)
        loop_timer_set(p->spec.loop, &p->chunk_down, now_ns + r->chunk_ns);
}

static void work(struct pump *p)
{
    int rounds = 0;
    bool moved = !p->over;
    while (moved && rounds++ < ROUNDS) {
        moved = !p->spec.rules.no_output && flow_step(&p->down);
        moved |= flow_step(&p->up);
    }
    uint64_t total = p->up.written_bytes + p->down.read_bytes;
    if (total != p->moved)
        p->active_ns = loop_now_ns(p->spec.loop);
    if (p->down.read_bytes != p->received)
        p->received_ns = loop_now_ns(p->spec.loop);
    p->moved = total;
    p->received = p->down.read_bytes;
    start_pauses(p);
    if (!p->over)
        judge(p);
    if (p->over)
        return;
    if (moved)
        loop_timer_set(p->spec.loop, &p->again, 0);
    set_wants(p);
}

static void local_ready(struct loop_fd *w, unsigned ready)
{
    struct pump *p = w->ctx;
    if (ready & LOOP_READ && w == &p->local_in)
        p->up.readable = true;
    if (ready & LOOP_WRITE)
        p->down.writable = true;
    work(p);
}

static void remote_ready(struct loop_fd *w, unsigned ready)
{
    struct pump *p = w->ctx;
    bool tls = p->spec.remote->tls != NULL; /* either flow may have waited for either */
    if (ready & LOOP_READ || tls)
        p->down.readable = true;
    if (ready & LOOP_WRITE || tls)
        p->up.writable = true;
    p->up.write_waits_to_read = p->down.read_waits_to_write = false;
    work(p);
}

static void again_due(struct loop_timer *t)
{
    struct pump *p = t->ctx;
    if (p->over)
        p->spec.done(p->spec.ctx, p->end, &p->e);
    else
        work(p);
}

static void tls_due(struct loop_timer *t)
{
    struct pump *p = t->ctx;
    p->down.readable = true;
    work(p);
}

static void up_pause_over(struct loop_timer *t)
{
    struct pump *p = t->ctx;
    p->up.pause = false;
    work(p);
}

static void down_pause_over(struct loop_timer *t)
{
    struct pump *p = t->ctx;
    p->down.pause = false;
    work(p);
}

/* ---- beginning ---- */

static void open_flows(struct pump *p)
{
    const struct pump_rules *r = &p->spec.rules;
    p->up = (struct flow){.from = p->spec.local,
                          .to = p->spec.remote,
                          .filter_ctx = p,
                          .dump_way = DUMP_SENT,
                          .by_line = r->line_ns != 0,
                          .by_chunk = r->chunk_ns != 0};
    p->down = (struct flow){.from = p->spec.remote,
                            .to = p->spec.local,
                            .filter_ctx = p,
                            .dump_way = DUMP_RECEIVED,
                            .by_chunk = r->chunk_ns != 0,
                            .messages_max = r->messages_max};
    for (int i = 0; i < FLOW_DUMPS; i++)
        p->up.dump[i] = p->down.dump[i] = p->spec.dump[i];
    if (r->crlf)
        p->up.filter[0] = filter_crlf;
    if (r->telnet) {
        p->up.filter[1] = filter_telnet_up;
        p->up.inject = &p->inject;
        p->down.filter[0] = filter_telnet_down;
    }
    flow_open(&p->up);
    flow_open(&p->down);
    if (r->no_input)
        p->up.ended = true;
}

static void watch(struct pump *p, struct loop_fd *w, int fd, loop_fd_fn *fn, bool always)
{
    struct err e;
    *w = (struct loop_fd){.fn = fn, .ctx = p, .fd = always ? -1 : fd};
    if (w->fd >= 0 && loop_fd_add(p->spec.loop, w, 0, &e))
        w->fd = -1; /* closed by who started us: read and write will say so */
}

struct pump *pump_new(const struct pump_spec *spec)
{
    struct pump *p = mem_zero(sizeof *p);
    struct nc_end *local = spec->local;
    p->spec = *spec;
    p->inject = str_of(FLOW_BUFFER);
    open_flows(p);
    watch(p, &p->local_in, local->in_fd, local_ready, local->in_always || spec->rules.no_input);
    bool same = local->out_fd == local->in_fd;
    if (same && spec->rules.no_input)
        watch(p, &p->local_in, local->out_fd, local_ready, local->out_always);
    watch(p, &p->local_out, same ? -1 : local->out_fd, local_ready, local->out_always);
    watch(p, &p->remote, spec->remote->in_fd, remote_ready, false);
    const struct {
        struct loop_timer *timer;
        loop_timer_fn *fn;
    } row[] = {{&p->again, again_due},        {&p->idle, idle_due},
               {&p->quit, quit_due},          {&p->tls, tls_due},
               {&p->chunk_up, up_pause_over}, {&p->chunk_down, down_pause_over}};
    for (size_t i = 0; i < ARRAY_COUNT(row); i++)
        *row[i].timer = (struct loop_timer){.fn = row[i].fn, .ctx = p};
    p->active_ns = p->received_ns = loop_now_ns(spec->loop);
    if (spec->rules.idle_ns)
        loop_timer_set(spec->loop, &p->idle, p->active_ns + spec->rules.idle_ns);
    loop_timer_set(spec->loop, &p->again, 0); /* `done` is never called from here */
    return p;
}

void pump_close(struct pump *p)
{
    if (!p)
        return;
    struct loop *l = p->spec.loop;
    loop_fd_remove(l, &p->local_in);
    loop_fd_remove(l, &p->local_out);
    loop_fd_remove(l, &p->remote);
    struct loop_timer *timer[] = {&p->again, &p->idle,     &p->quit,
                                  &p->tls,   &p->chunk_up, &p->chunk_down};
    for (size_t i = 0; i < ARRAY_COUNT(timer); i++)
        loop_timer_stop(l, timer[i]);
    flow_close(&p->up);
    flow_close(&p->down);
    str_done(&p->inject);
    mem_free(p);
}

uint64_t pump_sent(const struct pump *p)
{
    return p->up.written_bytes;
}

uint64_t pump_received(const struct pump *p)
{
    return p->down.read_bytes;
}

bool pump_was_cut(const struct pump *p)
{
    return p->down.cut;
}
