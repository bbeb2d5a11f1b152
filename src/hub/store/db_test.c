/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "core/base/clock.h"
#include "hub/store/db.h"
#include "hub/store/store_fixture_test.h"

static const char *const two_steps[] = {
    "CREATE TABLE t(a INTEGER, b TEXT, c BLOB, d REAL) STRICT; INSERT INTO t(a) VALUES(1)",
    "ALTER TABLE t ADD COLUMN e TEXT NOT NULL DEFAULT 'new'",
};
static const char *const bad_steps[] = {
    "CREATE TABLE t(a INTEGER, b TEXT, c BLOB, d REAL) STRICT; INSERT INTO t(a) VALUES(1)",
    "CREATE TABLE u(a INTEGER); CREATE TABLE t(a)", /* the second one is there already */
};
static const struct db_schema one = {two_steps, 1}, two = {two_steps, 2}, bad = {bad_steps, 2};

static int64_t number_of(struct db *d, const char *sql)
{
    struct err e;
    struct stmt *s;
    int64_t value = -1;
    if (db_use(d, sql, &s, &e) == 0 && stmt_step(s, &e) > 0) {
        value = stmt_i64(s, 0);
        stmt_end(s);
    }
    return value;
}

static int test_versions(void)
{
    int failed = 0;
    struct err e = {0};
    struct db *d = NULL;
    struct stat st;
    CHECK(db_open(&d, "v.db", DB_READ, &one, &e) == -ENOENT && strstr(e.text, "v.db: "));
    CHECK(db_open(&d, "v.db", DB_WRITE, &one, &e) == 0);
    CHECK(stat("v.db", &st) == 0 && (st.st_mode & 07777) == 0640);
    CHECK(number_of(d, "SELECT count(*) FROM t") == 1);
    db_close(d);
    CHECK(db_open(&d, "v.db", DB_READ, &two, &e) == -EPROTO && strstr(e.text, "v.db: schema"));
    CHECK(db_open(&d, "v.db", DB_WRITE, &bad, &e) == -EIO); /* undone whole: still version 1 */
    CHECK(db_open(&d, "v.db", DB_READ, &one, &e) == 0);
    CHECK(number_of(d, "SELECT count(*) FROM sqlite_schema") == 1);
    db_close(d);
    CHECK(db_open(&d, "v.db", DB_WRITE, &two, &e) == 0); /* a file of version 1 is brought on */
    CHECK(number_of(d, "SELECT count(*) FROM t WHERE e='new'") == 1);
    db_close(d);
    CHECK(db_open(&d, "v.db", DB_WRITE, &one, &e) == -EPROTO); /* of the future: not touched */
    CHECK(strcmp(e.text, "v.db: schema version 2; this program knows up to 1") == 0);
    CHECK(db_open(&d, "v.db", DB_READ, &one, &e) == -EPROTO);
    close(open("empty.db", O_CREAT | O_WRONLY | O_CLOEXEC, 0640));
    CHECK(db_open(&d, "empty.db", DB_READ, &one, &e) == -ENODATA);
    return failed;
}

static int test_not_a_database(void)
{
    int failed = 0;
    struct err e = {0};
    struct db *d = NULL;
    FILE *f = fopen("bad.db", "w");
    for (int i = 0; i < 1000; i++)
        fputs("this is no database ", f);
    fclose(f);
    CHECK(db_open(&d, "bad.db", DB_WRITE, &one, &e) == -EBADMSG && strstr(e.text, "bad.db: "));
    CHECK(db_open(&d, "bad.db", DB_READ, &one, &e) == -EBADMSG);
    CHECK(db_open(&d, "none/x.db", DB_WRITE, &one, &e) == -ENOENT && strstr(e.text, "none/x.db"));
    return failed;
}

