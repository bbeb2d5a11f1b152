/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sockets of scripts.  A call that has to wait says so by what it returns (true: wait), the Lua
 * side yields, and whoever waits is woken from the loop with the results. */
#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "core/base/str.h"
#include "sys/io/sock.h"
#include "tool/scan/script/engine_private.h"

#define SOCKET_TYPE  "picket.socket"
#define SLEEPER_TYPE "picket.sleeper"

enum {
    TIMEOUT_MS = 30000, /* until a script says otherwise */
    RECEIVE_MAX = 1 << 20,
    READ_SIZE = 8192,
};

enum op { OP_NONE, OP_CONNECT, OP_HANDSHAKE, OP_SEND, OP_RECEIVE };

struct script_socket {
    struct script_engine *engine;
    struct loop_fd watch;
    struct loop_timer timer;
    int fd;
    enum op op;
    lua_State *thread; /* who waits; held by thread_ref */
    int thread_ref;
    struct tls *tls;
    bool datagram, wants_tls, connected, planned;
    uint8_t family;
    char tls_name[256];
    uint64_t timeout_ns;
    struct str in, out;
    size_t sent, want_bytes, want_lines;
    struct endpoint local, peer;
};

static struct script_socket *check_socket(lua_State *lua)
{
    return luaL_checkudata(lua, 1, SOCKET_TYPE);
}

/* ---- ends of waits ---- */

static void stop_waiting(struct script_socket *s)
{
    loop_timer_stop(s->engine->setup.loop, &s->timer);
    if (s->fd >= 0 && s->watch.fd >= 0)
        loop_fd_want(s->engine->setup.loop, &s->watch, 0);
    s->op = OP_NONE;
}

static void shut(struct script_socket *s)
{
    stop_waiting(s);
    tls_close(s->tls);
    s->tls = NULL;
    if (s->fd >= 0) {
        loop_fd_remove(s->engine->setup.loop, &s->watch);
        close(s->fd);
    }
    s->fd = -1;
    s->connected = s->planned = false;
}

static lua_State *take_thread(struct script_socket *s)
{
    lua_State *thread = s->thread;
    luaL_unref(s->engine->caller, LUA_REGISTRYINDEX, s->thread_ref);
    s->thread = NULL;
    s->thread_ref = LUA_NOREF;
    return thread;
}

/* Wake with true and, where something was received, with that. */
static void succeed(struct script_socket *s)
{
    lua_State *lua = s->engine->caller;
    int count = 1;
    bool received = s->op == OP_RECEIVE;
    stop_waiting(s);
    luaL_checkstack(lua, 4, "a socket's answer");
    lua_pushboolean(lua, true);
    if (received) {
        lua_pushlstring(lua, str_text(&s->in), s->in.len);
        str_reset(&s->in);
        count++;
    }
    script_engine_wake(s->engine, take_thread(s), count);
}

static void fail(struct script_socket *s, const char *word)
{
    lua_State *lua = s->engine->caller;
    if (s->op == OP_RECEIVE && s->in.len) { /* less than asked for is still something */
        succeed(s);
        return;
    }
    bool lost = s->op == OP_CONNECT || s->op == OP_HANDSHAKE;
    stop_waiting(s);
    if (lost)
        shut(s);
    luaL_checkstack(lua, 4, "a socket's answer");
    lua_pushnil(lua);
    lua_pushstring(lua, word);
    script_engine_wake(s->engine, take_thread(s), 2);
}

static void begin(struct script_socket *s, lua_State *lua, enum op op, unsigned want)
{
    s->op = op;
    s->thread = lua;
    lua_pushthread(lua);
    s->thread_ref = luaL_ref(lua, LUA_REGISTRYINDEX);
    loop_fd_want(s->engine->setup.loop, &s->watch, want);
    loop_timer_set(s->engine->setup.loop, &s->timer,
                   clock_mono_ns(s->engine->setup.clock) + s->timeout_ns);
}

/* ---- steps, when the descriptor is ready ---- */

static void step_handshake(struct script_socket *s)
{
    struct err e = {0};
    switch (tls_handshake(s->tls, &e)) {
    case TLS_DONE:
        s->connected = true;
        succeed(s);
        return;
    case TLS_WANT_READ:
        loop_fd_want(s->engine->setup.loop, &s->watch, LOOP_READ);
        return;
    case TLS_WANT_WRITE:
        loop_fd_want(s->engine->setup.loop, &s->watch, LOOP_WRITE);
        return;
    default:
        fail(s, "ERROR");
    }
}

