/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Facts.  What is believed: the claim of the strongest source, unless it is older than 30 days; of
 * equally strong ones the latest.  Who says the same only moves last_seen. */
#include <string.h>

#include "core/base/clock.h"
#include "hub/store/store_private.h"

#define CLAIM_FRESH_NS (UINT64_C(30) * 86400 * NS_PER_S)

/* In an UPSERT's WHERE plain names are the row's values, excluded.* the new ones. */
static const char believe[] =
    "INSERT INTO fact(host,kind,ip_proto,port,key,value,detail,source,confidence,observer,"
    "first_seen,claimed,last_seen) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?11,?11)"
    " ON CONFLICT(host,kind,ip_proto,port,key) DO UPDATE SET value=excluded.value,"
    "detail=excluded.detail,source=excluded.source,confidence=excluded.confidence,"
    "observer=excluded.observer,claimed=excluded.claimed,"
    "first_seen=min(first_seen,excluded.first_seen),last_seen=max(last_seen,excluded.last_seen)"
    " WHERE excluded.source>source OR excluded.claimed-claimed>?12"
    " OR (excluded.source=source AND excluded.claimed>=claimed)";

/* The same parameters: those that it has no use for stay unused. */
static const char agree[] =
    "UPDATE fact SET first_seen=min(first_seen,?11),last_seen=max(last_seen,?11)"
    " WHERE host=?1 AND kind=?2 AND ip_proto=?3 AND port=?4 AND key=?5 AND value=?6";

/* Kinds of which a host or a port has one at a time: there a new value replaces the old one. */
static bool has_one_value(enum fact_kind kind)
{
    return kind == FACT_HOST || kind == FACT_MAC || kind == FACT_OS || kind == FACT_PORT ||
           kind == FACT_SERVICE;
}

static int run_with(struct db *d, const char *sql, const struct fact *f, struct err *e)
{
    uint8_t host[STORE_ADDR_MAX];
    struct stmt *q;
    const char *value = f->value ? f->value : "";
    int rc = db_use(d, sql, &q, e);
    if (rc)
        return rc;
    stmt_put_blob(q, 1, host, store_addr_pack(host, &f->host));
    stmt_put_text(q, 2, fact_kind_name(f->kind));
    stmt_put_i64(q, 3, f->ip_proto);
    stmt_put_i64(q, 4, f->port);
    stmt_put_text(q, 5, has_one_value(f->kind) ? "" : value);
    stmt_put_text(q, 6, value);
    stmt_put_text(q, 7, f->detail);
    stmt_put_i64(q, 8, f->source);
    stmt_put_i64(q, 9, f->confidence);
    stmt_put_text(q, 10, f->observer);
    stmt_put_i64(q, 11, (int64_t)f->seen_ns);
    stmt_put_i64(q, 12, (int64_t)CLAIM_FRESH_NS);
    return stmt_run(q, e);
}

static int put_fact(struct db *d, const struct fact *f, struct err *e)
{
    int rc = run_with(d, believe, f, e);
    bool not_believed = rc == 0 && db_changed(d) == 0;
    return not_believed ? run_with(d, agree, f, e) : rc;
}

int store_add_facts(struct store *s, const struct fact *fact, size_t count, struct err *e)
{
    int rc = count ? db_begin(s->main, e) : 0;
    if (rc || count == 0)
        return rc;
    for (size_t i = 0; i < count && rc == 0; i++)
        rc = put_fact(s->main, &fact[i], e);
    rc = rc ? rc : db_commit(s->main, e);
    if (rc)
        db_rollback(s->main);
    return rc;
}

#define FACT_COLUMNS                                                                               \
    "SELECT host,kind,ip_proto,port,value,detail,source,confidence,observer,first_seen,last_seen"  \
    " FROM fact "
static const char select_all[] = FACT_COLUMNS "ORDER BY host,kind,ip_proto,port,key";
static const char select_host[] = FACT_COLUMNS "WHERE host=? ORDER BY host,kind,ip_proto,port,key";

static int kind_from_name(const char *name)
{
    for (int kind = 0; kind < FACT_KIND_COUNT; kind++)
        if (strcmp(fact_kind_name((enum fact_kind)kind), name) == 0)
            return kind;
    return -1;
}

static bool fact_of(struct stmt *q, struct fact *out)
{
    int kind = kind_from_name(stmt_text(q, 1));
    *out = (struct fact){
        .host = stmt_addr(q, 0),
        .kind = (enum fact_kind)kind,
        .ip_proto = (uint8_t)stmt_i64(q, 2),
        .port = (uint16_t)stmt_i64(q, 3),
        .value = stmt_text(q, 4),
        .detail = stmt_text(q, 5),
        .source = (enum fact_source)stmt_i64(q, 6),
        .confidence = (uint8_t)stmt_i64(q, 7),
        .observer = stmt_text(q, 8),
        .seen_ns = (uint64_t)stmt_i64(q, 10),
    };
    return kind >= 0; /* a kind of a newer program is left out */
}

int store_read_facts(struct store *s, const struct addr *host, store_fact_fn *fn, void *ctx,
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
        struct fact fact;
        if (fact_of(q, &fact) && !fn(ctx, &fact, (uint64_t)stmt_i64(q, 9)))
            break;
    }
    stmt_end(q);
    return rc < 0 ? rc : 0;
}
