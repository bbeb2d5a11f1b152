/* SPDX-License-Identifier: GPL-3.0-or-later */
/* c-ares on our loop.  c-ares tells which of its sockets it wants watched; one timer stands for all
 * its time-outs.  A question is a small struct in one of two lists: waiting for its turn, or under
 * way; an answer is given to the asker from the loop, so that nobody is called back while he is
 * still asking. */
#include "sys/io/resolver.h"

#include <ares.h>
#include <assert.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/time.h>

#include "core/base/log.h"
#include "core/base/mem.h"
#include "sys/io/sock.h"

enum {
    FLIGHT_MAX = 256,  /* questions under way: more only fill the server's socket buffer */
    TIMEOUT_MS = 2000, /* of the first try; c-ares doubles it each time */
    TRIES = 3,
    TICK_MS = 500,
    LIBRARY_TIMEOUT_MS = 5000, /* what c-ares takes when nobody says otherwise */
    LIBRARY_TRIES = 4,
};

struct question {
    struct question *next, *previous;
    struct resolver *resolver;
    resolver_addr_fn *addr_fn; /* one of the two is set */
    resolver_name_fn *name_fn;
    void *ctx;
    char *name; /* forward: the question */
    struct addr addr;
    uint8_t family;
    int result; /* once it is answered */
    char *answer_name;
    struct addr *answer_addr;
    size_t answer_count;
};

struct question_list {
    struct question *first, *last;
    size_t count;
};

struct watch {
    struct loop_fd fd;
    ares_socket_t number;
    struct watch *next;
    struct resolver *resolver;
};

struct resolver {
    struct loop *loop;
    ares_channel channel;
    struct watch *watch;
    struct loop_timer timeout, deliver;
    struct question_list waiting, flying, answered;
    bool closing;
};

static void list_add(struct question_list *list, struct question *q)
{
    q->next = NULL;
    q->previous = list->last;
    if (list->last)
        list->last->next = q;
    else
        list->first = q;
    list->last = q;
    list->count++;
}

static void list_remove(struct question_list *list, struct question *q)
{
    if (q->previous)
        q->previous->next = q->next;
    else
        list->first = q->next;
    if (q->next)
        q->next->previous = q->previous;
    else
        list->last = q->previous;
    list->count--;
}

/* ---- answers ---- */

static int errno_of(int status)
{
    static const struct {
        int status, result;
    } row[] = {
        {ARES_SUCCESS, 0},
        {ARES_ENODATA, -ENOENT},
        {ARES_ENOTFOUND, -ENOENT},
        {ARES_ENONAME, -ENOENT},
        {ARES_EBADNAME, -EINVAL},
        {ARES_ETIMEOUT, -ETIMEDOUT},
        {ARES_ECONNREFUSED, -ECONNREFUSED},
        {ARES_EREFUSED, -EACCES},
        {ARES_ESERVFAIL, -EREMOTEIO},
        {ARES_EBADRESP, -EBADMSG},
        {ARES_ENOMEM, -ENOMEM},
        {ARES_ECANCELLED, -ECANCELED},
        {ARES_EDESTRUCTION, -ECANCELED},
    };
    for (size_t i = 0; i < ARRAY_COUNT(row); i++)
        if (row[i].status == status)
            return row[i].result;
    return -EIO;
}

static void answer(struct question *q, int result)
{
    struct resolver *r = q->resolver;
    q->result = result;
    list_remove(&r->flying, q);
    list_add(&r->answered, q);
    if (!r->closing)
        loop_timer_set(r->loop, &r->deliver, 0);
}

static void give(struct question *q)
{
    if (q->addr_fn)
        q->addr_fn(q->ctx, q->result, q->answer_addr, q->answer_count);
    else
        q->name_fn(q->ctx, q->result, q->answer_name);
    mem_free(q->answer_addr);
    mem_free(q->answer_name);
    mem_free(q->name);
    mem_free(q);
}

static void forward_done(void *arg, int status, int timeouts, struct ares_addrinfo *info)
{
    (void)timeouts;
    struct question *q = arg;
    size_t count = 0;
    if (status == ARES_SUCCESS)
        q->answer_addr = mem_zero(RESOLVER_ADDR_MAX * sizeof *q->answer_addr);
    for (struct ares_addrinfo_node *n = info ? info->nodes : NULL; n; n = n->ai_next) {
        struct sockaddr_storage at = {0};
        struct endpoint to;
        if (count == RESOLVER_ADDR_MAX || n->ai_addrlen > sizeof at)
            break;
        memcpy(&at, n->ai_addr, n->ai_addrlen);
        if (sock_addr_to(&to, &at))
            q->answer_addr[count++] = to.addr;
    }
    q->answer_count = count;
    if (info)
        ares_freeaddrinfo(info);
    answer(q, status == ARES_SUCCESS && count == 0 ? -ENOENT : errno_of(status));
}

