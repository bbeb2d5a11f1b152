/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/store/db.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/mem.h"

enum {
    FILE_MODE = 0640,
    BUSY_LIMIT_MS = 10000,
    BUSY_SLEEP_US = 500,
    CHECKPOINT_PAGES = 4000, /* 16 MB of log */
    CACHE_KIB = 16384,       /* the indexes of a busy day; a third more events a second */
    LOG_KEPT_BYTES = 32 << 20,
};

struct stmt {
    sqlite3_stmt *handle;
    struct db *db;
    const char *sql;
};

struct db {
    sqlite3 *handle;
    char *path;
    struct stmt **stmt;
    size_t stmt_count, stmt_capacity;
    uint64_t busy_since_ns;
};

static int errno_of(int code)
{
    static const struct {
        int code, result;
    } row[] = {
        {SQLITE_BUSY, -EBUSY},      {SQLITE_LOCKED, -EBUSY},    {SQLITE_READONLY, -EROFS},
        {SQLITE_FULL, -ENOSPC},     {SQLITE_CORRUPT, -EBADMSG}, {SQLITE_NOTADB, -EBADMSG},
        {SQLITE_CANTOPEN, -EACCES}, {SQLITE_NOMEM, -ENOMEM},    {SQLITE_CONSTRAINT, -EEXIST},
        {SQLITE_PERM, -EACCES},     {SQLITE_AUTH, -EACCES},     {SQLITE_TOOBIG, -E2BIG},
        {SQLITE_INTERRUPT, -EINTR},
    };
    for (size_t i = 0; i < ARRAY_COUNT(row); i++)
        if (row[i].code == (code & 0xff)) /* the low byte is the primary code */
            return row[i].result;
    return -EIO;
}

static int fail(const struct db *d, int code, struct err *e)
{
    const char *text = d->handle ? sqlite3_errmsg(d->handle) : sqlite3_errstr(code);
    return err_set(e, errno_of(code), "%s: %s", d->path, text);
}

/* SQLite's own waits grow to 100 ms: too long between two writers that commit in one. */
static int wait_busy(void *arg, int count)
{
    struct db *d = arg;
    uint64_t now_ns = clock_mono_ns(&clock_system);
    if (count == 0)
        d->busy_since_ns = now_ns;
    if (now_ns - d->busy_since_ns > BUSY_LIMIT_MS * NS_PER_MS)
        return 0;
    clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){0, BUSY_SLEEP_US * (long)NS_PER_US},
                    NULL);
    return 1;
}

/* SQLite would make it readable by everybody.  O_EXCL: closing a file that a connection of this
 * process has open would drop its locks (fcntl(2)). */
static int make_file(const char *path, struct err *e)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
    if (fd < 0)
        return errno == EEXIST ? 0 : err_set(e, -errno, "%s: %s", path, strerror(errno));
    close(fd);
    return 0;
}

