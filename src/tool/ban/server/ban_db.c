/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/server/ban_db.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "core/base/mem.h"
#include "hub/store/db.h"
#include "tool/ban/server/json_value.h"

/* The tables are fail2ban's of its version 4; a file that has them already keeps its own. */
static const char schema_1[] =
    "CREATE TABLE IF NOT EXISTS fail2banDb(version INTEGER);"
    "INSERT INTO fail2banDb(version) SELECT 4 WHERE NOT EXISTS (SELECT 1 FROM fail2banDb);"
    "CREATE TABLE IF NOT EXISTS jails(name TEXT NOT NULL UNIQUE,"
    " enabled INTEGER NOT NULL DEFAULT 1);"
    "CREATE INDEX IF NOT EXISTS jails_name ON jails(name);"
    "CREATE TABLE IF NOT EXISTS logs(jail TEXT NOT NULL, path TEXT, firstlinemd5 TEXT,"
    " lastfilepos INTEGER DEFAULT 0,"
    " FOREIGN KEY(jail) REFERENCES jails(name) ON DELETE CASCADE,"
    " UNIQUE(jail, path), UNIQUE(jail, path, firstlinemd5));"
    "CREATE INDEX IF NOT EXISTS logs_path ON logs(path);"
    "CREATE INDEX IF NOT EXISTS logs_jail_path ON logs(jail, path);"
    "CREATE TABLE IF NOT EXISTS bans(jail TEXT NOT NULL, ip TEXT, timeofban INTEGER NOT NULL,"
    " bantime INTEGER NOT NULL, bancount INTEGER NOT NULL default 1, data JSON,"
    " FOREIGN KEY(jail) REFERENCES jails(name));"
    "CREATE INDEX IF NOT EXISTS bans_jail_timeofban_ip ON bans(jail, timeofban);"
    "CREATE INDEX IF NOT EXISTS bans_jail_ip ON bans(jail, ip);"
    "CREATE INDEX IF NOT EXISTS bans_ip ON bans(ip);"
    "CREATE TABLE IF NOT EXISTS bips(ip TEXT NOT NULL, jail TEXT NOT NULL,"
    " timeofban INTEGER NOT NULL, bantime INTEGER NOT NULL,"
    " bancount INTEGER NOT NULL default 1, data JSON, PRIMARY KEY(ip, jail),"
    " FOREIGN KEY(jail) REFERENCES jails(name));"
    "CREATE INDEX IF NOT EXISTS bips_timeofban ON bips(timeofban);"
    "CREATE INDEX IF NOT EXISTS bips_ip ON bips(ip);"
    "CREATE TABLE IF NOT EXISTS picket_failures(jail TEXT NOT NULL, id TEXT NOT NULL,"
    " time REAL NOT NULL, first REAL NOT NULL, retry INTEGER NOT NULL, data JSON,"
    " PRIMARY KEY(jail, id));";

static const char *const steps[] = {schema_1};
static const struct db_schema schema = {steps, ARRAY_COUNT(steps)};

struct ban_db {
    struct db *db;
    bool is_open; /* a transaction */
};

int ban_db_open(struct ban_db **out, const char *path, struct err *e)
{
    struct db *db;
    int rc = db_open(&db, path, DB_WRITE, &schema, e);
    if (rc < 0)
        return rc;
    *out = mem_zero(sizeof **out);
    (*out)->db = db;
    return 0;
}

void ban_db_close(struct ban_db *d)
{
    struct err ignored = {0};
    if (!d)
        return;
    (void)!ban_db_commit(d, &ignored);
    db_close(d->db);
    mem_free(d);
}

const char *ban_db_path(const struct ban_db *d)
{
    return db_path(d->db);
}

bool ban_db_is_dirty(const struct ban_db *d)
{
    return d->is_open;
}

static int begin(struct ban_db *d, struct err *e)
{
    int rc = d->is_open ? 0 : db_begin(d->db, e);
    d->is_open |= rc == 0;
    return rc;
}

int ban_db_commit(struct ban_db *d, struct err *e)
{
    if (!d->is_open)
        return 0;
    d->is_open = false;
    int rc = db_commit(d->db, e);
    if (rc < 0)
        db_rollback(d->db);
    return rc;
}

