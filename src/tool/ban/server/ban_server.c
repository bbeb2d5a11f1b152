/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/server/ban_server.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/log.h"
#include "core/base/mem.h"
#include "sys/io/file.h"
#include "sys/io/resolver.h"
#include "sys/io/sock.h"
#include "tool/ban/server/ban_socket.h"
#include "tool/ban/server/transmit.h"

static const uint64_t SAVE_EVERY_NS = NS_PER_S, PURGE_EVERY_NS = 3600 * NS_PER_S;
static const uint64_t STOP_LIMIT_NS = 15 * NS_PER_S;

struct ban_server {
    const struct ban_server_options *o;
    struct ban_world world;
    struct transmitter transmitter;
    struct ban_socket *socket;
    struct loop_signal term, interrupt, hangup;
    struct loop_timer purge, limit;
    bool is_stopping;
};

/* ---- saving ---- */

static void save_all(struct ban_world *w)
{
    struct err e = {0};
    int rc = 0;
    if (!w->db || (!w->dirty && !ban_db_is_dirty(w->db)))
        return;
    for (struct ban_jail *j = w->jails; j && rc == 0; j = j->next)
        rc = ban_jail_save(j, &e);
    int committed = ban_db_commit(w->db, &e);
    if (rc < 0 || committed < 0)
        ban_log(&w->log, BAN_LOG_ERROR, "database", "%s", e.text);
    w->dirty = false;
}

static void on_save(struct loop_timer *timer)
{
    struct ban_world *w = timer->ctx;
    save_all(w);
    loop_timer_set(w->loop, timer, loop_now_ns(w->loop) + SAVE_EVERY_NS);
}

static void on_purge(struct loop_timer *timer)
{
    struct ban_server *s = timer->ctx;
    struct err e = {0};
    if (s->world.db &&
        ban_db_purge(s->world.db, ban_world_now(&s->world), (double)s->world.db_purge_s, &e) < 0)
        ban_log(&s->world.log, BAN_LOG_ERROR, "database", "%s", e.text);
    loop_timer_set(s->world.loop, timer, loop_now_ns(s->world.loop) + PURGE_EVERY_NS);
}

/* ---- stopping ---- */

/* Jails that have stopped leave when nothing of theirs is queued any more. */
static void sweep(struct ban_server *s)
{
    for (struct ban_jail **link = &s->world.jails; *link;) {
        struct ban_jail *j = *link;
        if (j->is_leaving && runner_is_idle(j->runner)) {
            *link = j->next;
            ban_jail_free(j);
        } else {
            link = &j->next;
        }
    }
    if (s->is_stopping && !s->world.jails)
        loop_stop(s->world.loop);
}

static void on_limit(struct loop_timer *timer)
{
    struct ban_server *s = timer->ctx;
    ban_log(&s->world.log, BAN_LOG_ERROR, "server", "Actions take too long to stop");
    loop_stop(s->world.loop);
}

static void stop(struct ban_server *s)
{
    struct ban_world *w = &s->world;
    if (s->is_stopping)
        return;
    s->is_stopping = true;
    ban_log(&w->log, BAN_LOG_INFO, "server", "Shutdown in progress...");
    for (struct ban_jail *j = w->jails; j; j = j->next) {
        j->is_leaving = true;
        ban_jail_stop(j, true);
    }
    save_all(w);
    loop_timer_set(w->loop, &s->limit, loop_now_ns(w->loop) + STOP_LIMIT_NS);
}

static void on_term(struct loop_signal *watch)
{
    stop(watch->ctx);
}

static void on_hangup(struct loop_signal *watch)
{
    struct ban_server *s = watch->ctx;
    (void)ban_log_flush(&s->world.log);
}

/* ---- the world ---- */

static void log_line(void *ctx, enum log_level level, const char *line)
{
    static const int levels[] = {BAN_LOG_ERROR, BAN_LOG_WARNING, BAN_LOG_INFO, BAN_LOG_DEBUG};
    struct ban_server *s = ctx;
    ban_log(&s->world.log, levels[level], "server", "%s", line);
}

static int on_command(void *ctx, const struct ban_value *command, struct arena *arena,
                      struct ban_value *out, struct err *e)
{
    struct ban_server *s = ctx;
    int rc = transmit(&s->transmitter, command, arena, out, e);
    if (rc < 0)
        ban_log(&s->world.log, BAN_LOG_ERROR, "transmitter", "Command has failed: %s", e->text);
    if (s->transmitter.want_stop)
        stop(s);
    return rc;
}

