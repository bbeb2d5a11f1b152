/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nc/proxy_server.h"

#include <errno.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "tool/nc/dial.h"
#include "tool/nc/handshake.h"
#include "tool/nc/http_request.h"
#include "tool/nc/names.h"
#include "tool/nc/pump.h"
#include "tool/nc/socks_request.h"

enum {
    READ_LEN = 4096,
    NONCE_BYTES = 16,
    NONCES_MAX = 1024, /* challenges that are remembered: each may be answered once a count */
    REQUEST_S = 30,
    LINGER_S = 2,
    CALLERS_MAX = 4096,
};

struct nonce {
    char text[2 * NONCE_BYTES + 1];
    uint32_t count; /* the last one that was used */
};

enum caller_state { CALLER_ASKS, CALLER_WAITS, CALLER_TALKS, CALLER_LINGERS, CALLER_GONE };

struct caller {
    struct caller *next, *previous;
    struct proxy_server *server;
    enum caller_state state;
    struct nc_end end, target;
    struct handshake *shake;
    struct loop_fd watch;
    struct loop_timer limit;
    struct str in; /* what it asked so far */
    struct http_request http;
    struct socks_request socks;
    char host[HTTP_HOST_MAX];
    uint16_t port;
    struct names_answer place;
    struct dial *dial;
    struct pump *pump;
    int code; /* why the target could not be reached */
    bool looks_up;
};

struct proxy_server {
    struct nc_context *c;
    struct nc_options onward_options; /* how the targets are reached */
    struct nc_context onward;
    struct caller *callers;
    unsigned count;
    struct loop_timer reap;
    char user[HTTP_HOST_MAX];
    const char *password;
    struct nonce *nonces; /* a ring */
    size_t nonce_next;
};

/* ---- the end of a caller ---- */

static void leave(struct caller *c)
{
    c->state = CALLER_GONE;
    loop_fd_remove(c->server->c->loop, &c->watch);
    loop_timer_set(c->server->c->loop, &c->server->reap, 0);
}

/* What he sent and nobody read would make a reset of our close, and the answer would be lost. */
static void linger(struct caller *c)
{
    struct loop *l = c->server->c->loop;
    c->state = CALLER_LINGERS;
    nc_end_shut(&c->end);
    loop_fd_want(l, &c->watch, LOOP_READ);
    loop_timer_set(l, &c->limit, loop_now_ns(l) + LINGER_S * NS_PER_S);
}

static void answer(struct caller *c, const struct str *text)
{
    size_t sent;
    (void)nc_end_write(&c->end, str_text(text), text->len, &sent); /* less than a segment */
}

/* Each challenge has a nonce of its own, so that two clients do not use up one another's counts. */
static const char *new_nonce(struct proxy_server *s)
{
    uint8_t chance[NONCE_BYTES];
    struct str hex = str_of(0);
    struct nonce *n = &s->nonces[s->nonce_next++ % NONCES_MAX];
    rng_secret(chance, sizeof chance);
    digest_print(&hex, chance, sizeof chance);
    memcpy(n->text, str_text(&hex), hex.len + 1);
    n->count = 0;
    str_done(&hex);
    return n->text;
}

static struct nonce *find_nonce(struct proxy_server *s, const char *text)
{
    for (size_t i = 0; i < NONCES_MAX; i++)
        if (strcmp(s->nonces[i].text, text) == 0)
            return &s->nonces[i];
    return NULL;
}

static void refuse_http(struct caller *c, int status)
{
    static const struct {
        int status;
        const char *words;
    } row[] = {
        {400, "Bad Request"},          {407, "Proxy Authentication Required"},
        {414, "Request-URI Too Long"}, {502, "Bad Gateway"},
        {504, "Gateway Timeout"},
    };
    struct str text = str_of(0);
    for (size_t i = 0; i < ARRAY_COUNT(row); i++)
        if (row[i].status == status)
            str_addf(&text, "HTTP/1.0 %d %s\r\n", status, row[i].words);
    if (status == 407)
        http_auth_ask(&text, "Proxy-Authenticate", "picket", new_nonce(c->server));
    str_add(&text, "Connection: close\r\nContent-Length: 0\r\n\r\n");
    answer(c, &text);
    str_done(&text);
    linger(c);
}

/* ---- the way is open ---- */

static void pump_over(void *ctx, enum pump_end end, const struct err *e)
{
    (void)end, (void)e;
    leave(ctx);
}

static bool is_http(const struct caller *c)
{
    return c->server->c->o->serve == PROXY_HTTP;
}

static void greet(struct caller *c, const struct str *head)
{
    struct str text = str_of(0);
    if (!is_http(c))
        socks_reply(&text, &c->socks, 0);
    else if (c->http.is_connect)
        str_add(&text, "HTTP/1.0 200 OK\r\n\r\n");
    if (text.len)
        answer(c, &text);
    str_done(&text);
    nc_end_put_ahead(&c->end, str_text(head), head->len);
}