/* A statement with up to three texts first, to be written. */
static int write_with(struct ban_db *d, const char *sql, const char *const *text, int count,
                      struct stmt **out, struct err *e)
{
    int rc = begin(d, e);
    if (rc == 0)
        rc = db_use(d->db, sql, out, e);
    for (int i = 0; i < count && rc == 0; i++)
        stmt_put_text(*out, i + 1, text[i]);
    return rc;
}

static int write_texts(struct ban_db *d, const char *sql, const char *const *text, int count,
                       struct err *e)
{
    struct stmt *s;
    int rc = write_with(d, sql, text, count, &s, e);
    return rc < 0 ? rc : stmt_run(s, e);
}

int ban_db_add_jail(struct ban_db *d, const char *jail, struct err *e)
{
    int rc = write_texts(d, "INSERT OR IGNORE INTO jails(name, enabled) VALUES(?1, 1)",
                         (const char *[]){jail}, 1, e);
    if (rc == 0)
        rc = write_texts(d, "UPDATE jails SET enabled = 1 WHERE name = ?1 AND enabled != 1",
                         (const char *[]){jail}, 1, e);
    return rc;
}

int ban_db_disable_jails(struct ban_db *d, const char *jail, struct err *e)
{
    return write_texts(d, "UPDATE jails SET enabled = 0 WHERE ?1 IS NULL OR name = ?1",
                       (const char *[]){jail}, 1, e);
}

/* ---- logs ---- */

int ban_db_log_position(struct ban_db *d, const char *jail, const char *path, const char *md5,
                        uint64_t *out, bool *out_known, struct err *e)
{
    struct stmt *s;
    *out = 0;
    *out_known = false;
    int rc = db_use(
        d->db, "SELECT firstlinemd5, lastfilepos FROM logs WHERE jail = ?1 AND path = ?2", &s, e);
    if (rc < 0)
        return rc;
    stmt_put_text(s, 1, jail);
    stmt_put_text(s, 2, path);
    rc = stmt_step(s, e);
    if (rc == 1) {
        const char *known = stmt_text(s, 0);
        *out_known = true;
        if (known && strcmp(known, md5) == 0 && stmt_i64(s, 1) > 0)
            *out = (uint64_t)stmt_i64(s, 1);
    }
    stmt_end(s);
    return rc < 0 ? rc : 0;
}

int ban_db_set_log(struct ban_db *d, const char *jail, const char *path, const char *md5,
                   uint64_t position, struct err *e)
{
    struct stmt *s;
    int rc = write_with(d,
                        "INSERT INTO logs(jail, path, firstlinemd5, lastfilepos)"
                        " VALUES(?1, ?2, ?3, ?4) ON CONFLICT(jail, path) DO UPDATE SET"
                        " firstlinemd5 = ?3, lastfilepos = ?4",
                        (const char *[]){jail, path, md5}, 3, &s, e);
    if (rc < 0)
        return rc;
    stmt_put_i64(s, 4, (int64_t)position);
    return stmt_run(s, e);
}

int ban_db_remove_log(struct ban_db *d, const char *jail, const char *path, struct err *e)
{
    return write_texts(d, "DELETE FROM logs WHERE jail = ?1 AND path = ?2",
                       (const char *[]){jail, path}, 2, e);
}

/* ---- bans ---- */

static void write_data(const struct ticket *t, unsigned max_matches, struct str *out)
{
    struct json_out j = json_out_of(out);
    size_t skip = t->match_count > max_matches ? t->match_count - max_matches : 0;
    json_object(&j, NULL);
    json_array(&j, "matches");
    for (size_t i = skip; i < t->match_count; i++)
        json_text(&j, NULL, t->match[i]);
    json_end(&j);
    json_i64(&j, "failures", t->failures);
    for (size_t i = 0; i < t->pair_count; i++)
        json_text(&j, t->pair[i].name, t->pair[i].value);
    if (t->ip)
        json_text(&j, "ip", t->ip);
    json_end(&j);
}

