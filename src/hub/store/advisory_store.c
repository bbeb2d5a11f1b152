/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/store/advisory_store.h"

#include <string.h>

#include "core/base/mem.h"
#include "hub/store/db.h"

/* Moments are nanoseconds since 1970.  A tracker's row is one source package: a match looks up the
 * few hundred that are installed, and an import writes a few thousand rows, not a few hundred
 * thousand. */
static const char step_1[] =
    "CREATE TABLE advisory("
    " id TEXT NOT NULL, source TEXT NOT NULL, date TEXT, modified TEXT, severity TEXT, title TEXT,"
    " json TEXT NOT NULL, first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL,"
    " PRIMARY KEY(id, source)) STRICT;"
    "CREATE TABLE name("
    " name TEXT NOT NULL, id TEXT NOT NULL, source TEXT NOT NULL,"
    " PRIMARY KEY(name, id, source)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX name_id ON name(id, source);"
    "CREATE TABLE affects("
    " package TEXT NOT NULL, ecosystem TEXT NOT NULL, id TEXT NOT NULL, source TEXT NOT NULL,"
    " PRIMARY KEY(package, ecosystem, id, source)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX affects_id ON affects(id, source);"
    "CREATE TABLE exploited("
    " cve TEXT PRIMARY KEY, kev_added TEXT, kev_due TEXT, ransomware INTEGER NOT NULL,"
    " epss REAL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE tracker(package TEXT NOT NULL UNIQUE, data BLOB NOT NULL) STRICT;"
    "CREATE TABLE fetch("
    " url TEXT PRIMARY KEY, etag TEXT, modified TEXT, digest TEXT, fetched INTEGER NOT NULL,"
    " next INTEGER NOT NULL, failures INTEGER NOT NULL) STRICT, WITHOUT ROWID;";

static const char *const steps[] = {step_1};
static const struct db_schema schema = {steps, ARRAY_COUNT(steps)};

struct advisory_store {
    struct db *db;
};

int advisory_store_open(struct advisory_store **out, const char *path, enum store_mode mode,
                        struct err *e)
{
    struct advisory_store *s = mem_zero(sizeof *s);
    int rc = db_open(&s->db, path, mode == STORE_WRITE ? DB_WRITE : DB_READ, &schema, e);
    if (rc < 0) {
        mem_free(s);
        return rc;
    }
    *out = s;
    return 0;
}

void advisory_store_close(struct advisory_store *s)
{
    if (!s)
        return;
    db_close(s->db);
    mem_free(s);
}

int advisory_store_begin(struct advisory_store *s, struct err *e)
{
    return db_begin(s->db, e);
}

int advisory_store_commit(struct advisory_store *s, struct err *e)
{
    return db_commit(s->db, e);
}

void advisory_store_rollback(struct advisory_store *s)
{
    db_rollback(s->db);
}

/* ---- writing ---- */

static const char find_same[] = "SELECT 1 FROM advisory WHERE id=?1 AND source=?2 AND json=?3";
static const char put_row[] =
    "INSERT INTO advisory(id,source,date,modified,severity,title,json,first_seen,last_seen)"
    " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?8) ON CONFLICT(id,source) DO UPDATE SET date=excluded.date,"
    "modified=excluded.modified,severity=excluded.severity,title=excluded.title,"
    "json=excluded.json,last_seen=excluded.last_seen";
static const char drop_names[] = "DELETE FROM name WHERE id=?1 AND source=?2";
static const char drop_affects[] = "DELETE FROM affects WHERE id=?1 AND source=?2";
static const char put_name[] = "INSERT OR IGNORE INTO name(name,id,source) VALUES(?1,?2,?3)";
static const char put_affects[] =
    "INSERT OR IGNORE INTO affects(package,ecosystem,id,source) VALUES(?1,?2,?3,?4)";

static int is_known(struct advisory_store *s, const struct advisory_row *row, bool *out,
                    struct err *e)
{
    struct stmt *q;
    int rc = db_use(s->db, find_same, &q, e);
    if (rc < 0)
        return rc;
    stmt_put_text(q, 1, row->id);
    stmt_put_text(q, 2, row->source);
    stmt_put_text(q, 3, row->json);
    rc = stmt_step(q, e);
    *out = rc > 0;
    stmt_end(q);
    return rc < 0 ? rc : 0;
}

static int write_row(struct advisory_store *s, const struct advisory_row *row, uint64_t seen_ns,
                     struct err *e)
{
    struct stmt *q;
    int rc = db_use(s->db, put_row, &q, e);
    if (rc < 0)
        return rc;
    stmt_put_text(q, 1, row->id);
    stmt_put_text(q, 2, row->source);
    stmt_put_text(q, 3, row->date);
    stmt_put_text(q, 4, row->modified);
    stmt_put_text(q, 5, row->severity);
    stmt_put_text(q, 6, row->title);
    stmt_put_text(q, 7, row->json);
    stmt_put_i64(q, 8, (int64_t)seen_ns);
    return stmt_run(q, e);
}

