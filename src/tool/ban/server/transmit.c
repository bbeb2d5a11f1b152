/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands that are not about one option of a jail (transmit_jail.c has those). */
#include "tool/ban/server/transmit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "tool/ban/conf/ban_duration.h"
#include "tool/ban/conf/conf_jail.h"
#include "tool/ban/server/native.h"
#include "tool/ban/server/transmit_private.h"

const char *transmit_text(const struct request *q, size_t n)
{
    return n < q->words->count ? ban_value_str(&q->words->item[n], q->arena) : NULL;
}

struct ban_jail *transmit_jail(const struct transmitter *t, const char *name)
{
    struct ban_jail *j = t->world->jails;
    while (j && strcmp(j->name, name) != 0)
        j = j->next;
    return j;
}

int transmit_fault(struct request *q, int code, const char *words, const char *what)
{
    return err_set(q->e, code, "%s%.150s%s", words, what ? what : "", what ? "'" : "");
}

static struct ban_jail *wanted_jail(struct request *q, size_t n)
{
    const char *name = transmit_text(q, n);
    struct ban_jail *j = name ? transmit_jail(q->t, name) : NULL;
    if (!name)
        err_set(q->e, -EINVAL, "Sorry but the command is invalid");
    else if (!j || j->is_leaving)
        err_set(q->e, -ENOENT, "Sorry but the jail '%.100s' does not exist", name);
    return q->e->code ? NULL : j;
}

/* ---- jails ---- */

static int do_add(struct request *q)
{
    const char *name = transmit_text(q, 1), *backend = transmit_text(q, 2);
    if (!name || strcmp(name, "--all") == 0)
        return transmit_fault(q, -EINVAL, "Reserved name '", name ? name : "");
    if (!backend)
        backend = "auto";
    struct ban_jail *known = transmit_jail(q->t, name), **end = &q->t->world->jails;
    static const char *const backends[] = {"auto", "pyinotify", "polling", "systemd"};
    size_t i = 0, n = strcspn(backend, "[");
    while (i < ARRAY_COUNT(backends) &&
           (strlen(backends[i]) != n || strncasecmp(backends[i], backend, n) != 0))
        i++;
    if (i == ARRAY_COUNT(backends))
        return transmit_fault(q, -EINVAL, "Unknown backend '", backend);
    if (known && !q->t->is_reload && !known->is_leaving)
        return transmit_fault(q, -EEXIST, "The jail already exists: '", name);
    *q->out = ban_value_text(name);
    if (known) {
        known->is_kept = true;
        known->is_leaving = false;
        ban_jail_begin_reload(known);
        return 0;
    }
    while (*end)
        end = &(*end)->next;
    *end = ban_jail_new(q->t->world, name, backend);
    (*end)->is_kept = true;
    ban_log(&q->t->world->log, BAN_LOG_INFO, "jail", "Creating new jail '%s'", name);
    return q->t->world->db ? ban_db_add_jail(q->t->world->db, name, q->e) : 0;
}

static int do_start(struct request *q)
{
    struct ban_jail *j = wanted_jail(q, 1);
    return j ? ban_jail_start(j, q->e) : q->e->code;
}

/* It leaves the list when what it has queued is done. */
static void stop_jail(struct transmitter *t, struct ban_jail *j, bool keep_db)
{
    struct err ignored = {0};
    j->is_leaving = true;
    ban_jail_stop(j, keep_db);
    if (t->world->db)
        (void)!ban_db_disable_jails(t->world->db, j->name, &ignored);
}

static int do_stop(struct request *q)
{
    const char *name = transmit_text(q, 1);
    if (!name) {
        q->t->want_stop = true;
        return 0;
    }
    if (strcmp(name, "--all") == 0) {
        for (struct ban_jail *j = q->t->world->jails; j; j = j->next)
            stop_jail(q->t, j, true);
        return 0;
    }
    struct ban_jail *j = wanted_jail(q, 1);
    if (!j)
        return q->e->code;
    stop_jail(q->t, j, true);
    return 0;
}

/* ---- whole configurations ---- */

/* Every command counts, also behind one that is wrong: the other jails go on.  The first fault is
 * what is told. */