static void talk(struct caller *c)
{
    struct proxy_server *s = c->server;
    c->state = CALLER_TALKS;
    loop_timer_stop(s->c->loop, &c->limit);
    loop_fd_remove(s->c->loop, &c->watch);
    greet(c, &c->in);
    str_done(&c->in);
    struct pump_spec spec = {
        .loop = s->c->loop,
        .local = &c->target,
        .remote = &c->end,
        .rules = {.shut_remote = true, .shut_local = true, .idle_ns = (uint64_t)s->c->o->idle_ns},
        .done = pump_over,
        .ctx = c};
    c->pump = pump_new(&spec);
}

static void refuse(struct caller *c, int code)
{
    if (is_http(c)) {
        refuse_http(c, code == -ETIMEDOUT ? 504 : 502);
        return;
    }
    struct str text = str_of(0);
    socks_reply(&text, &c->socks, code);
    answer(c, &text);
    str_done(&text);
    linger(c);
}

static void dial_failed(void *ctx, const struct nc_peer *to, int code)
{
    struct caller *c = ctx;
    (void)to;
    c->code = code;
}

static void dialed(void *ctx, struct nc_end *end, const struct nc_peer *to, const struct err *e)
{
    struct caller *c = ctx;
    (void)to;
    if (!end) {
        refuse(c, e ? e->code : c->code);
        return;
    }
    c->target = *end;
    talk(c);
}

/* ---- looking for the target ---- */

static void looked_up(void *ctx, struct names_answer *a)
{
    struct caller *c = ctx;
    c->looks_up = false;
    if (c->state == CALLER_GONE)
        return;
    if (a->result) {
        refuse(c, -ENOENT);
        return;
    }
    c->place = *a;
    c->place.warnings = (struct str){0};
    struct dial_spec spec = {.c = &c->server->onward,
                             .addr = c->place.addr,
                             .addr_count = c->place.count,
                             .port = c->port,
                             .on = {dial_failed, dialed, c}};
    c->dial = dial_new(&spec);
}

static void look_up(struct caller *c, const char *host, uint16_t port)
{
    struct names_wish wish = {.no_dns = c->server->c->o->no_dns};
    c->state = CALLER_WAITS;
    c->looks_up = true;
    c->port = port;
    loop_fd_want(c->server->c->loop, &c->watch, 0);
    loop_timer_stop(c->server->c->loop, &c->limit);
    names_look(c->server->c->resolver, host, &wish, looked_up, c);
}

/* ---- what is asked for ---- */

static bool is_right(struct proxy_server *s, const char *value, const struct http_login *login)
{
    char text[HTTP_AUTH_TEXT_MAX];
    struct nonce none = {0};
    struct nonce *n = http_auth_nonce(value, text) ? find_nonce(s, text) : &none;
    return n && http_auth_check(value, login, n->text, &n->count);
}

static bool may_http(struct caller *c, const char *head)
{
    struct proxy_server *s = c->server;
    struct str uri = str_of(HTTP_HEAD_MAX), path = str_of(HTTP_HEAD_MAX);
    const char *at = head + strcspn(head, " ");
    at += *at == ' ';
    str_add_len(&uri, at, strcspn(at, " \r\n"));
    if (c->http.target_len)
        str_add_len(&path, c->http.target, c->http.target_len);
    struct http_login login = {s->user, s->password, c->http.method, str_text(&uri),
                               path.len ? str_text(&path) : NULL};
    bool may =
        !s->password || (c->http.authorization && is_right(s, c->http.authorization, &login));
    str_done(&uri);
    str_done(&path);
    return may;
}

static void ask_http(struct caller *c)
{
    size_t head = http_head_len(str_text(&c->in), c->in.len);
    if (!head && c->in.len >= HTTP_HEAD_MAX) {
        refuse_http(c, 414);
        return;
    }
    if (!head)
        return;
    struct str copy = str_of(0), rest = str_of(0);
    str_add_len(&copy, c->in.text, head);
    int status = http_request_read(&c->http, c->in.text, head);
    if (status == 0 && !may_http(c, str_text(&copy)))
        status = 407;
    if (status == 0) {
        if (!c->http.is_connect)
            http_request_forward(&rest, &c->http, str_text(&copy), head);
        str_add_len(&rest, c->in.text + head, c->in.len - head);
        look_up(c, c->http.host, c->http.port);
        str_done(&c->in);
        c->in = rest;
    } else {
        refuse_http(c, status);
        str_done(&rest);
    }
    str_done(&copy);
}

static void ask_socks(struct caller *c)
{
    struct str text = str_of(0);
    size_t used = 0;
    enum socks_state state =
        socks_request_feed(&c->socks, (const uint8_t *)str_text(&c->in), c->in.len, &used, &text);
    memmove(c->in.text, c->in.text + used, c->in.len - used);
    str_cut(&c->in, c->in.len - used);
    if (text.len)
        answer(c, &text);
    str_done(&text);
    if (state == SOCKS_READY)
        look_up(c, c->socks.host, c->socks.port);
    else if (state == SOCKS_BAD || c->in.len >= HTTP_HEAD_MAX)
        linger(c);
}