/* What an earlier text of the advisory named. */
static int drop(struct advisory_store *s, const char *sql, const struct advisory_row *row,
                struct err *e)
{
    struct stmt *q;
    int rc = db_use(s->db, sql, &q, e);
    if (rc < 0)
        return rc;
    stmt_put_text(q, 1, row->id);
    stmt_put_text(q, 2, row->source);
    return stmt_run(q, e);
}

static int write_names(struct advisory_store *s, const struct advisory_row *row, struct err *e)
{
    struct stmt *q;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < row->name_count; i++) {
        rc = db_use(s->db, put_name, &q, e);
        if (rc < 0)
            return rc;
        stmt_put_text(q, 1, row->name[i]);
        stmt_put_text(q, 2, row->id);
        stmt_put_text(q, 3, row->source);
        rc = stmt_run(q, e);
    }
    for (size_t i = 0; rc == 0 && i < row->affects_count; i++) {
        rc = db_use(s->db, put_affects, &q, e);
        if (rc < 0)
            return rc;
        stmt_put_text(q, 1, row->affects[i].name);
        stmt_put_text(q, 2, row->affects[i].ecosystem ? row->affects[i].ecosystem : "");
        stmt_put_text(q, 3, row->id);
        stmt_put_text(q, 4, row->source);
        rc = stmt_run(q, e);
    }
    return rc;
}

int advisory_store_put(struct advisory_store *s, const struct advisory_row *row, uint64_t seen_ns,
                       bool *out_news, struct err *e)
{
    bool known;
    int rc = is_known(s, row, &known, e);
    if (rc < 0)
        return rc;
    *out_news = !known;
    if (known)
        return 0;
    rc = write_row(s, row, seen_ns, e);
    rc = rc < 0 ? rc : drop(s, drop_names, row, e);
    rc = rc < 0 ? rc : drop(s, drop_affects, row, e);
    return rc < 0 ? rc : write_names(s, row, e);
}

static const char put_exploited[] =
    "INSERT INTO exploited(cve,kev_added,kev_due,ransomware,epss) VALUES(?1,?2,?3,?4,?5)"
    " ON CONFLICT(cve) DO UPDATE SET kev_added=coalesce(excluded.kev_added,kev_added),"
    "kev_due=coalesce(excluded.kev_due,kev_due),ransomware=max(excluded.ransomware,ransomware),"
    "epss=coalesce(excluded.epss,epss)";

int advisory_store_put_exploited(struct advisory_store *s, const struct advisory_exploited *x,
                                 struct err *e)
{
    struct stmt *q;
    int rc = db_use(s->db, put_exploited, &q, e);
    if (rc < 0)
        return rc;
    stmt_put_text(q, 1, x->cve);
    stmt_put_text(q, 2, x->kev_added);
    stmt_put_text(q, 3, x->kev_due);
    stmt_put_i64(q, 4, x->ransomware);
    if (x->epss >= 0)
        stmt_put_double(q, 5, x->epss);
    else
        stmt_put_text(q, 5, NULL);
    return stmt_run(q, e);
}

static const char put_tracker[] =
    "INSERT INTO tracker(package,data) VALUES(?1,?2) ON CONFLICT(package) DO UPDATE SET "
    "data=excluded.data";

int advisory_store_put_tracker(struct advisory_store *s, const char *source, size_t source_len,
                               const void *data, size_t len, struct err *e)
{
    struct stmt *q;
    char name[256];
    if (source_len >= sizeof name) /* no package has such a name */
        return 0;
    memcpy(name, source, source_len);
    name[source_len] = '\0';
    int rc = db_use(s->db, put_tracker, &q, e);
    if (rc < 0)
        return rc;
    stmt_put_text(q, 1, name);
    stmt_put_blob(q, 2, data, len);
    return stmt_run(q, e);
}

int advisory_store_clear_tracker(struct advisory_store *s, struct err *e)
{
    return db_exec(s->db, "DELETE FROM tracker", e);
}

static const char put_fetch[] =
    "INSERT OR REPLACE INTO fetch(url,etag,modified,digest,fetched,next,failures)"
    " VALUES(?1,?2,?3,?4,?5,?6,?7)";

int advisory_store_put_fetch(struct advisory_store *s, const struct advisory_fetch *f,
                             struct err *e)
{
    struct stmt *q;
    int rc = db_use(s->db, put_fetch, &q, e);
    if (rc < 0)
        return rc;
    stmt_put_text(q, 1, f->url);
    stmt_put_text(q, 2, f->etag);
    stmt_put_text(q, 3, f->modified);
    stmt_put_text(q, 4, f->digest);
    stmt_put_i64(q, 5, (int64_t)f->fetched_ns);
    stmt_put_i64(q, 6, (int64_t)f->next_ns);
    stmt_put_i64(q, 7, f->failures);
    return stmt_run(q, e);
}

/* ---- reading ---- */

#define ROW_COLUMNS "a.id,a.source,a.date,a.modified,a.severity,a.title,a.json,a.first_seen"