static int run_all(struct request *q, const struct ban_value *commands)
{
    struct err first = {0};
    if (!commands || commands->kind != BAN_VALUE_LIST)
        return transmit_fault(q, -EINVAL, "Sorry but the command is invalid", NULL);
    for (size_t i = 0; i < commands->list->count; i++) {
        struct ban_value ignored;
        struct err e = {0};
        if (transmit(q->t, &commands->list->item[i], q->arena, &ignored, &e) < 0) {
            ban_log(&q->t->world->log, BAN_LOG_ERROR, "transmitter", "Command has failed: %s",
                    e.text);
            first = first.code ? first : e;
        }
    }
    *q->e = first;
    return first.code;
}

static int do_stream(struct request *q)
{
    q->t->is_quiet = true;
    int rc = run_all(q, q->words->count > 1 ? &q->words->item[1] : NULL);
    q->t->is_quiet = false;
    return rc;
}

static bool has_option(const struct request *q, const char *option)
{
    const struct ban_value *v = q->words->count > 2 ? &q->words->item[2] : NULL;
    for (size_t i = 0; v && v->kind == BAN_VALUE_LIST && i < v->list->count; i++)
        if (v->list->item[i].kind == BAN_VALUE_TEXT && !strcmp(v->list->item[i].text, option))
            return true;
    return false;
}

/* ["reload", JAIL or "--all", OPTIONS, COMMANDS]. */
static int do_reload(struct request *q)
{
    const char *name = transmit_text(q, 1);
    struct ban_world *w = q->t->world;
    bool all = name && strcmp(name, "--all") == 0;
    if (!name || q->words->count < 4)
        return transmit_fault(q, -EINVAL, "Sorry but the command is invalid", NULL);
    for (struct ban_jail *j = w->jails; j; j = j->next) {
        bool meant = !j->is_leaving && (all || strcmp(j->name, name) == 0);
        j->is_kept = !meant;
        if (meant && has_option(q, "--unban"))
            (void)ban_jail_unban(j, NULL);
        if (meant && has_option(q, "--restart"))
            ban_jail_stop(j, true);
    }
    ban_log(&w->log, BAN_LOG_INFO, "server", "Reload %s", all ? "all jails" : name);
    q->t->is_reload = q->t->is_quiet = true;
    int rc = run_all(q, &q->words->item[3]);
    q->t->is_reload = q->t->is_quiet = false;
    for (struct ban_jail *j = w->jails; j; j = j->next) {
        if (!j->is_kept && !j->is_leaving)
            stop_jail(q->t, j, true);
        else if (j->is_started && (all || strcmp(j->name, name) == 0))
            ban_jail_end_reload(j);
    }
    *q->out = ban_value_text("OK");
    return rc;
}

/* ---- status ---- */

static void add_pair(struct request *q, struct ban_list *to, const char *name,
                     struct ban_value value)
{
    struct ban_value pair = ban_value_words(q->arena, name, NULL);
    ban_list_add(pair.list, q->arena, value);
    ban_list_add(to, q->arena, pair);
}

static struct ban_value banned_list(struct request *q, const struct ban_jail *j)
{
    struct ban_value list = ban_value_list(q->arena);
    for (const struct ticket *t = j->bans.oldest; t; t = t->newer)
        ban_list_add_text(list.list, q->arena, t->id);
    return list;
}