static void reverse_done(void *arg, int status, int timeouts, struct hostent *host)
{
    (void)timeouts;
    struct question *q = arg;
    bool named = status == ARES_SUCCESS && host && host->h_name && host->h_name[0];
    if (named)
        q->answer_name = mem_copy_text(host->h_name);
    answer(q, status == ARES_SUCCESS && !named ? -ENOENT : errno_of(status));
}

/* ---- questions ---- */

static void ask_forward(struct resolver *r, struct question *q)
{
    struct ares_addrinfo_hints hints = {
        .ai_family = q->family == ADDR_IP4   ? AF_INET
                     : q->family == ADDR_IP6 ? AF_INET6
                                             : AF_UNSPEC,
        .ai_socktype = SOCK_STREAM,
    };
    ares_getaddrinfo(r->channel, q->name, NULL, &hints, forward_done, q);
}

static void ask_reverse(struct resolver *r, struct question *q)
{
    struct in6_addr byte = {0};
    bool ip6 = q->addr.family == ADDR_IP6;
    int len = ip6 ? 16 : 4;
    memcpy(&byte, q->addr.byte, (size_t)len);
    ares_gethostbyaddr(r->channel, &byte, len, ip6 ? AF_INET6 : AF_INET, reverse_done, q);
}

/* Not moved while it runs: ares_timeout walks all questions, too dear for each of them.  So it runs
 * for TICK_MS at most, and a question that is due before others is at most that late. */
static void set_timeout(struct resolver *r)
{
    struct timeval tick = {.tv_usec = TICK_MS * 1000}, left;
    if (r->timeout.slot || r->flying.count == 0)
        return;
    const struct timeval *next = ares_timeout(r->channel, &tick, &left);
    uint64_t left_ns = (uint64_t)next->tv_sec * NS_PER_S + (uint64_t)next->tv_usec * NS_PER_US;
    loop_timer_set(r->loop, &r->timeout, clock_mono_ns(loop_clock(r->loop)) + left_ns);
}

static void start_waiting(struct resolver *r)
{
    struct question *q;
    while (r->flying.count < FLIGHT_MAX && (q = r->waiting.first)) {
        list_remove(&r->waiting, q);
        list_add(&r->flying, q);
        if (q->addr_fn)
            ask_forward(r, q);
        else
            ask_reverse(r, q);
    }
    set_timeout(r);
}

static void submit(struct resolver *r, struct question *q)
{
    q->resolver = r;
    list_add(&r->waiting, q);
    if (!r->closing)
        start_waiting(r);
}

void resolver_forward(struct resolver *r, const char *name, uint8_t family, resolver_addr_fn *fn,
                      void *ctx)
{
    struct question *q = mem_zero(sizeof *q);
    q->addr_fn = fn;
    q->ctx = ctx;
    q->name = mem_copy_text(name);
    q->family = family;
    submit(r, q);
}

void resolver_reverse(struct resolver *r, const struct addr *addr, resolver_name_fn *fn, void *ctx)
{
    struct question *q = mem_zero(sizeof *q);
    q->name_fn = fn;
    q->ctx = ctx;
    q->addr = *addr;
    submit(r, q);
}

size_t resolver_pending(const struct resolver *r)
{
    return r->waiting.count + r->flying.count + r->answered.count;
}

/* ---- the loop's side ---- */

static void deliver_answers(struct loop_timer *t)
{
    struct resolver *r = t->ctx;
    /* those answered by the callbacks' own questions wait for the next round */
    for (size_t count = r->answered.count; count; count--) {
        struct question *q = r->answered.first;
        list_remove(&r->answered, q);
        give(q);
    }
    start_waiting(r);
    if (r->answered.count)
        loop_timer_set(r->loop, &r->deliver, 0);
}