static void hear(struct caller *c)
{
    char data[READ_LEN];
    size_t got = 0;
    enum nc_io io = nc_end_read(&c->end, data, sizeof data, &got);
    if (io == NC_IO_WAIT_READ || io == NC_IO_WAIT_WRITE)
        return;
    if (io != NC_IO_DONE) {
        leave(c);
    } else if (c->state == CALLER_ASKS) {
        str_add_len(&c->in, data, got);
        if (is_http(c))
            ask_http(c);
        else
            ask_socks(c);
    }
}

static void ready(struct loop_fd *w, unsigned what)
{
    (void)what;
    hear(w->ctx);
}

static void limit_due(struct loop_timer *t)
{
    leave(t->ctx);
}

/* ---- coming and going ---- */

static void begin(struct caller *c)
{
    struct loop *l = c->server->c->loop;
    struct err e;
    c->watch = (struct loop_fd){.fn = ready, .ctx = c, .fd = c->end.in_fd};
    if (loop_fd_add(l, &c->watch, LOOP_READ, &e)) {
        c->watch.fd = -1;
        leave(c);
        return;
    }
    loop_timer_set(l, &c->limit, loop_now_ns(l) + REQUEST_S * NS_PER_S);
    if (c->end.tls)
        hear(c);
}

static void shaken(void *ctx, const struct err *e)
{
    struct caller *c = ctx;
    handshake_close(c->shake);
    c->shake = NULL;
    if (e)
        leave(c);
    else
        begin(c);
}

void proxy_server_add(struct proxy_server *s, struct nc_end *end, const struct nc_peer *from)
{
    struct err e;
    int64_t max = s->c->o->max_connections >= 0 ? s->c->o->max_connections : CALLERS_MAX;
    (void)from;
    if (s->count >= max) {
        nc_end_close(end);
        return;
    }
    struct caller *c = mem_zero(sizeof *c);
    *c = (struct caller){.server = s,
                         .end = *end,
                         .target.in_fd = -1,
                         .target.out_fd = -1,
                         .in = str_of(HTTP_HEAD_MAX + READ_LEN),
                         .next = s->callers,
                         .watch.fd = -1};
    c->limit = (struct loop_timer){.fn = limit_due, .ctx = c};
    if (s->password) {
        c->socks.user = s->user;
        c->socks.password = s->password;
    }
    if (s->callers)
        s->callers->previous = c;
    s->callers = c;
    s->count++;
    if (!s->c->tls) {
        begin(c);
        return;
    }
    c->end.tls = tls_open(s->c->tls, c->end.in_fd, NULL, &e);
    if (c->end.tls)
        c->shake = handshake_new(s->c->loop, &c->end, REQUEST_S * NS_PER_S, shaken, c);
    else
        leave(c);
}

static void free_caller(struct caller *c)
{
    struct proxy_server *s = c->server;
    if (c->previous)
        c->previous->next = c->next;
    else
        s->callers = c->next;
    if (c->next)
        c->next->previous = c->previous;
    s->count--;
    loop_timer_stop(s->c->loop, &c->limit);
    loop_fd_remove(s->c->loop, &c->watch);
    handshake_close(c->shake);
    dial_close(c->dial);
    pump_close(c->pump);
    nc_end_close(&c->end);
    nc_end_close(&c->target);
    str_done(&c->in);
    mem_free(c);
}

/* A name that is being looked up will call back; until then its caller stays. */
static void reap_due(struct loop_timer *t)
{
    struct proxy_server *s = t->ctx;
    struct caller *next;
    for (struct caller *c = s->callers; c; c = next) {
        next = c->next;
        if (c->state == CALLER_GONE && !c->looks_up)
            free_caller(c);
    }
}

static void set_login(struct proxy_server *s)
{
    const char *login = s->c->o->proxy_auth;
    size_t len = login ? strcspn(login, ":") : 0;
    if (!login || len >= sizeof s->user)
        return;
    memcpy(s->user, login, len);
    s->password = login[len] ? login + len + 1 : "";
    s->nonces = mem_zero(NONCES_MAX * sizeof *s->nonces);
}

struct proxy_server *proxy_server_new(struct nc_context *c)
{
    struct proxy_server *s = mem_zero(sizeof *s);
    s->c = c;
    s->onward_options = *c->o;
    s->onward_options.tls = s->onward_options.udp = false;
    s->onward_options.proxy = PROXY_NONE;
    s->onward_options.medium = NC_IP;
    s->onward = *c;
    s->onward.o = &s->onward_options;
    s->onward.tls = NULL;
    s->onward.source = (struct addr){0};
    s->reap = (struct loop_timer){.fn = reap_due, .ctx = s};
    set_login(s);
    return s;
}

void proxy_server_close(struct proxy_server *s)
{
    if (!s)
        return;
    loop_timer_stop(s->c->loop, &s->reap);
    while (s->callers)
        free_caller(s->callers);
    mem_free(s->nonces);
    mem_free(s);
}