static struct ban_value jail_status(struct request *q, const struct ban_jail *j, const char *flavor)
{
    struct arena *arena = q->arena;
    struct ban_value filter = ban_value_list(arena), actions = ban_value_list(arena);
    struct ban_value files = ban_value_list(arena), all = ban_value_list(arena);
    struct ban_value commands = ban_value_list(arena);
    add_pair(q, filter.list, "Currently failed", ban_value_int((int64_t)j->fails.count));
    add_pair(q, filter.list, "Total failed", ban_value_int((int64_t)j->fail_total));
    for (const struct jail_log *l = j->logs; l; l = l->next)
        ban_list_add_text(files.list, arena, l->path);
    if (strncmp(j->backend, "systemd", 7) == 0)
        add_pair(q, filter.list, "Journal matches",
                 j->journal_matches.list ? j->journal_matches : ban_value_list(arena));
    else
        add_pair(q, filter.list, "File list", files);
    add_pair(q, actions.list, "Currently banned", ban_value_int((int64_t)j->bans.count));
    add_pair(q, actions.list, "Total banned", ban_value_int((int64_t)j->ban_total));
    if (strcmp(flavor, "short") != 0)
        add_pair(q, actions.list, "Banned IP list", banned_list(q, j));
    for (struct ban_action *a = j->actions; a; a = a->next) {
        bool is_native = native_fits(ban_action_text(a, FAMILY_INET4, "actionban"));
        ban_list_add_text(commands.list, arena,
                          arena_print(arena, "%s (%s)", a->name, is_native ? "native" : "shell"));
    }
    add_pair(q, all.list, "Filter", filter);
    if (strcmp(flavor, "actions") == 0)
        add_pair(q, actions.list, "Action list", commands);
    add_pair(q, all.list, "Actions", actions);
    return all;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp((*(struct ban_jail *const *)a)->name, (*(struct ban_jail *const *)b)->name);
}

static int all_status(struct request *q, const char *flavor)
{
    struct arena *arena = q->arena;
    struct ban_value all = ban_value_list(arena), jails = ban_value_map(arena);
    struct str names = str_of(0);
    size_t count = 0;
    for (struct ban_jail *j = q->t->world->jails; j; j = j->next)
        count += !j->is_leaving;
    struct ban_jail **sorted = arena_array(arena, count + 1, sizeof(struct ban_jail *));
    size_t at = 0;
    for (struct ban_jail *j = q->t->world->jails; j; j = j->next)
        if (!j->is_leaving)
            sorted[at++] = j;
    qsort(sorted, count, sizeof(struct ban_jail *), compare_names);
    for (size_t i = 0; i < count; i++) {
        str_addf(&names, "%s%s", i ? ", " : "", sorted[i]->name);
        ban_list_add_text(jails.list, arena, sorted[i]->name);
        if (flavor)
            ban_list_add(jails.list, arena, jail_status(q, sorted[i], flavor));
    }
    add_pair(q, all.list, "Number of jail", ban_value_int((int64_t)count));
    add_pair(q, all.list, "Jail list", ban_value_text(arena_text(arena, str_text(&names))));
    if (flavor)
        ban_list_add(all.list, arena, jails);
    str_done(&names);
    *q->out = all;
    return 0;
}

static int do_status(struct request *q)
{
    const char *name = transmit_text(q, 1), *flavor = transmit_text(q, 2);
    if (!name)
        return all_status(q, NULL);
    if (strcmp(name, "--all") == 0)
        return all_status(q, flavor ? flavor : "basic");
    struct ban_jail *j = wanted_jail(q, 1);
    if (!j)
        return q->e->code;
    *q->out = jail_status(q, j, flavor ? flavor : "basic");
    return 0;
}

static int do_stats(struct request *q)
{
    *q->out = ban_value_map(q->arena);
    for (const struct ban_jail *j = q->t->world->jails; j; j = j->next) {
        struct ban_value row = ban_value_words(q->arena, j->backend, NULL);
        struct ban_value filter = ban_value_list(q->arena), bans = ban_value_list(q->arena);
        ban_list_add(filter.list, q->arena, ban_value_int((int64_t)j->fails.count));
        ban_list_add(filter.list, q->arena, ban_value_int((int64_t)j->fail_total));
        ban_list_add(bans.list, q->arena, ban_value_int((int64_t)j->bans.count));
        ban_list_add(bans.list, q->arena, ban_value_int((int64_t)j->ban_total));
        ban_list_add(row.list, q->arena, filter);
        ban_list_add(row.list, q->arena, bans);
        ban_list_add_text(q->out->list, q->arena, j->name);
        ban_list_add(q->out->list, q->arena, row);
    }
    return 0;
}

/* ---- bans in all jails ---- */