static int open_world(struct ban_server *s, struct err *e)
{
    struct ban_world *w = &s->world;
    double now_s = ban_world_now(w);
    struct date_rules rules = date_rules_of(978393600, now_s); /* no log is older than 2001 */
    *w = (struct ban_world){.db_purge_s = 86400, .db_max_matches = 10, .has_ip6 = true};
    ban_log_init(&w->log);
    date_book_init(&w->dates, &rules);
    w->rng = rng_system();
    int rc = loop_open(&w->loop, &clock_system, e);
    if (rc == 0)
        rc = tail_set_open(&w->tails, w->loop, e);
    s->term = (struct loop_signal){.fn = on_term, .ctx = s, .signal_number = SIGTERM};
    s->interrupt = (struct loop_signal){.fn = on_term, .ctx = s, .signal_number = SIGINT};
    s->hangup = (struct loop_signal){.fn = on_hangup, .ctx = s, .signal_number = SIGHUP};
    if (rc == 0)
        rc = loop_signal_add(w->loop, &s->term, e);
    if (rc == 0)
        rc = loop_signal_add(w->loop, &s->interrupt, e);
    if (rc == 0)
        rc = loop_signal_add(w->loop, &s->hangup, e);
    w->save = (struct loop_timer){.fn = on_save, .ctx = w};
    s->purge = (struct loop_timer){.fn = on_purge, .ctx = s};
    s->limit = (struct loop_timer){.fn = on_limit, .ctx = s};
    s->transmitter = (struct transmitter){.world = w};
    return rc;
}

static void close_world(struct ban_server *s)
{
    struct ban_world *w = &s->world;
    for (struct ban_jail *j = w->jails, *next; j; j = next) {
        next = j->next;
        ban_jail_free(j);
    }
    w->jails = NULL;
    ban_socket_close(s->socket);
    ban_db_close(w->db);
    resolver_close(w->resolver);
    tail_set_close(w->tails);
    loop_close(w->loop);
    date_book_done(&w->dates);
    ban_log_done(&w->log);
}

/* The commands of the configuration; the first fault ends the start. */
static int configure(struct ban_server *s, const struct ban_list *commands, struct err *e)
{
    struct arena arena = {0};
    int rc = 0;
    s->transmitter.is_quiet = true;
    for (size_t i = 0; i < commands->count && rc == 0; i++) {
        struct ban_value ignored;
        rc = transmit(&s->transmitter, &commands->item[i], &arena, &ignored, e);
    }
    s->transmitter.is_quiet = false;
    arena_done(&arena);
    if (rc < 0)
        ban_log(&s->world.log, BAN_LOG_ERROR, "server", "%s", e->text);
    return rc;
}

static int write_pidfile(const char *path, struct err *e)
{
    char text[32];
    int len = snprintf(text, sizeof text, "%d\n", (int)getpid());
    return path ? file_replace(path, text, (size_t)len, 0644, e) : 0;
}

static int serve(struct ban_server *s, struct err *e)
{
    int rc = 0;
    while (rc == 0 && !(s->is_stopping && !s->world.jails)) {
        rc = loop_step(s->world.loop, UINT64_MAX, e);
        sweep(s);
        if (s->is_stopping && !s->limit.slot)
            break;
    }
    return rc;
}

/* The socket is taken first: two servers of one configuration would undo each other's bans. */
static int start(struct ban_server *s, const struct ban_list *commands, struct err *e)
{
    struct ban_world *w = &s->world;
    int rc = ban_socket_open(&s->socket, w->loop, s->o->socket, on_command, s, e);
    if (rc < 0)
        return err_wrap(e, "socket %s", s->o->socket);
    rc = configure(s, commands, e);
    if (rc == 0)
        rc = write_pidfile(s->o->pidfile, e);
    if (rc < 0)
        return rc;
    loop_timer_set(w->loop, &w->save, loop_now_ns(w->loop) + SAVE_EVERY_NS);
    loop_timer_set(w->loop, &s->purge, loop_now_ns(w->loop) + PURGE_EVERY_NS);
    ban_log(&w->log, BAN_LOG_INFO, "server", "Server ready");
    return 0;
}

int ban_server_run(const struct ban_server_options *o, const struct ban_list *commands,
                   struct err *e)
{
    struct ban_server *s = mem_zero(sizeof *s);
    s->o = o;
    sock_raise_limit();
    int rc = open_world(s, e);
    if (rc == 0) {
        log_open(log_line, s, LOG_LEVEL_DEBUG);
        rc = start(s, commands, e);
    }
    if (rc == 0)
        rc = serve(s, e);
    save_all(&s->world);
    if (s->is_stopping)
        ban_log(&s->world.log, BAN_LOG_INFO, "server", "Exiting Fail2ban");
    log_open(NULL, NULL, LOG_LEVEL_ERROR);
    if (o->pidfile && s->is_stopping)
        unlink(o->pidfile);
    close_world(s);
    mem_free(s);
    return rc;
}
