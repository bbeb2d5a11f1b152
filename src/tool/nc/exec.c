/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nc/exec.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/arena.h"
#include "core/base/mem.h"
#include "core/base/own.h"
#include "sys/loop/child.h"

enum { WORDS_MAX = 256 };

struct exec {
    struct nc_context *c;
    struct loop_child child;
    struct nc_end local; /* our side of the program's pipes */
    struct pump *pump;
    exec_done_fn *done;
    void *ctx;
    bool ended, drained, told;
};

/* ---- the command ---- */

/* --exec splits at blanks and knows no quotes; what is a file as a whole is one word. */
static void split_words(struct arena *a, const char *text, const char *argv[WORDS_MAX + 1])
{
    size_t count = 0;
    argv[0] = text;
    argv[1] = NULL;
    if (access(text, X_OK) == 0)
        return;
    for (text += strspn(text, " \t"); *text && count < WORDS_MAX; text += strspn(text, " \t")) {
        size_t len = strcspn(text, " \t");
        argv[count++] = arena_copy(a, text, len);
        text += len;
    }
    argv[count] = NULL;
}

static void fill_argv(struct arena *a, const struct nc_options *o, const char *argv[WORDS_MAX + 1])
{
    const char *const shell[] = {"/bin/sh", "-c", o->program_text, NULL};
    const char *const lua[] = {"/proc/self/exe", "nc", "--run-lua", o->program_text, NULL};
    if (o->program == NC_EXEC_SHELL)
        memcpy(argv, shell, sizeof shell);
    else if (o->program == NC_EXEC_LUA)
        memcpy(argv, lua, sizeof lua);
    else if (o->program == NC_EXEC_WORDS)
        split_words(a, o->program_text, argv);
    else {
        argv[0] = o->program_text;
        argv[1] = NULL;
    }
}

/* Who it speaks with, by ncat's names; the rest of the environment is ours. */
static const char *const *fill_env(struct arena *a, const struct nc_options *o,
                                   const struct nc_peer *from, const struct nc_peer *at)
{
    char text[ADDR_TEXT_MAX];
    size_t count = 0, own = 0;
    while (environ[count])
        count++;
    const char **env = arena_array(a, count + 6, sizeof *env);
    for (size_t i = 0; i < count; i++)
        if (strncmp(environ[i], "NCAT_", 5) != 0)
            env[own++] = environ[i];
    if (!from->path) {
        env[own++] = arena_print(a, "NCAT_REMOTE_ADDR=%s", addr_format(&from->at.addr, text));
        env[own++] = arena_print(a, "NCAT_REMOTE_PORT=%u", from->at.port);
        env[own++] = arena_print(a, "NCAT_LOCAL_ADDR=%s", addr_format(&at->at.addr, text));
        env[own++] = arena_print(a, "NCAT_LOCAL_PORT=%u", at->at.port);
    }
    env[own++] = arena_print(a, "NCAT_PROTO=%s", o->sctp ? "SCTP" : o->udp ? "UDP" : "TCP");
    env[own] = NULL;
    return env;
}

static int start(struct exec *x, int fd, const struct nc_peer *from, const struct nc_peer *at,
                 struct err *e)
{
    struct arena a = {0};
    const char *argv[WORDS_MAX + 1] = {NULL};
    fill_argv(&a, x->c->o, argv);
    struct child_spec spec = {.path = argv[0] ? argv[0] : "",
                              .argv = argv,
                              .in_fd = fd,
                              .out_fd = fd,
                              .err_fd = STDERR_FILENO,
                              .env = fill_env(&a, x->c->o, from, at)};
    int rc = child_start(&spec, &x->child.pid, e);
    rc = rc ? rc : loop_child_add(x->c->loop, &x->child, e);
    arena_done(&a);
    return rc;
}

/* ---- its end ---- */

static void tell(struct exec *x)
{
    if (x->told || !x->ended || (x->pump && !x->drained))
        return;
    x->told = true;
    x->done(x->ctx);
}

static void child_ended(struct loop_child *w, int status)
{
    struct exec *x = w->ctx;
    (void)status;
    x->ended = true;
    tell(x);
}

/* The program's output is over, or the peer has gone: nothing is left to be copied. */
static void pump_ended(void *ctx, enum pump_end end, const struct err *e)
{
    struct exec *x = ctx;
    (void)end, (void)e;
    x->drained = true;
    nc_end_close(&x->local); /* the program sees its end, if it has not ended yet */
    tell(x);
}

static void start_pump(struct exec *x, struct nc_end *end)
{
    const struct nc_options *o = x->c->o;
    struct pump_spec spec = {
        .loop = x->c->loop,
        .local = &x->local,
        .remote = end,
        .rules = {.end_with_local = true,
                  .shut_local = true,
                  .crlf = o->crlf,
                  .telnet = o->telnet,
                  .idle_ns = (uint64_t)o->idle_ns},
        .dump = {&x->c->dump[0], &x->c->dump[1]},
        .done = pump_ended,
        .ctx = x,
    };
    for (int i = 0; i < 2; i++)
        if (spec.dump[i]->fd < 0)
            spec.dump[i] = NULL;
    x->pump = pump_new(&spec);
}

static bool must_copy(const struct nc_context *c, const struct nc_end *end)
{
    return end->tls || end->ahead_len || c->o->crlf || c->o->telnet || c->dump[0].fd >= 0 ||
           c->dump[1].fd >= 0;
}

static int start_copied(struct exec *x, struct nc_end *end, const struct nc_peer *from,
                        const struct nc_peer *at, struct err *e)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
        return err_set(e, -errno, "socketpair: %s", strerror(errno));
    OWN_FD int ours = pair[0];
    OWN_FD int theirs = pair[1];
    int rc = start(x, theirs, from, at, e);
    if (rc)
        return rc;
    nc_end_socket(&x->local, fd_take(&ours), false);
    start_pump(x, end);
    return 0;
}

static int start_direct(struct exec *x, struct nc_end *end, const struct nc_peer *from,
                        const struct nc_peer *at, struct err *e)
{
    int flags = fcntl(end->in_fd, F_GETFL);
    (void)fcntl(end->in_fd, F_SETFL, flags & ~O_NONBLOCK); /* programs expect to wait */
    return start(x, end->in_fd, from, at, e);
}

int exec_new(struct exec **out, struct nc_context *c, struct nc_end *end,
             const struct nc_peer *from, const struct nc_peer *at, exec_done_fn *done, void *ctx,
             struct err *e)
{
    struct exec *x = mem_zero(sizeof *x);
    *x = (struct exec){.c = c, .done = done, .ctx = ctx, .local.in_fd = -1, .local.out_fd = -1};
    x->child = (struct loop_child){.fn = child_ended, .ctx = x};
    x->child.pidfd.fd = -1;
    int rc =
        must_copy(c, end) ? start_copied(x, end, from, at, e) : start_direct(x, end, from, at, e);
    if (rc) {
        exec_close(x);
        return rc;
    }
    *out = x;
    return 0;
}

void exec_close(struct exec *x)
{
    if (!x)
        return;
    loop_child_remove(x->c->loop, &x->child);
    pump_close(x->pump);
    nc_end_close(&x->local);
    mem_free(x);
}
