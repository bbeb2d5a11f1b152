/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The life of a jail: made, started, reloaded, stopped.  jail_bans.c decides about bans,
 * jail_logs.c reads. */
#include "tool/ban/server/ban_jail.h"

#include <errno.h>
#include <string.h>

#include "core/base/mem.h"
#include "tool/ban/server/jail_private.h"

static const double SERVICE_S = 5;

double ban_world_now(const struct ban_world *w)
{
    (void)w;
    return (double)(clock_wall_ns(&clock_system) / NS_PER_MS) / 1000.0;
}

static void on_unban(struct loop_timer *timer)
{
    jail_unban_expired(timer->ctx);
}

static void on_service(struct loop_timer *timer)
{
    struct ban_jail *j = timer->ctx;
    jail_forget_old_failures(j);
    if (j->fails.count)
        loop_timer_set(j->world->loop, timer,
                       loop_now_ns(j->world->loop) + (uint64_t)(SERVICE_S * (double)NS_PER_S));
}

static void on_repair(void *ctx, struct ban_action *action)
{
    jail_give_again(ctx, action);
}

static void history(void *ctx, const struct ticket *t, bool all_jails, struct str *matches,
                    int *out_failures)
{
    struct ban_jail *j = ctx;
    struct err ignored = {0};
    if (j->world->db)
        (void)!ban_db_merged(j->world->db, all_jails ? NULL : j->name, t->id, matches, out_failures,
                             &ignored);
}

struct ban_jail *ban_jail_new(struct ban_world *w, const char *name, const char *backend)
{
    struct ban_jail *j = mem_zero(sizeof *j);
    j->world = w;
    j->name = mem_copy_text(name);
    j->backend = mem_copy_text(backend);
    ban_filter_init(&j->filter, &w->dates);
    j->filter.found = jail_on_found;
    j->filter.ctx = j;
    j->find_time_s = 600;
    j->max_retry = 3;
    j->max_matches = 5;
    j->ban_s = 600;
    j->increment = (struct jail_increment){.factor = 1};
    ban_ignore_init(&j->ignore);
    j->encoding = mem_copy_text("UTF-8");
    j->runner = runner_new(w->loop, &w->log, name);
    runner_on_repair(j->runner, on_repair, j);
    j->values = (struct action_values){.jail = j->name, .history = history, .ctx = j};
    j->unban = (struct loop_timer){.fn = on_unban, .ctx = j};
    j->service = (struct loop_timer){.fn = on_service, .ctx = j};
    return j;
}

void ban_jail_free(struct ban_jail *j)
{
    if (!j)
        return;
    ban_jail_stop_reading(j);
    loop_timer_stop(j->world->loop, &j->unban);
    loop_timer_stop(j->world->loop, &j->service);
    runner_free(j->runner);
    for (struct ban_action *a = j->actions, *next; a; a = next) {
        next = a->next;
        ban_action_free(a);
    }
    ticket_table_done(&j->fails);
    ticket_table_done(&j->bans);
    ban_filter_done(&j->filter);
    ban_ignore_done(&j->ignore);
    mem_free(j->increment.formula);
    mem_free(j->increment.multipliers);
    mem_free(j->date_pattern);
    mem_free(j->zone);
    mem_free(j->encoding);
    mem_free(j->name);
    mem_free(j->backend);
    mem_free(j);
}

void jail_tidy_up(struct ban_jail *j)
{
    if (!j->service.slot)
        loop_timer_set(j->world->loop, &j->service,
                       loop_now_ns(j->world->loop) + (uint64_t)(SERVICE_S * (double)NS_PER_S));
}

/* ---- actions ---- */

struct ban_action *ban_jail_action(struct ban_jail *j, const char *name)
{
    struct ban_action *a = j->actions;
    while (a && strcmp(a->name, name) != 0)
        a = a->next;
    return a;
}