static int open_tls(struct script_socket *s)
{
    struct err e = {0};
    s->tls = tls_open(s->engine->tls, s->fd, *s->tls_name ? s->tls_name : NULL, &e);
    return s->tls ? 0 : e.code;
}

static void step_connect(struct script_socket *s)
{
    struct err e = {0};
    if (sock_error(s->fd) < 0) {
        fail(s, "ERROR");
        return;
    }
    if (sock_local(s->fd, &s->local, &e) < 0)
        s->local = (struct endpoint){0};
    if (!s->wants_tls) {
        s->connected = true;
        succeed(s);
    } else if (open_tls(s) < 0) {
        fail(s, "ERROR");
    } else {
        s->op = OP_HANDSHAKE;
        step_handshake(s);
    }
}

/* Bytes written, -EAGAIN or another negative errno value. */
static ssize_t write_some(struct script_socket *s, const char *data, size_t len)
{
    if (!s->tls) {
        ssize_t n = send(s->fd, data, len, MSG_NOSIGNAL);
        return n < 0 ? -errno : n;
    }
    struct err e = {0};
    size_t sent = 0;
    enum tls_state state = tls_write(s->tls, data, len, &sent, &e);
    if (state == TLS_DONE)
        return (ssize_t)sent;
    return state == TLS_WANT_READ || state == TLS_WANT_WRITE ? -EAGAIN : -ECONNRESET;
}

static void step_send(struct script_socket *s)
{
    while (s->sent < s->out.len) {
        ssize_t n = write_some(s, s->out.text + s->sent, s->out.len - s->sent);
        if (n == -EAGAIN || n == -EINTR)
            return;
        if (n < 0) {
            fail(s, "ERROR");
            return;
        }
        s->sent += (size_t)n;
    }
    succeed(s);
}

/* Bytes read, 0 at the end, -EAGAIN or another negative errno value. */
static ssize_t read_some(struct script_socket *s, char *to, size_t room)
{
    if (s->datagram && !s->connected) {
        struct sockaddr_storage from;
        socklen_t len = sizeof from;
        ssize_t n = recvfrom(s->fd, to, room, 0, (struct sockaddr *)&from, &len);
        if (n >= 0)
            (void)sock_addr_to(&s->peer, &from);
        return n < 0 ? -errno : n;
    }
    if (!s->tls) {
        ssize_t n = recv(s->fd, to, room, 0);
        return n < 0 ? -errno : n;
    }
    struct err e = {0};
    size_t got = 0;
    enum tls_state state = tls_read(s->tls, to, room, &got, &e);
    if (state == TLS_DONE)
        return (ssize_t)got;
    return state == TLS_WANT_READ || state == TLS_WANT_WRITE ? -EAGAIN : 0;
}

static size_t count_lines(const struct str *text)
{
    size_t lines = 0;
    for (size_t i = 0; i < text->len; i++)
        lines += text->text[i] == '\n';
    return lines;
}

static bool has_enough(const struct script_socket *s)
{
    return s->in.len >= RECEIVE_MAX || (s->in.len >= s->want_bytes && s->in.len &&
                                        (!s->want_lines || count_lines(&s->in) >= s->want_lines));
}

static void step_receive(struct script_socket *s)
{
    char data[READ_SIZE];
    for (;;) {
        ssize_t n = read_some(s, data, sizeof data);
        if (n == -EAGAIN || n == -EINTR)
            break;
        if (n <= 0 && !(n == 0 && s->datagram)) {
            fail(s, n == 0 ? "EOF" : "ERROR");
            return;
        }
        str_add_len(&s->in, data, (size_t)n);
        if (s->datagram || s->in.len >= RECEIVE_MAX)
            break;
    }
    if (has_enough(s) || (s->datagram && s->in.len))
        succeed(s);
}

static void on_ready(struct loop_fd *watch, unsigned ready)
{
    struct script_socket *s = watch->ctx;
    (void)ready;
    switch (s->op) {
    case OP_CONNECT:
        step_connect(s);
        return;
    case OP_HANDSHAKE:
        step_handshake(s);
        return;
    case OP_SEND:
        step_send(s);
        return;
    case OP_RECEIVE:
        step_receive(s);
        return;
    case OP_NONE:
        loop_fd_want(s->engine->setup.loop, &s->watch, 0);
    }
}