static int each_row(struct stmt *q, advisory_row_fn *fn, void *ctx, struct err *e)
{
    int rc;
    while ((rc = stmt_step(q, e)) > 0) {
        struct advisory_row row = {.id = stmt_text(q, 0),
                                   .source = stmt_text(q, 1),
                                   .date = stmt_text(q, 2),
                                   .modified = stmt_text(q, 3),
                                   .severity = stmt_text(q, 4),
                                   .title = stmt_text(q, 5),
                                   .json = stmt_text(q, 6)};
        if (!fn(ctx, &row, (uint64_t)stmt_i64(q, 7)))
            break;
    }
    stmt_end(q);
    return rc < 0 ? rc : 0;
}

static int each_named(struct advisory_store *s, const char *sql, const char *name,
                      advisory_row_fn *fn, void *ctx, struct err *e)
{
    struct stmt *q;
    int rc = db_use(s->db, sql, &q, e);
    if (rc < 0)
        return rc;
    if (name)
        stmt_put_text(q, 1, name);
    return each_row(q, fn, ctx, e);
}

int advisory_store_each(struct advisory_store *s, advisory_row_fn *fn, void *ctx, struct err *e)
{
    static const char sql[] = "SELECT " ROW_COLUMNS " FROM advisory a ORDER BY a.id,a.source";
    return each_named(s, sql, NULL, fn, ctx, e);
}

int advisory_store_find(struct advisory_store *s, const char *name, advisory_row_fn *fn, void *ctx,
                        struct err *e)
{
    static const char sql[] =
        "SELECT " ROW_COLUMNS " FROM advisory a WHERE a.id=?1 UNION SELECT " ROW_COLUMNS
        " FROM name n JOIN advisory a ON a.id=n.id AND a.source=n.source WHERE n.name=?1"
        " ORDER BY 1,2";
    return each_named(s, sql, name, fn, ctx, e);
}

int advisory_store_affecting(struct advisory_store *s, const char *package, advisory_row_fn *fn,
                             void *ctx, struct err *e)
{
    static const char sql[] =
        "SELECT DISTINCT " ROW_COLUMNS " FROM affects f JOIN advisory a ON a.id=f.id AND "
        "a.source=f.source WHERE f.package=?1 ORDER BY a.id,a.source";
    return each_named(s, sql, package, fn, ctx, e);
}

int advisory_store_exploited(struct advisory_store *s, const char *cve,
                             struct advisory_exploited *out, struct err *e)
{
    static const char sql[] =
        "SELECT cve,kev_added,kev_due,ransomware,epss FROM exploited WHERE cve=?1";
    struct stmt *q;
    int rc = db_use(s->db, sql, &q, e);
    if (rc < 0)
        return rc;
    stmt_put_text(q, 1, cve);
    rc = stmt_step(q, e);
    if (rc > 0)
        *out = (struct advisory_exploited){stmt_text(q, 0), stmt_text(q, 1), stmt_text(q, 2),
                                           stmt_i64(q, 3) != 0,
                                           stmt_is_null(q, 4) ? -1 : stmt_double(q, 4)};
    return rc;
}

int advisory_store_tracker(struct advisory_store *s, const char *source, const void **out_data,
                           size_t *out_len, struct err *e)
{
    static const char sql[] = "SELECT data FROM tracker WHERE package=?1";
    struct stmt *q;
    int rc = db_use(s->db, sql, &q, e);
    if (rc < 0)
        return rc;
    stmt_put_text(q, 1, source);
    rc = stmt_step(q, e);
    if (rc > 0)
        *out_data = stmt_blob(q, 0, out_len);
    return rc;
}

int advisory_store_fetch(struct advisory_store *s, const char *url, struct advisory_fetch *out,
                         struct err *e)
{
    static const char sql[] =
        "SELECT url,etag,modified,digest,fetched,next,failures FROM fetch WHERE url=?1";
    struct stmt *q;
    int rc = db_use(s->db, sql, &q, e);
    if (rc < 0)
        return rc;
    stmt_put_text(q, 1, url);
    rc = stmt_step(q, e);
    if (rc > 0)
        *out = (struct advisory_fetch){stmt_text(q, 0),          stmt_text(q, 1),
                                       stmt_text(q, 2),          stmt_text(q, 3),
                                       (uint64_t)stmt_i64(q, 4), (uint64_t)stmt_i64(q, 5),
                                       (uint32_t)stmt_i64(q, 6)};
    return rc;
}

int advisory_store_each_tracker(struct advisory_store *s, advisory_tracker_fn *fn, void *ctx,
                                struct err *e)
{
    static const char sql[] = "SELECT package,data FROM tracker ORDER BY package";
    struct stmt *q;
    int rc = db_use(s->db, sql, &q, e);
    if (rc < 0)
        return rc;
    while ((rc = stmt_step(q, e)) > 0) {
        size_t len;
        const void *data = stmt_blob(q, 1, &len);
        if (!fn(ctx, stmt_text(q, 0), data, len))
            break;
    }
    stmt_end(q);
    return rc < 0 ? rc : 0;
}