static int test_values(void)
{
    static const char insert[] = "INSERT INTO t(a,b,c,d) VALUES(?,?,?,?)";
    int failed = 0;
    struct err e = {0};
    struct db *d = NULL;
    struct stmt *s = NULL, *again = NULL;
    CHECK(db_open(&d, "values.db", DB_WRITE, &one, &e) == 0);
    CHECK(strcmp(db_path(d), "values.db") == 0 && db_use(d, insert, &s, &e) == 0);
    stmt_put_i64(s, 1, INT64_MIN);
    stmt_put_text(s, 2, "te\xff");
    stmt_put_blob(s, 3, "\0x", 2);
    stmt_put_double(s, 4, 0.5);
    CHECK(stmt_run(s, &e) == 0 && db_last_row(d) == 2 && db_changed(d) == 1);
    CHECK(db_use(d, insert, &again, &e) == 0 && again == s);
    stmt_put_blob(s, 3, NULL, 0); /* what was bound before is gone: the others are null */
    CHECK(stmt_run(s, &e) == 0);
    CHECK(db_use(d, "SELECT a,b,c,d FROM t WHERE rowid>1 ORDER BY rowid", &s, &e) == 0);
    CHECK(stmt_step(s, &e) == 1 && stmt_i64(s, 0) == INT64_MIN && stmt_double(s, 3) == 0.5);
    size_t len = 9;
    CHECK(strcmp(stmt_text(s, 1), "te\xff") == 0);
    CHECK(memcmp(stmt_blob(s, 2, &len), "\0x", 2) == 0 && len == 2);
    CHECK(stmt_step(s, &e) == 1 && stmt_is_null(s, 0) && stmt_text(s, 1) == NULL);
    CHECK(!stmt_is_null(s, 2) && (stmt_blob(s, 2, &len), len == 0) && stmt_is_null(s, 3));
    CHECK(stmt_step(s, &e) == 0);
    CHECK(db_use(d, "SELECT nonsense", &s, &e) == -EIO && strstr(e.text, "values.db: "));
    CHECK(db_exec(d, "INSERT INTO t(a) VALUES('text')", &e) == -EEXIST); /* STRICT */
    db_close(d);
    db_close(NULL);
    return failed;
}

/* A reader sees one moment; a writer waits for the other; what is rolled back was never there. */
static int test_transactions(void)
{
    static const char count[] = "SELECT count(*) FROM t";
    int failed = 0;
    struct err e = {0};
    struct db *a = NULL, *b = NULL, *reader = NULL;
    CHECK(db_open(&a, "t.db", DB_WRITE, &one, &e) == 0);
    CHECK(db_open(&b, "t.db", DB_WRITE, &one, &e) == 0);
    CHECK(db_open(&reader, "t.db", DB_READ, &one, &e) == 0);
    CHECK(db_begin_read(reader, &e) == 0 && number_of(reader, count) == 1);
    CHECK(db_begin(a, &e) == 0 && db_exec(a, "INSERT INTO t(a) VALUES(2)", &e) == 0);
    CHECK(number_of(b, count) == 1 && db_commit(a, &e) == 0 && number_of(b, count) == 2);
    CHECK(number_of(reader, count) == 1);
    db_rollback(reader);
    CHECK(number_of(reader, count) == 2);
    CHECK(db_exec(reader, "INSERT INTO t(a) VALUES(3)", &e) == -EROFS);
    CHECK(db_begin(b, &e) == 0 && db_exec(b, "INSERT INTO t(a) VALUES(3)", &e) == 0);
    db_rollback(b);
    db_rollback(b); /* outside: nothing */
    CHECK(number_of(a, count) == 2);
    db_close(a);
    db_close(b);
    db_close(reader);
    return failed;
}

int store_db_test(void)
{
    int failed = 0;
    char path[TEST_FOLDER_MAX];
    CHECK(fixture_open(path));
    umask(022);
    failed += test_versions() + test_not_a_database() + test_values() + test_transactions();
    CHECK(fixture_close(path));
    return failed;
}