static int do_unban(struct request *q)
{
    size_t done = 0;
    if (q->words->count < 2)
        return transmit_fault(q, -EINVAL, "Invalid command", NULL);
    bool all = q->words->count == 2 && strcmp(transmit_text(q, 1), "--all") == 0;
    for (struct ban_jail *j = q->t->world->jails; j; j = j->next)
        for (size_t i = 1; i < q->words->count; i++)
            done += ban_jail_unban(j, all ? NULL : transmit_text(q, i));
    *q->out = ban_value_int((int64_t)done);
    return 0;
}

/* "banned": who is, in which jail; with addresses: in which jails is each. */
static int do_banned(struct request *q)
{
    struct ban_value all = ban_value_list(q->arena);
    for (size_t i = 1; i < q->words->count; i++) {
        struct ban_value in = ban_value_list(q->arena);
        for (const struct ban_jail *j = q->t->world->jails; j; j = j->next)
            if (ban_jail_has_ban(j, transmit_text(q, i)))
                ban_list_add_text(in.list, q->arena, j->name);
        ban_list_add(all.list, q->arena, in);
    }
    for (const struct ban_jail *j = q->t->world->jails; j && q->words->count < 2; j = j->next) {
        struct ban_value map = ban_value_map(q->arena);
        ban_list_add_text(map.list, q->arena, j->name);
        ban_list_add(map.list, q->arena, banned_list(q, j));
        ban_list_add(all.list, q->arena, map);
    }
    *q->out = all;
    return 0;
}

/* ---- small ones ---- */

static int do_ping(struct request *q)
{
    *q->out = ban_value_text("pong");
    return 0;
}

static int do_version(struct request *q)
{
    *q->out = ban_value_text(CONF_VERSION);
    return 0;
}

static int do_echo(struct request *q)
{
    *q->out = ban_value_list(q->arena);
    for (size_t i = 1; i < q->words->count; i++)
        ban_list_add(q->out->list, q->arena, q->words->item[i]);
    return 0;
}

static int do_server_status(struct request *q)
{
    *q->out = ban_value_text("Server ready");
    return 0;
}

static int do_flush_logs(struct request *q)
{
    *q->out = ban_value_text(ban_log_flush(&q->t->world->log));
    return 0;
}

static int do_config_error(struct request *q)
{
    q->t->config_errors++;
    ban_log(&q->t->world->log, BAN_LOG_ERROR, "transmitter", "%s",
            q->words->count > 1 ? transmit_text(q, 1) : "");
    return 0;
}

static int do_sleep(struct request *q)
{
    (void)q; /* a server that sleeps serves nobody */
    return 0;
}

static int do_multi_set(struct request *q)
{
    return transmit_set(q, true);
}

static int do_set(struct request *q)
{
    return transmit_set(q, false);
}

static const struct {
    const char *name;
    int (*run)(struct request *q);
} commands[] = {
    {"ping", do_ping},
    {"add", do_add},
    {"multi-set", do_multi_set},
    {"set", do_set},
    {"get", transmit_get},
    {"start", do_start},
    {"stop", do_stop},
    {"reload", do_reload},
    {"unban", do_unban},
    {"banned", do_banned},
    {"echo", do_echo},
    {"server-status", do_server_status},
    {"server-stream", do_stream},
    {"sleep", do_sleep},
    {"flushlogs", do_flush_logs},
    {"status", do_status},
    {"stats", do_stats},
    {"statistic", do_stats},
    {"statistics", do_stats},
    {"version", do_version},
    {"config-error", do_config_error},
};

int transmit(struct transmitter *t, const struct ban_value *command, struct arena *arena,
             struct ban_value *out, struct err *e)
{
    struct request q = {.t = t, .arena = arena, .out = out, .e = e};
    *out = (struct ban_value){0};
    if (command->kind != BAN_VALUE_LIST || command->list->count == 0)
        return err_set(e, -EINVAL, "Sorry but the command is invalid");
    q.words = command->list;
    const char *name = transmit_text(&q, 0);
    for (size_t i = 0; i < ARRAY_COUNT(commands); i++)
        if (strcmp(commands[i].name, name) == 0)
            return commands[i].run(&q);
    return err_set(e, -EINVAL, "Invalid command '%.100s'", name);
}
