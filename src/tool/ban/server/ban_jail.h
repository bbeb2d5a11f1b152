/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One jail at work: its filter, the logs it reads, who has failed and who is banned. */
#pragma once

#include "core/base/rng.h"
#include "sys/loop/tail.h"
#include "tool/ban/server/ban_db.h"
#include "tool/ban/server/ban_formula.h"
#include "tool/ban/server/ignore.h"
#include "tool/ban/server/runner.h"

struct resolver;
struct ban_world; /* what all jails share */

/* A log as one jail reads it. */
struct jail_log {
    struct ban_jail *jail;
    char *path;
    struct tail *tail;
    char md5[40];      /* of its first line; "" until it has one */
    uint64_t saved;    /* the position in the database */
    bool in_operation; /* all that was there at the start has been read */
    bool is_kept;      /* while reloading */
    struct jail_log *next;
};

struct jail_increment { /* bantime.* */
    bool on, overall;
    double factor, max_s, random_s; /* max_s 0: none */
    char *formula, *multipliers;
};

struct ban_jail {
    struct ban_world *world;
    char *name, *backend;
    struct ban_filter filter;
    char *date_pattern, *zone, *encoding;
    double find_time_s;
    int max_retry, max_matches;
    int64_t ban_s;
    struct jail_increment increment;
    struct ban_ignore ignore;
    struct jail_log *logs;
    struct ban_value journal_matches; /* texts of matches */
    struct ticket_table fails, bans;
    size_t fail_total, ban_total;
    struct ban_action *actions; /* in their order */
    struct runner *runner;
    unsigned epoch;
    struct action_values values;
    struct loop_timer unban, service;
    bool is_started, is_idle, is_kept, is_leaving;
    struct ban_jail *next;
};

struct ban_world {
    struct loop *loop;
    struct tail_set *tails;
    struct ban_log log;
    struct date_book dates;
    struct ban_db *db; /* NULL: none */
    int64_t db_purge_s;
    unsigned db_max_matches;
    struct resolver *resolver; /* opened on demand */
    struct rng rng;
    struct ban_jail *jails;
    bool has_ip6, dirty;
    struct loop_timer save; /* positions and failures to the database */
};

double ban_world_now(const struct ban_world *w); /* wall time in seconds */

struct ban_jail *ban_jail_new(struct ban_world *w, const char *name, const char *backend);
void ban_jail_free(struct ban_jail *j); /* bans stay in the firewall unless it was stopped */

/* Restore what the database knows, start the actions, begin to read. */
int ban_jail_start(struct ban_jail *j, struct err *e) MUST_CHECK;

/* Take all bans out of the firewall and stop the actions; `keep_db`: the database keeps them, for
 * the next start.  The runner is idle when that is done. */
void ban_jail_stop(struct ban_jail *j, bool keep_db);

/* Before and after the commands of a reload. */
void ban_jail_begin_reload(struct ban_jail *j);
void ban_jail_end_reload(struct ban_jail *j);

int ban_jail_add_log(struct ban_jail *j, const char *path, bool from_end, struct err *e) MUST_CHECK;
bool ban_jail_remove_log(struct ban_jail *j, const char *path);

struct ban_action *ban_jail_action(struct ban_jail *j, const char *name); /* NULL: none */
int ban_jail_add_action(struct ban_jail *j, const char *name, struct err *e) MUST_CHECK;
bool ban_jail_remove_action(struct ban_jail *j, const char *name);

/* By hand.  The number of bans made or lifted. */
size_t ban_jail_ban(struct ban_jail *j, const char *const *id, size_t count);
size_t ban_jail_attempt(struct ban_jail *j, const char *id, const struct ban_list *matches);
size_t ban_jail_unban(struct ban_jail *j, const char *id); /* NULL: all; "NET/LEN": all in it */
bool ban_jail_has_ban(const struct ban_jail *j, const char *id);

/* Write positions and failures in progress that have changed. */
int ban_jail_save(struct ban_jail *j, struct err *e) MUST_CHECK;

void ban_jail_stop_reading(struct ban_jail *j);