int db_exec(struct db *d, const char *sql, struct err *e)
{
    int code = sqlite3_exec(d->handle, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? 0 : fail(d, code, e);
}

static int read_number(struct db *d, const char *sql, int64_t *out, struct err *e)
{
    struct stmt *s;
    int rc = db_use(d, sql, &s, e);
    if (rc)
        return rc;
    rc = stmt_step(s, e);
    if (rc > 0)
        *out = stmt_i64(s, 0);
    stmt_end(s);
    return rc < 0 ? rc : 0;
}

/* The switch to WAL wants the file alone for a moment, and does not ask the busy handler. */
static int set_wal(struct db *d, struct err *e)
{
    int rc;
    int count = 0;
    do
        rc = db_exec(d, "PRAGMA journal_mode=WAL", e);
    while (rc == -EBUSY && wait_busy(d, count++));
    return rc;
}

static int migrate(struct db *d, int64_t from, const struct db_schema *schema, struct err *e)
{
    char *number = sqlite3_mprintf("PRAGMA user_version=%d", (int)schema->count);
    int rc = db_begin(d, e);
    for (size_t i = (size_t)from; i < schema->count && rc == 0; i++)
        rc = db_exec(d, schema->step[i], e);
    rc = rc ? rc : db_exec(d, number, e);
    rc = rc ? rc : db_commit(d, e);
    if (rc)
        db_rollback(d);
    sqlite3_free(number);
    return rc;
}

static int check_version(struct db *d, enum db_mode mode, const struct db_schema *schema,
                         struct err *e)
{
    int64_t version = 0;
    int rc = read_number(d, "PRAGMA user_version", &version, e);
    if (rc)
        return rc;
    if (version < 0 || (uint64_t)version > schema->count)
        return err_set(e, -EPROTO, "%s: schema version %d; this program knows up to %zu", d->path,
                       (int)version, schema->count);
    if ((uint64_t)version == schema->count)
        return 0;
    if (mode == DB_WRITE)
        return migrate(d, version, schema, e);
    if (version == 0)
        return err_set(e, -ENODATA, "%s: has no schema yet", d->path);
    return err_set(e, -EPROTO, "%s: schema version %d is old; a program that writes migrates it",
                   d->path, (int)version);
}

static int set_up(struct db *d, enum db_mode mode, const struct db_schema *schema, struct err *e)
{
    int keep = 1;
    sqlite3_extended_result_codes(d->handle, 1);
    sqlite3_busy_handler(d->handle, wait_busy, d);
    sqlite3_db_config(d->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_wal_autocheckpoint(d->handle, CHECKPOINT_PAGES);
    int rc = 0;
    if (mode == DB_WRITE) {
        /* who may only read can open the file only where -wal and -shm are kept */
        sqlite3_file_control(d->handle, NULL, SQLITE_FCNTL_PERSIST_WAL, &keep);
        rc = set_wal(d, e);
        char *settings = sqlite3_mprintf("PRAGMA synchronous=NORMAL;PRAGMA trusted_schema=OFF;"
                                         "PRAGMA cache_size=-%d;PRAGMA journal_size_limit=%d",
                                         CACHE_KIB, LOG_KEPT_BYTES);
        rc = rc ? rc : db_exec(d, settings, e);
        sqlite3_free(settings);
    }
    return rc ? rc : check_version(d, mode, schema, e);
}

int db_open(struct db **out, const char *path, enum db_mode mode, const struct db_schema *schema,
            struct err *e)
{
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE |
                (mode == DB_WRITE ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
    if (mode == DB_READ && access(path, F_OK))
        return err_set(e, -errno, "%s: %s", path, strerror(errno));
    int rc = mode == DB_WRITE ? make_file(path, e) : 0;
    if (rc)
        return rc;
    struct db *d = mem_zero(sizeof *d);
    d->path = mem_copy_text(path);
    int code = sqlite3_open_v2(path, &d->handle, flags, NULL);
    rc = code == SQLITE_OK ? set_up(d, mode, schema, e) : fail(d, code, e);
    if (rc) {
        db_close(d);
        return rc;
    }
    *out = d;
    return 0;
}

void db_close(struct db *d)
{
    if (!d)
        return;
    for (size_t i = 0; i < d->stmt_count; i++) {
        sqlite3_finalize(d->stmt[i]->handle);
        mem_free(d->stmt[i]);
    }
    sqlite3_close(d->handle);
    mem_free(d->stmt);
    mem_free(d->path);
    mem_free(d);
}

const char *db_path(const struct db *d)
{
    return d->path;
}

/* ---- statements ---- */

int db_use(struct db *d, const char *sql, struct stmt **out, struct err *e)
{
    for (size_t i = 0; i < d->stmt_count; i++) {
        if (d->stmt[i]->sql != sql)
            continue;
        *out = d->stmt[i];
        sqlite3_reset((*out)->handle);
        sqlite3_clear_bindings((*out)->handle);
        return 0;
    }
    sqlite3_stmt *handle;
    int code = sqlite3_prepare_v3(d->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, NULL);
    if (code != SQLITE_OK)
        return fail(d, code, e);
    MEM_GROW(d->stmt, d->stmt_count, d->stmt_capacity);
    struct stmt *s = mem_zero(sizeof *s);
    *s = (struct stmt){handle, d, sql};
    d->stmt[d->stmt_count++] = s;
    *out = s;
    return 0;
}

void stmt_put_i64(struct stmt *s, int parameter, int64_t value)
{
    sqlite3_bind_int64(s->handle, parameter, value);
}

void stmt_put_double(struct stmt *s, int parameter, double value)
{
    sqlite3_bind_double(s->handle, parameter, value);
}

void stmt_put_text(struct stmt *s, int parameter, const char *text)
{
    sqlite3_bind_text(s->handle, parameter, text, -1, SQLITE_STATIC);
}

void stmt_put_blob(struct stmt *s, int parameter, const void *data, size_t len)
{
    sqlite3_bind_blob64(s->handle, parameter, len ? data : "", len, SQLITE_STATIC);
}

int stmt_step(struct stmt *s, struct err *e)
{
    int code = sqlite3_step(s->handle);
    if (code == SQLITE_ROW)
        return 1;
    int rc = code == SQLITE_DONE ? 0 : fail(s->db, code, e);
    sqlite3_reset(s->handle);
    return rc;
}

int stmt_run(struct stmt *s, struct err *e)
{
    int rc;
    do
        rc = stmt_step(s, e);
    while (rc > 0);
    return rc;
}

void stmt_end(struct stmt *s)
{
    sqlite3_reset(s->handle);
}

int64_t stmt_i64(struct stmt *s, int column)
{
    return sqlite3_column_int64(s->handle, column);
}

double stmt_double(struct stmt *s, int column)
{
    return sqlite3_column_double(s->handle, column);
}

bool stmt_is_null(struct stmt *s, int column)
{
    return sqlite3_column_type(s->handle, column) == SQLITE_NULL;
}

const char *stmt_text(struct stmt *s, int column)
{
    return (const char *)sqlite3_column_text(s->handle, column);
}

const void *stmt_blob(struct stmt *s, int column, size_t *out_len)
{
    const void *data = sqlite3_column_blob(s->handle, column);
    *out_len = (size_t)sqlite3_column_bytes(s->handle, column);
    return data;
}

int64_t db_last_row(const struct db *d)
{
    return sqlite3_last_insert_rowid(d->handle);
}

int db_changed(const struct db *d)
{
    return sqlite3_changes(d->handle);
}

/* ---- transactions ---- */

static int run_text(struct db *d, const char *sql, struct err *e)
{
    struct stmt *s = NULL;
    int rc = db_use(d, sql, &s, e);
    if (rc)
        return rc;
    assert(s);
    return stmt_run(s, e);
}

int db_begin(struct db *d, struct err *e)
{
    return run_text(d, "BEGIN IMMEDIATE", e);
}

int db_begin_read(struct db *d, struct err *e)
{
    return run_text(d, "BEGIN", e);
}

int db_commit(struct db *d, struct err *e)
{
    return run_text(d, "COMMIT", e);
}

void db_rollback(struct db *d)
{
    struct err ignored;
    if (!sqlite3_get_autocommit(d->handle) && run_text(d, "ROLLBACK", &ignored))
        sqlite3_exec(d->handle, "ROLLBACK", NULL, NULL, NULL);
}