int ban_jail_add_action(struct ban_jail *j, const char *name, struct err *e)
{
    struct ban_action *known = ban_jail_action(j, name), **end = &j->actions;
    if (known && !known->is_kept) {
        if (!j->is_started)
            return err_set(e, -EEXIST, "Action %s already exists", name);
        known->is_kept = true;
        ban_action_clear(known);
        return 0;
    }
    if (known)
        return err_set(e, -EEXIST, "Action %s already exists", name);
    while (*end)
        end = &(*end)->next;
    *end = ban_action_new(name);
    (*end)->is_kept = true;
    if (j->is_started && !ban_action_on_demand(*end))
        runner_add(j->runner, JOB_START, *end, NULL, &j->values);
    return 0;
}

bool ban_jail_remove_action(struct ban_jail *j, const char *name)
{
    for (struct ban_action **link = &j->actions; *link; link = &(*link)->next) {
        struct ban_action *a = *link;
        if (strcmp(a->name, name) != 0)
            continue;
        *link = a->next;
        jail_withdraw(j, a);
        runner_add(j->runner, JOB_STOP, a, NULL, &j->values);
        runner_retire(j->runner, a);
        return true;
    }
    return false;
}

/* ---- start and stop ---- */

static void take_restored(void *ctx, struct ticket *t)
{
    jail_restore(ctx, t);
}

static void take_failure(void *ctx, struct ticket *t)
{
    struct ban_jail *j = ctx;
    if (t->time_s + j->find_time_s <= ban_world_now(j->world) ||
        ticket_table_find(&j->fails, t->id)) {
        ticket_free(t);
        return;
    }
    ticket_table_add(&j->fails, t);
    jail_tidy_up(j);
}

int ban_jail_start(struct ban_jail *j, struct err *e)
{
    struct ban_world *w = j->world;
    int rc = 0;
    if (j->is_started)
        return 0;
    j->is_started = true;
    ban_log(&w->log, BAN_LOG_INFO, "jail", "Jail '%s' started", j->name);
    for (struct ban_action *a = j->actions; a; a = a->next)
        if (!ban_action_on_demand(a))
            runner_add(j->runner, JOB_START, a, NULL, &j->values);
    if (w->db) {
        rc = ban_db_read_bans(w->db, j->name, ban_world_now(w), take_restored, j, e);
        if (rc == 0)
            rc = ban_db_read_failures(w->db, j->name, take_failure, j, e);
    }
    return rc;
}

void ban_jail_stop(struct ban_jail *j, bool keep_db)
{
    struct err ignored = {0};
    ban_jail_stop_reading(j);
    if (!j->is_started)
        return;
    jail_repeal_all(j, keep_db);
    struct ban_action *reversed = NULL;
    for (struct ban_action *a = j->actions, *next; a; a = next) { /* in reverse order */
        next = a->next;
        a->next = reversed;
        reversed = a;
    }
    for (struct ban_action *a = reversed, *next; a; a = next) {
        next = a->next;
        runner_add(j->runner, JOB_STOP, a, NULL, &j->values);
        runner_retire(j->runner, a);
    }
    j->actions = NULL;
    j->is_started = false;
    if (j->world->db && !keep_db)
        (void)!ban_db_remove_failure(j->world->db, j->name, NULL, &ignored);
    ban_log(&j->world->log, BAN_LOG_INFO, "jail", "Jail '%s' stopped", j->name);
}

/* ---- reload ---- */

void ban_jail_begin_reload(struct ban_jail *j)
{
    ban_filter_remove_rules(&j->filter, true, true);
    ban_ignore_clear(&j->ignore);
    j->journal_matches = (struct ban_value){0};
    for (struct jail_log *l = j->logs; l; l = l->next)
        l->is_kept = false;
    for (struct ban_action *a = j->actions; a; a = a->next)
        a->is_kept = false;
}

void ban_jail_end_reload(struct ban_jail *j)
{
    for (struct jail_log *l = j->logs, *next; l; l = next) {
        next = l->next;
        if (!l->is_kept)
            ban_jail_remove_log(j, l->path);
    }
    for (struct ban_action *a = j->actions, *next; a; a = next) {
        next = a->next;
        if (a->is_kept)
            runner_add(j->runner, JOB_RELOAD, a, NULL, &j->values);
        else
            ban_jail_remove_action(j, a->name);
    }
}