static void timed_out(struct loop_timer *t)
{
    struct resolver *r = t->ctx;
    ares_process_fd(r->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    start_waiting(r);
}

static void socket_ready(struct loop_fd *w, unsigned ready)
{
    struct watch *watch = w->ctx;
    struct resolver *r = watch->resolver;
    ares_socket_t number = watch->number; /* the watch may be gone after the call */
    ares_process_fd(r->channel, ready & LOOP_READ ? number : ARES_SOCKET_BAD,
                    ready & LOOP_WRITE ? number : ARES_SOCKET_BAD);
    set_timeout(r);
}

static struct watch **find_watch(struct resolver *r, ares_socket_t number)
{
    struct watch **at = &r->watch;
    while (*at && (*at)->number != number)
        at = &(*at)->next;
    return at;
}

/* Called by c-ares when it opens, closes or waits differently on a socket. */
static void socket_changed(void *ctx, ares_socket_t number, int readable, int writable)
{
    struct resolver *r = ctx;
    struct watch **at = find_watch(r, number), *w = *at;
    unsigned wanted = (readable ? LOOP_READ : 0U) | (writable ? LOOP_WRITE : 0U);
    struct err e;
    if (!wanted) {
        if (w) {
            loop_fd_remove(r->loop, &w->fd);
            *at = w->next;
            mem_free(w);
        }
    } else if (w) {
        loop_fd_want(r->loop, &w->fd, wanted);
    } else {
        w = mem_zero(sizeof *w);
        *w = (struct watch){.number = number, .resolver = r, .next = r->watch};
        w->fd = (struct loop_fd){.fn = socket_ready, .ctx = w, .fd = number};
        r->watch = w;
        if (loop_fd_add(r->loop, &w->fd, wanted, &e)) /* unwatched: the question times out */
            log_at(LOG_LEVEL_WARN, "resolver: %s", e.text);
    }
}

/* ---- opening and closing ---- */

static int init_channel(struct resolver *r, bool own_times)
{
    struct ares_options options = {
        .sock_state_cb = socket_changed,
        .sock_state_cb_data = r,
        .timeout = TIMEOUT_MS,
        .tries = TRIES,
    };
    int mask = ARES_OPT_SOCK_STATE_CB | (own_times ? ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES : 0);
    return ares_init_options(&r->channel, &options, mask);
}

/* c-ares' own 5 s and 4 tries make more than a minute for a server that is gone.  What
 * resolv.conf(5) says ("options timeout:N attempts:N") is the administrator's and stays. */
static bool has_library_times(ares_channel channel)
{
    struct ares_options options = {0};
    int mask = 0;
    if (ares_save_options(channel, &options, &mask) != ARES_SUCCESS)
        return false;
    bool same = options.timeout == LIBRARY_TIMEOUT_MS && options.tries == LIBRARY_TRIES;
    ares_destroy_options(&options);
    return same;
}

static int open_channel(struct resolver *r, const char *servers)
{
    int status = init_channel(r, false);
    if (status == ARES_SUCCESS && has_library_times(r->channel)) {
        ares_destroy(r->channel);
        r->channel = NULL;
        status = init_channel(r, true);
    }
    if (status == ARES_SUCCESS && servers)
        status = ares_set_servers_ports_csv(r->channel, servers);
    return status;
}

int resolver_open(struct resolver **out, struct loop *loop, const char *servers, struct err *e)
{
    int status = ares_library_init(ARES_LIB_INIT_ALL);
    if (status != ARES_SUCCESS)
        return err_set(e, errno_of(status), "resolver: %s", ares_strerror(status));
    struct resolver *r = mem_zero(sizeof *r);
    r->loop = loop;
    r->timeout = (struct loop_timer){.fn = timed_out, .ctx = r};
    r->deliver = (struct loop_timer){.fn = deliver_answers, .ctx = r};
    status = open_channel(r, servers);
    if (status != ARES_SUCCESS) {
        resolver_close(r);
        return err_set(e, status == ARES_EBADSTR ? -EINVAL : errno_of(status), "resolver%s%s: %s",
                       servers ? " with servers " : "", servers ? servers : "",
                       ares_strerror(status));
    }
    *out = r;
    return 0;
}

/* Callbacks may still ask; such questions are cancelled in their turn. */
void resolver_close(struct resolver *r)
{
    if (!r)
        return;
    r->closing = true;
    if (r->channel)
        ares_destroy(r->channel); /* answers what is under way with ARES_EDESTRUCTION */
    struct question *q;
    while ((q = r->answered.first)) {
        list_remove(&r->answered, q);
        give(q);
    }
    while ((q = r->waiting.first)) {
        list_remove(&r->waiting, q);
        q->result = -ECANCELED;
        give(q);
    }
    loop_timer_stop(r->loop, &r->timeout);
    loop_timer_stop(r->loop, &r->deliver);
    mem_free(r);
    ares_library_cleanup();
}

/* ---- one name, blocking ---- */

struct lookup {
    int result;
    struct addr *out;
    size_t max, count;
};

static void lookup_done(void *ctx, int result, const struct addr *addr, size_t count)
{
    struct lookup *l = ctx;
    l->result = result;
    l->count = count < l->max ? count : l->max;
    if (result == 0)
        memcpy(l->out, addr, l->count * sizeof *addr);
}

int resolver_lookup(const char *name, uint8_t family, struct addr *out, size_t max,
                    size_t *out_count, struct err *e)
{
    struct loop *loop = NULL;
    struct resolver *r = NULL;
    int rc = loop_open(&loop, &clock_system, e);
    if (rc)
        return rc;
    rc = resolver_open(&r, loop, NULL, e);
    if (rc == 0) {
        assert(r);
        struct lookup l = {.result = -ECANCELED, .out = out, .max = max};
        resolver_forward(r, name, family, lookup_done, &l);
        while (rc == 0 && resolver_pending(r))
            rc = loop_step(loop, UINT64_MAX, e);
        resolver_close(r);
        if (rc == 0 && l.result)
            rc = err_set(e, l.result, "%s: %s", name,
                         l.result == -ENOENT ? "no such name" : strerror(-l.result));
        *out_count = rc ? *out_count : l.count;
    }
    loop_close(loop);
    return rc;
}
