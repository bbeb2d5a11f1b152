/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A jail's logs: where to go on reading, and what of it is in the database. */
#include <errno.h>
#include <string.h>
#include <sys/wait.h>

#include "core/base/digest.h"
#include "core/base/mem.h"
#include "sys/loop/child.h"
#include "tool/ban/server/jail_private.h"

enum { FIRST_LINE_MAX = 4096 };

static const uint64_t IGNORE_COMMAND_LIMIT_NS = 2 * NS_PER_S;

/* The digest of the first line tells a file from another of its name. */
static void first_line_md5(const struct tail *t, char to[40])
{
    char line[FIRST_LINE_MAX];
    uint8_t digest[DIGEST_MAX];
    size_t len = tail_read_head(t, line, sizeof line);
    const char *newline = len ? memchr(line, '\n', len) : NULL;
    to[0] = '\0';
    if (!newline && len < sizeof line)
        return; /* no whole line yet */
    struct str text = str_of(40);
    digest_of(DIGEST_MD5, line, newline ? (size_t)(newline - line) + 1 : len, digest);
    digest_print(&text, digest, digest_size(DIGEST_MD5));
    strncpy(to, str_text(&text), 39);
    to[39] = '\0';
    str_done(&text);
}

static void on_line(void *ctx, const char *line, size_t len, uint64_t end)
{
    struct jail_log *l = ctx;
    struct ban_jail *j = l->jail;
    (void)end;
    while (len && line[len - 1] == '\r')
        len--;
    if (len == 0 || j->is_idle)
        return;
    double now_s = ban_world_now(j->world);
    j->filter.in_operation = l->in_operation;
    ban_filter_line(&j->filter, line, len, NULL, now_s, now_s);
    j->world->dirty = true;
}

static void on_caught_up(void *ctx)
{
    struct jail_log *l = ctx;
    /* what an empty file gets first may be as old as what another one begins with */
    l->in_operation |= tail_offset(l->tail) > 0;
}

static void on_restart(void *ctx)
{
    struct jail_log *l = ctx;
    l->md5[0] = '\0';
    ban_log(&l->jail->world->log, BAN_LOG_INFO, "filter", "Log rotation detected for %s", l->path);
}

int ban_jail_add_log(struct ban_jail *j, const char *path, bool from_end, struct err *e)
{
    static const struct tail_events events = {
        .line = on_line, .caught_up = on_caught_up, .restarted = on_restart};
    struct ban_world *w = j->world;
    uint64_t position = from_end ? UINT64_MAX : 0, saved;
    bool known = false;
    for (struct jail_log *l = j->logs; l; l = l->next)
        if (strcmp(l->path, path) == 0) {
            if (l->is_kept && !j->is_started)
                return err_set(e, -EEXIST, "%s already exists", path);
            l->is_kept = true;
            return 0;
        }
    struct jail_log *l = mem_zero(sizeof *l);
    *l = (struct jail_log){.jail = j, .path = mem_copy_text(path), .is_kept = true};
    l->in_operation = from_end;
    struct tail_events own = events;
    own.ctx = l;
    l->tail = tail_add(w->tails, path, UINT64_MAX, &own);
    first_line_md5(l->tail, l->md5);
    if (w->db && l->md5[0] &&
        ban_db_log_position(w->db, j->name, path, l->md5, &saved, &known, e) == 0 && known)
        position = saved;
    if (position != UINT64_MAX) { /* known only now, from the open file */
        tail_remove(l->tail);
        l->tail = tail_add(w->tails, path, position, &own);
    }
    struct jail_log **end = &j->logs;
    while (*end)
        end = &(*end)->next;
    *end = l;
    ban_log(&w->log, BAN_LOG_INFO, "filter", "Added logfile: '%s' (pos = %llu, hash = %s)", path,
            (unsigned long long)(position == UINT64_MAX ? 0 : position), l->md5);
    return 0;
}

static void free_log(struct jail_log *l)
{
    tail_remove(l->tail);
    mem_free(l->path);
    mem_free(l);
}

bool ban_jail_remove_log(struct ban_jail *j, const char *path)
{
    struct err ignored = {0};
    for (struct jail_log **link = &j->logs; *link; link = &(*link)->next) {
        struct jail_log *l = *link;
        if (strcmp(l->path, path) != 0)
            continue;
        *link = l->next;
        if (j->world->db)
            (void)!ban_db_remove_log(j->world->db, j->name, path, &ignored);
        free_log(l);
        return true;
    }
    return false;
}

void ban_jail_stop_reading(struct ban_jail *j)
{
    struct err ignored = {0};
    (void)!ban_jail_save(j, &ignored);
    for (struct jail_log *l = j->logs, *next; l; l = next) {
        next = l->next;
        free_log(l);
    }
    j->logs = NULL;
}

int ban_jail_save(struct ban_jail *j, struct err *e)
{
    struct ban_db *db = j->world->db;
    int rc = 0;
    if (!db)
        return 0;
    for (struct jail_log *l = j->logs; l && rc == 0; l = l->next) {
        uint64_t position = tail_offset(l->tail);
        if (!l->md5[0] && tail_is_open(l->tail))
            first_line_md5(l->tail, l->md5);
        if (!l->md5[0] || position == l->saved)
            continue;
        rc = ban_db_set_log(db, j->name, l->path, l->md5, position, e);
        l->saved = position;
    }
    for (struct ticket *t = j->fails.oldest; t && rc == 0; t = t->newer) {
        if (!t->is_dirty)
            continue;
        rc = ban_db_put_failure(db, j->name, t, e);
        t->is_dirty = false;
    }
    return rc;
}

/* Ask the administrator's own command: status 0 says that the address is to be left alone.  It is
 * waited for, but not for long. */
bool jail_is_ignored_by_command(struct ban_jail *j, const struct ticket *t)
{
    struct arena arena = {0};
    struct str text = str_of(8192), out = str_of(1024);
    struct text_list env = {0};
    struct err e = {0};
    int status = 0;
    bool ignored = false;
    if (!j->ignore.command || !*j->ignore.command)
        return false;
    struct action_values v = j->values;
    v.ticket = t;
    action_values_put(j->ignore.command, &v, ban_family_of(&t->net), &arena, &text, &env);
    /* values that must not stand in the text go before it as positions */
    struct str script = str_of(16384);
    const char *argv[4 + 64] = {"sh", "-c", NULL, "picket"};
    size_t argc = 4;
    for (size_t i = 0; i < env.count && argc < ARRAY_COUNT(argv) - 1; i++) {
        size_t name = strcspn(env.text[i], "=");
        str_addf(&script, "%.*s=${%zu}\n", (int)name, env.text[i], i + 1);
        argv[argc++] = env.text[i] + name + 1;
    }
    str_add(&script, str_text(&text));
    argv[2] = str_text(&script);
    int rc = child_run("/bin/sh", argv, IGNORE_COMMAND_LIMIT_NS, &out, &status, &e);
    if (rc < 0)
        ban_log(&j->world->log, BAN_LOG_ERROR, "filter", "[%s] ignorecommand: %s", j->name, e.text);
    else
        ignored = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (ignored)
        ban_log(&j->world->log, BAN_LOG_INFO, "filter", "[%s] Ignore %s by command", j->name,
                t->id);
    str_done(&script);
    str_done(&text);
    str_done(&out);
    text_list_done(&env);
    arena_done(&arena);
    return ignored;
}
