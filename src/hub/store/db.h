/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The door to SQLite: open with a schema, prepared statements, transactions, errors as errno values
 * with the file's name in the text.  It knows no table of ours.
 *
 * All files are in WAL mode with synchronous=NORMAL: a commit survives the death of the process at
 * any moment, and the last ones may be undone (whole) by a power cut. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"

struct db;   /* one connection; belongs to one thread, and to one process: never used after fork */
struct stmt; /* a prepared statement; belongs to its connection */

/* SQL texts: step[i] brings a file from version i to i + 1 (user_version). */
struct db_schema {
    const char *const *step;
    size_t count;
};

enum db_mode { DB_READ, DB_WRITE };

/* DB_WRITE makes a missing file (mode 0640) and migrates; the caller sees to it that no two do so
 * at once.  DB_READ: -ENOENT without a file, -ENODATA when it has no schema yet.  Both: -EPROTO for
 * a schema that this program does not know, -EBADMSG for a file that is no database. */
int db_open(struct db **out, const char *path, enum db_mode mode, const struct db_schema *schema,
            struct err *e) MUST_CHECK;
void db_close(struct db *d);
const char *db_path(const struct db *d);

/* A write transaction: waits for other writers up to 10 s (-EBUSY).  After a failure inside, call
 * db_rollback. */
int db_begin(struct db *d, struct err *e) MUST_CHECK;
/* A read transaction: all that is read until db_rollback is of one moment. */
int db_begin_read(struct db *d, struct err *e) MUST_CHECK;
int db_commit(struct db *d, struct err *e) MUST_CHECK;
void db_rollback(struct db *d); /* nothing outside a transaction */

/* The statement for `sql`, a text that lives as long as the connection and is known by its address;
 * prepared once, and clean of bound values and position.  Parameters count from 1, columns from 0.
 */
int db_use(struct db *d, const char *sql, struct stmt **out, struct err *e) MUST_CHECK;
void stmt_put_i64(struct stmt *s, int parameter, int64_t value);
void stmt_put_double(struct stmt *s, int parameter, double value);
void stmt_put_text(struct stmt *s, int parameter, const char *text); /* NULL: null */
void stmt_put_blob(struct stmt *s, int parameter, const void *data, size_t len);

/* Values bound are not copied: they live until the statement is stepped. */
int stmt_step(struct stmt *s, struct err *e) MUST_CHECK; /* 1: a row, 0: done, or negative */
int stmt_run(struct stmt *s, struct err *e) MUST_CHECK;  /* step to the end; rows are ignored */
void stmt_end(struct stmt *s);                           /* gives its locks back */

int64_t stmt_i64(struct stmt *s, int column);
double stmt_double(struct stmt *s, int column);
bool stmt_is_null(struct stmt *s, int column);
const char *stmt_text(struct stmt *s, int column); /* NULL: null; lives until the next step */
const void *stmt_blob(struct stmt *s, int column, size_t *out_len);

int64_t db_last_row(const struct db *d); /* of the last INSERT */
int db_changed(const struct db *d);      /* rows changed by the last statement */

/* Statements without parameters, for set-up. */
int db_exec(struct db *d, const char *sql, struct err *e) MUST_CHECK;