static int put_ban(struct ban_db *d, const char *sql, const char *jail, const struct ticket *t,
                   int64_t ban_s, const char *data, struct err *e)
{
    struct stmt *s;
    int rc = write_with(d, sql, (const char *[]){jail, t->id, data}, 3, &s, e);
    if (rc < 0)
        return rc;
    stmt_put_i64(s, 4, (int64_t)llrint(t->time_s));
    stmt_put_i64(s, 5, ban_s);
    stmt_put_i64(s, 6, t->ban_count);
    return stmt_run(s, e);
}

int ban_db_add_ban(struct ban_db *d, const char *jail, const struct ticket *t, int64_t ban_s,
                   unsigned max_matches, struct err *e)
{
    struct str data = str_of(1 << 20);
    write_data(t, max_matches, &data);
    int rc = put_ban(d,
                     "INSERT INTO bans(jail, ip, data, timeofban, bantime, bancount)"
                     " VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
                     jail, t, ban_s, str_text(&data), e);
    if (rc == 0)
        rc = put_ban(d,
                     "INSERT OR REPLACE INTO bips(jail, ip, data, timeofban, bantime, bancount)"
                     " VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
                     jail, t, ban_s, str_text(&data), e);
    str_done(&data);
    return rc;
}

int ban_db_remove_ban(struct ban_db *d, const char *jail, const char *id, struct err *e)
{
    const char *text[] = {jail, id};
    int rc =
        write_texts(d, "DELETE FROM bips WHERE jail = ?1 AND (?2 IS NULL OR ip = ?2)", text, 2, e);
    if (rc == 0)
        rc = write_texts(d, "DELETE FROM bans WHERE jail = ?1 AND (?2 IS NULL OR ip = ?2)", text, 2,
                         e);
    return rc;
}

int ban_db_history(struct ban_db *d, const char *jail, const char *id, struct ban_db_history *out,
                   struct err *e)
{
    struct stmt *s;
    *out = (struct ban_db_history){0};
    int rc = db_use(d->db,
                    "SELECT sum(bancount), max(timeofban), sum(bantime) FROM bips"
                    " WHERE ip = ?1 AND (?2 IS NULL OR jail = ?2)",
                    &s, e);
    if (rc < 0)
        return rc;
    stmt_put_text(s, 1, id);
    stmt_put_text(s, 2, jail);
    rc = stmt_step(s, e);
    if (rc == 1 && !stmt_is_null(s, 0))
        *out = (struct ban_db_history){(unsigned)stmt_i64(s, 0), (double)stmt_i64(s, 1),
                                       stmt_i64(s, 2)};
    stmt_end(s);
    return rc < 0 ? rc : 0;
}

/* ---- reading tickets ---- */

static void take_data(struct ticket *t, const char *text)
{
    struct arena arena = {0};
    struct err ignored = {0};
    struct ban_value data;
    if (!text || json_value_parse(&data, text, strlen(text), &arena, &ignored) < 0 ||
        data.kind != BAN_VALUE_MAP) {
        arena_done(&arena);
        return;
    }
    for (size_t i = 0; i + 1 < data.list->count; i += 2) {
        const char *name = data.list->item[i].text;
        const struct ban_value *v = &data.list->item[i + 1];
        if (strcmp(name, "failures") == 0 && v->kind == BAN_VALUE_INT)
            t->failures = (int)v->number;
        else if (strcmp(name, "ip") == 0 && v->kind == BAN_VALUE_TEXT) {
            struct ban_id ip = ban_id_of(v->text, strlen(v->text), -1);
            ticket_set_ip(t, &ip);
        } else if (strcmp(name, "matches") == 0 && v->kind == BAN_VALUE_LIST) {
            for (size_t k = 0; k < v->list->count; k++) {
                const char *line = ban_value_str(&v->list->item[k], &arena);
                ticket_add_match(t, line, strlen(line));
            }
        } else if (v->kind == BAN_VALUE_TEXT) {
            ticket_set_pair(t, name, v->text, strlen(v->text));
        }
    }
    arena_done(&arena);
}

