/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/store/store_private.h"

static const char upsert[] =
    "INSERT INTO "
    "finding(host,tool,test,ip_proto,port,severity,cvss,quality,name,evidence,cure,refs,"
    "detail,first_seen,last_seen) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?14)"
    " ON CONFLICT(host,tool,test,ip_proto,port) DO UPDATE SET severity=excluded.severity,"
    "cvss=excluded.cvss,quality=excluded.quality,name=excluded.name,evidence=excluded.evidence,"
    "cure=excluded.cure,refs=excluded.refs,detail=excluded.detail,last_seen=excluded.last_seen"
    " WHERE excluded.last_seen>=last_seen";

static int put_finding(struct stmt *q, const struct finding *f, struct err *e)
{
    uint8_t host[STORE_ADDR_MAX];
    stmt_put_blob(q, 1, host, store_addr_pack(host, &f->host));
    stmt_put_text(q, 2, f->tool ? f->tool : "");
    stmt_put_text(q, 3, f->test ? f->test : "");
    stmt_put_i64(q, 4, f->ip_proto);
    stmt_put_i64(q, 5, f->port);
    stmt_put_i64(q, 6, f->severity);
    stmt_put_double(q, 7, f->cvss);
    stmt_put_i64(q, 8, f->quality);
    stmt_put_text(q, 9, f->name);
    stmt_put_text(q, 10, f->evidence);
    stmt_put_text(q, 11, f->cure);
    stmt_put_text(q, 12, f->refs);
    stmt_put_text(q, 13, f->detail);
    stmt_put_i64(q, 14, (int64_t)f->seen_ns);
    return stmt_run(q, e);
}

int store_add_findings(struct store *s, const struct finding *finding, size_t count, struct err *e)
{
    struct stmt *q;
    int rc = count ? db_begin(s->main, e) : 0;
    if (rc || count == 0)
        return rc;
    for (size_t i = 0; i < count && rc == 0; i++) {
        rc = db_use(s->main, upsert, &q, e);
        rc = rc ? rc : put_finding(q, &finding[i], e);
    }
    rc = rc ? rc : db_commit(s->main, e);
    if (rc)
        db_rollback(s->main);
    return rc;
}

#define FINDING_COLUMNS                                                                            \
    "SELECT host,tool,test,ip_proto,port,severity,cvss,quality,name,evidence,cure,refs,detail,"    \
    "first_seen,last_seen FROM finding "
#define WORST_FIRST "ORDER BY severity DESC,cvss DESC,host,tool,test,ip_proto,port"
static const char select_all[] = FINDING_COLUMNS WORST_FIRST;
static const char select_host[] = FINDING_COLUMNS "WHERE host=? " WORST_FIRST;

static struct finding finding_of(struct stmt *q)
{
    return (struct finding){
        .host = stmt_addr(q, 0),
        .tool = stmt_text(q, 1),
        .test = stmt_text(q, 2),
        .ip_proto = (uint8_t)stmt_i64(q, 3),
        .port = (uint16_t)stmt_i64(q, 4),
        .severity = (enum severity)stmt_i64(q, 5),
        .cvss = stmt_double(q, 6),
        .quality = (uint8_t)stmt_i64(q, 7),
        .name = stmt_text(q, 8),
        .evidence = stmt_text(q, 9),
        .cure = stmt_text(q, 10),
        .refs = stmt_text(q, 11),
        .detail = stmt_text(q, 12),
        .seen_ns = (uint64_t)stmt_i64(q, 14),
    };
}

int store_read_findings(struct store *s, const struct addr *host, store_finding_fn *fn, void *ctx,
                        struct err *e)
{
    uint8_t key[STORE_ADDR_MAX];
    struct stmt *q;
    int rc = db_use(s->main, host ? select_host : select_all, &q, e);
    if (rc)
        return rc;
    if (host)
        stmt_put_blob(q, 1, key, store_addr_pack(key, host));
    while ((rc = stmt_step(q, e)) > 0) {
        struct finding finding = finding_of(q);
        if (!fn(ctx, &finding, (uint64_t)stmt_i64(q, 13)))
            break;
    }
    stmt_end(q);
    return rc < 0 ? rc : 0;
}