static void on_time(struct loop_timer *timer)
{
    struct script_socket *s = timer->ctx;
    if (s->op != OP_NONE)
        fail(s, "TIMEOUT");
}

/* ---- what Lua calls ---- */

static int refuse(lua_State *lua, const char *word)
{
    lua_pushnil(lua);
    lua_pushstring(lua, word);
    return 2;
}

/* The caller yields now. */
static int wait_for_it(lua_State *lua)
{
    lua_pushboolean(lua, true);
    return 1;
}

static int new_socket(lua_State *lua)
{
    struct script_socket *s = lua_newuserdata(lua, sizeof *s);
    *s = (struct script_socket){.engine = script_engine_of(lua),
                                .fd = -1,
                                .thread_ref = LUA_NOREF,
                                .timeout_ns = TIMEOUT_MS * NS_PER_MS,
                                .in = str_of(RECEIVE_MAX + READ_SIZE)};
    s->watch = (struct loop_fd){.fn = on_ready, .ctx = s, .fd = -1};
    s->timer = (struct loop_timer){.fn = on_time, .ctx = s};
    luaL_setmetatable(lua, SOCKET_TYPE);
    return 1;
}

static int open_descriptor(struct script_socket *s, uint8_t family, bool datagram, struct err *e)
{
    struct endpoint from = {.addr = s->engine->options.source};
    s->fd = sock_new(family, datagram ? SOCK_DGRAM : SOCK_STREAM);
    if (s->fd < 0)
        return err_set(e, s->fd, "socket");
    if (s->local.addr.family == family || s->local.port)
        from = s->local;
    from.addr.family = family;
    if ((from.port || s->local.addr.family == family ||
         s->engine->options.source.family == family) &&
        sock_bind(s->fd, &from, e) < 0)
        return e->code;
    const char *interface = s->engine->options.interface;
    if (interface && setsockopt(s->fd, SOL_SOCKET, SO_BINDTODEVICE, interface,
                                (socklen_t)strlen(interface) + 1) < 0)
        return err_set(e, -errno, "SO_BINDTODEVICE");
    s->datagram = datagram;
    s->family = family;
    return 0;
}

static int watch(struct script_socket *s, struct err *e)
{
    s->watch.fd = s->fd;
    return loop_fd_add(s->engine->setup.loop, &s->watch, 0, e);
}

/* socket_plan(SOCKET, "udp", FAMILY): it will send without connecting first */
static int plan(lua_State *lua)
{
    struct script_socket *s = check_socket(lua);
    s->planned = strcmp(luaL_checkstring(lua, 2), "udp") == 0;
    s->family = (uint8_t)luaL_checkinteger(lua, 3);
    return 0;
}

static bool read_peer(lua_State *lua, struct endpoint *out)
{
    struct err e = {0};
    lua_Integer port = luaL_checkinteger(lua, 3);
    *out = (struct endpoint){.port = (uint16_t)port};
    return addr_parse(&out->addr, luaL_checkstring(lua, 2), &e) == 0 && port >= 0 && port <= 65535;
}

/* socket_connect(SOCKET, ADDRESS, PORT, "tcp"|"udp"|"ssl", NAME|nil) */
static int connect_socket(lua_State *lua)
{
    struct script_socket *s = check_socket(lua);
    const char *proto = luaL_checkstring(lua, 4);
    struct err e = {0};
    shut(s);
    if (!read_peer(lua, &s->peer))
        return refuse(lua, "ERROR");
    s->wants_tls = strcmp(proto, "ssl") == 0;
    const char *name = luaL_optstring(lua, 5, "");
    size_t len = strlen(name);
    memcpy(s->tls_name, name, len < sizeof s->tls_name ? len + 1 : 0);
    if (open_descriptor(s, s->peer.addr.family, strcmp(proto, "udp") == 0, &e) < 0) {
        shut(s);
        return refuse(lua, "ERROR");
    }
    int rc = sock_connect(s->fd, &s->peer);
    if ((rc < 0 && rc != -EINPROGRESS) || watch(s, &e) < 0) {
        shut(s);
        return refuse(lua, "ERROR");
    }
    begin(s, lua, OP_CONNECT, LOOP_WRITE);
    return wait_for_it(lua);
}