int ban_db_merged(struct ban_db *d, const char *jail, const char *id, struct str *out_matches,
                  int *out_failures, struct err *e)
{
    struct stmt *s;
    int rc = db_use(d->db,
                    "SELECT data FROM bans WHERE ip = ?1 AND (?2 IS NULL OR jail = ?2)"
                    " ORDER BY timeofban",
                    &s, e);
    if (rc < 0)
        return rc;
    stmt_put_text(s, 1, id);
    stmt_put_text(s, 2, jail);
    while ((rc = stmt_step(s, e)) == 1) {
        struct ticket *t = ticket_new(id, 0);
        take_data(t, stmt_text(s, 0));
        *out_failures += t->failures;
        for (size_t i = 0; i < t->match_count; i++)
            str_addf(out_matches, "%s%s", out_matches->len ? "\n" : "", t->match[i]);
        ticket_free(t);
    }
    stmt_end(s);
    return rc;
}

int ban_db_read_bans(struct ban_db *d, const char *jail, double now_s, ban_db_ticket_fn *fn,
                     void *ctx, struct err *e)
{
    struct stmt *s;
    int rc = db_use(d->db,
                    "SELECT ip, timeofban, bantime, bancount, data FROM bips WHERE jail = ?1"
                    " AND (bantime = -1 OR timeofban + bantime > ?2) ORDER BY timeofban",
                    &s, e);
    if (rc < 0)
        return rc;
    stmt_put_text(s, 1, jail);
    stmt_put_double(s, 2, now_s);
    while ((rc = stmt_step(s, e)) == 1) {
        if (stmt_is_null(s, 0))
            continue;
        struct ticket *t = ticket_new(stmt_text(s, 0), (double)stmt_i64(s, 1));
        t->ban_s = stmt_i64(s, 2);
        t->ban_count = (unsigned)stmt_i64(s, 3);
        t->is_restored = true;
        take_data(t, stmt_text(s, 4));
        fn(ctx, t);
    }
    stmt_end(s);
    return rc;
}

/* ---- failures in progress ---- */

int ban_db_put_failure(struct ban_db *d, const char *jail, const struct ticket *t, struct err *e)
{
    struct str data = str_of(1 << 20);
    struct stmt *s;
    write_data(t, UINT32_MAX, &data);
    int rc = write_with(d,
                        "INSERT OR REPLACE INTO picket_failures(jail, id, data, time, first, retry)"
                        " VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
                        (const char *[]){jail, t->id, str_text(&data)}, 3, &s, e);
    if (rc == 0) {
        stmt_put_double(s, 4, t->time_s);
        stmt_put_double(s, 5, t->first_s);
        stmt_put_i64(s, 6, t->retry);
        rc = stmt_run(s, e);
    }
    str_done(&data);
    return rc;
}

int ban_db_remove_failure(struct ban_db *d, const char *jail, const char *id, struct err *e)
{
    return write_texts(d, "DELETE FROM picket_failures WHERE jail = ?1 AND (?2 IS NULL OR id = ?2)",
                       (const char *[]){jail, id}, 2, e);
}

int ban_db_read_failures(struct ban_db *d, const char *jail, ban_db_ticket_fn *fn, void *ctx,
                         struct err *e)
{
    struct stmt *s;
    int rc = db_use(
        d->db, "SELECT id, time, first, retry, data FROM picket_failures WHERE jail = ?1", &s, e);
    if (rc < 0)
        return rc;
    stmt_put_text(s, 1, jail);
    while ((rc = stmt_step(s, e)) == 1) {
        struct ticket *t = ticket_new(stmt_text(s, 0), stmt_double(s, 1));
        t->first_s = stmt_double(s, 2);
        t->retry = (int)stmt_i64(s, 3);
        take_data(t, stmt_text(s, 4));
        fn(ctx, t);
    }
    stmt_end(s);
    return rc;
}

int ban_db_purge(struct ban_db *d, double now_s, double age_s, struct err *e)
{
    static const char *const texts[] = {
        "DELETE FROM bans WHERE timeofban < ?1 AND bantime != -1",
        "DELETE FROM bips WHERE timeofban < ?1 AND bantime != -1 AND timeofban + bantime < ?2",
        "DELETE FROM picket_failures WHERE time < ?1"};
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        struct stmt *s;
        int rc = write_with(d, texts[i], NULL, 0, &s, e);
        if (rc < 0)
            return rc;
        stmt_put_double(s, 1, now_s - age_s);
        if (i == 1)
            stmt_put_double(s, 2, now_s);
        rc = stmt_run(s, e);
        if (rc < 0)
            return rc;
    }
    return 0;
}
