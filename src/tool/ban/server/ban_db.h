/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fail2ban's database, as fail2ban made it: an existing file is taken over, and fail2ban can take
 * it back.  Beside its tables there is one of our own, of failures in progress, written in one
 * transaction with the positions in the logs: nothing is lost or counted twice, whatever ends the
 * process. */
#pragma once

#include "tool/ban/server/ticket.h"

struct ban_db;

int ban_db_open(struct ban_db **out, const char *path, struct err *e) MUST_CHECK;
void ban_db_close(struct ban_db *d);
const char *ban_db_path(const struct ban_db *d);

/* Writes are collected in one transaction until ban_db_commit.  A database that cannot be written
 * is told by the error, and holds nothing else up. */
int ban_db_commit(struct ban_db *d, struct err *e) MUST_CHECK;
bool ban_db_is_dirty(const struct ban_db *d);

int ban_db_add_jail(struct ban_db *d, const char *jail, struct err *e) MUST_CHECK;
int ban_db_disable_jails(struct ban_db *d, const char *jail,
                         struct err *e) MUST_CHECK; /* NULL: all */

/* Where to go on in a log whose begin has this digest; 0 when it is another file. */
int ban_db_log_position(struct ban_db *d, const char *jail, const char *path, const char *md5,
                        uint64_t *out, bool *out_known, struct err *e) MUST_CHECK;
int ban_db_set_log(struct ban_db *d, const char *jail, const char *path, const char *md5,
                   uint64_t position, struct err *e) MUST_CHECK;
int ban_db_remove_log(struct ban_db *d, const char *jail, const char *path,
                      struct err *e) MUST_CHECK;

int ban_db_add_ban(struct ban_db *d, const char *jail, const struct ticket *t, int64_t ban_s,
                   unsigned max_matches, struct err *e) MUST_CHECK;
int ban_db_remove_ban(struct ban_db *d, const char *jail, const char *id, /* id NULL: all */
                      struct err *e) MUST_CHECK;

/* What is known of earlier bans of this id: in the jail, or in all (`jail` NULL). */
struct ban_db_history {
    unsigned count; /* 0: none */
    double time_s;
    int64_t ban_s;
};
int ban_db_history(struct ban_db *d, const char *jail, const char *id, struct ban_db_history *out,
                   struct err *e) MUST_CHECK;

/* Lines and failures of its bans, oldest first. */
int ban_db_merged(struct ban_db *d, const char *jail, const char *id, struct str *out_matches,
                  int *out_failures, struct err *e) MUST_CHECK;

/* Bans in force at `now_s`; each ticket is the callee's. */
typedef void ban_db_ticket_fn(void *ctx, struct ticket *t);
int ban_db_read_bans(struct ban_db *d, const char *jail, double now_s, ban_db_ticket_fn *fn,
                     void *ctx, struct err *e) MUST_CHECK;

/* Failures in progress. */
int ban_db_put_failure(struct ban_db *d, const char *jail, const struct ticket *t,
                       struct err *e) MUST_CHECK;
int ban_db_remove_failure(struct ban_db *d, const char *jail, const char *id,
                          struct err *e) MUST_CHECK;
int ban_db_read_failures(struct ban_db *d, const char *jail, ban_db_ticket_fn *fn, void *ctx,
                         struct err *e) MUST_CHECK;

/* Forget what is older than `age_s`. */
int ban_db_purge(struct ban_db *d, double now_s, double age_s, struct err *e) MUST_CHECK;