static int handshake(lua_State *lua)
{
    struct script_socket *s = check_socket(lua);
    if (!s->connected || s->tls || s->op != OP_NONE || open_tls(s) < 0)
        return refuse(lua, "ERROR");
    begin(s, lua, OP_HANDSHAKE, LOOP_WRITE);
    return wait_for_it(lua);
}

static int send_data(lua_State *lua)
{
    struct script_socket *s = check_socket(lua);
    size_t len;
    const char *data = luaL_checklstring(lua, 2, &len);
    if (!s->connected || s->op != OP_NONE)
        return refuse(lua, "Trying to send through a closed socket");
    str_reset(&s->out);
    str_add_len(&s->out, data, len);
    s->sent = 0;
    begin(s, lua, OP_SEND, LOOP_WRITE);
    return wait_for_it(lua);
}

/* socket_sendto(SOCKET, ADDRESS, PORT, DATA): datagrams go out at once or not at all */
static int send_to(lua_State *lua)
{
    struct script_socket *s = check_socket(lua);
    size_t len;
    const char *data = luaL_checklstring(lua, 4, &len);
    struct sockaddr_storage to;
    struct err e = {0};
    struct endpoint peer;
    if (!read_peer(lua, &peer))
        return refuse(lua, "ERROR");
    if (s->fd < 0 && (open_descriptor(s, peer.addr.family, true, &e) < 0 || watch(s, &e) < 0)) {
        shut(s);
        return refuse(lua, "ERROR");
    }
    socklen_t to_len = sock_addr_from(&to, &peer);
    if (sendto(s->fd, data, len, MSG_NOSIGNAL, (struct sockaddr *)&to, to_len) < 0)
        return refuse(lua, "ERROR");
    s->peer = peer;
    return wait_for_it(lua);
}

/* socket_receive(SOCKET, BYTES, LINES) */
static int receive(lua_State *lua)
{
    struct script_socket *s = check_socket(lua);
    lua_Integer bytes = luaL_checkinteger(lua, 2), lines = luaL_checkinteger(lua, 3);
    if (s->fd < 0 || s->op != OP_NONE || !(s->connected || s->datagram))
        return refuse(lua, "Trying to receive through a closed socket");
    s->want_bytes = bytes > 0 ? (size_t)bytes : 1;
    s->want_lines = lines > 0 ? (size_t)lines : 0;
    str_reset(&s->in);
    begin(s, lua, OP_RECEIVE, LOOP_READ);
    if (s->tls && tls_pending(s->tls)) /* decoded bytes make no descriptor ready */
        loop_fd_want(s->engine->setup.loop, &s->watch, LOOP_READ | LOOP_WRITE);
    return wait_for_it(lua);
}

static int certificate(lua_State *lua)
{
    struct script_socket *s = check_socket(lua);
    size_t size = 0;
    const uint8_t *der = s->tls ? tls_peer_cert(s->tls, 0, &size) : NULL;
    if (!der)
        return 0;
    lua_pushlstring(lua, (const char *)der, size);
    return 1;
}

/* ---- methods ---- */

static int close_socket(lua_State *lua)
{
    struct script_socket *s = check_socket(lua);
    bool was_open = s->fd >= 0;
    shut(s);
    if (s->thread)
        (void)take_thread(s);
    lua_pushboolean(lua, was_open);
    return 1;
}

static int collect(lua_State *lua)
{
    struct script_socket *s = check_socket(lua);
    shut(s);
    str_done(&s->in);
    str_done(&s->out);
    return 0;
}

static int set_timeout(lua_State *lua)
{
    struct script_socket *s = check_socket(lua);
    lua_Number ms = luaL_checknumber(lua, 2);
    s->timeout_ns =
        ms > 0 && isfinite(ms) ? (uint64_t)(ms * (lua_Number)NS_PER_MS) : 3600ULL * NS_PER_S;
    return 0;
}

static int get_info(lua_State *lua)
{
    struct script_socket *s = check_socket(lua);
    char text[ADDR_TEXT_MAX];
    struct err e = {0};
    if (s->fd < 0)
        return refuse(lua, "not connected");
    if (sock_local(s->fd, &s->local, &e) < 0)
        return refuse(lua, e.text);
    lua_pushboolean(lua, true);
    lua_pushstring(lua, addr_format(&s->local.addr, text));
    lua_pushinteger(lua, s->local.port);
    lua_pushstring(lua, addr_format(&s->peer.addr, text));
    lua_pushinteger(lua, s->peer.port);
    return 5;
}

static int bind_socket(lua_State *lua)
{
    struct script_socket *s = check_socket(lua);
    const char *addr = luaL_optstring(lua, 2, NULL);
    struct err e = {0};
    s->local = (struct endpoint){.port = (uint16_t)luaL_optinteger(lua, 3, 0)};
    if (addr && addr_parse(&s->local.addr, addr, &e) < 0)
        return refuse(lua, e.text);
    lua_pushboolean(lua, true);
    return 1;
}

/* ---- sleeping ---- */

struct sleeper {
    struct loop_timer timer;
    struct script_engine *engine;
    lua_State *thread;
    int thread_ref, own_ref;
};

static void on_awake(struct loop_timer *timer)
{
    struct sleeper *sleeper = timer->ctx;
    struct script_engine *engine = sleeper->engine;
    lua_State *thread = sleeper->thread;
    int own_ref = sleeper->own_ref;
    luaL_unref(engine->caller, LUA_REGISTRYINDEX, sleeper->thread_ref);
    script_engine_wake(engine, thread, 0);
    luaL_unref(engine->caller, LUA_REGISTRYINDEX, own_ref);
}

/* The state is closed while somebody sleeps. */
static int wake_nobody(lua_State *lua)
{
    struct sleeper *sleeper = luaL_checkudata(lua, 1, SLEEPER_TYPE);
    loop_timer_stop(sleeper->engine->setup.loop, &sleeper->timer);
    return 0;
}

/* sleep(THREAD, SECONDS) */
static int sleep_thread(lua_State *lua)
{
    luaL_checktype(lua, 1, LUA_TTHREAD);
    lua_Number seconds = luaL_checknumber(lua, 2);
    struct script_engine *engine = script_engine_of(lua);
    struct sleeper *sleeper = lua_newuserdata(lua, sizeof *sleeper);
    *sleeper = (struct sleeper){.engine = engine, .thread = lua_tothread(lua, 1)};
    luaL_setmetatable(lua, SLEEPER_TYPE);
    sleeper->own_ref = luaL_ref(lua, LUA_REGISTRYINDEX);
    lua_pushvalue(lua, 1);
    sleeper->thread_ref = luaL_ref(lua, LUA_REGISTRYINDEX);
    sleeper->timer = (struct loop_timer){.fn = on_awake, .ctx = sleeper};
    uint64_t ns = seconds > 0 && seconds < 86400 ? (uint64_t)(seconds * (lua_Number)NS_PER_S) : 0;
    loop_timer_set(engine->setup.loop, &sleeper->timer, clock_mono_ns(engine->setup.clock) + ns);
    return 0;
}

void script_socket_open(lua_State *lua)
{
    static const luaL_Reg methods[] = {{"close", close_socket},
                                       {"set_timeout", set_timeout},
                                       {"get_info", get_info},
                                       {"bind", bind_socket},
                                       {NULL, NULL}};
    static const luaL_Reg functions[] = {{"socket_new", new_socket},
                                         {"socket_plan", plan},
                                         {"socket_connect", connect_socket},
                                         {"socket_handshake", handshake},
                                         {"socket_send", send_data},
                                         {"socket_sendto", send_to},
                                         {"socket_receive", receive},
                                         {"socket_certificate", certificate},
                                         {"sleep", sleep_thread},
                                         {NULL, NULL}};
    luaL_setfuncs(lua, functions, 0);
    luaL_newmetatable(lua, SLEEPER_TYPE);
    lua_pushcfunction(lua, wake_nobody);
    lua_setfield(lua, -2, "__gc");
    lua_pop(lua, 1);
    luaL_newmetatable(lua, SOCKET_TYPE);
    lua_pushcfunction(lua, collect);
    lua_setfield(lua, -2, "__gc");
    lua_newtable(lua);
    luaL_setfuncs(lua, methods, 0);
    lua_pushvalue(lua, -1);
    lua_setfield(lua, -3, "__index");
    lua_setfield(lua, -3, "socket_methods");
    lua_pop(lua, 1);
}
