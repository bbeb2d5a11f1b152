/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/store/store_ban.h"

#include <errno.h>

#include "hub/store/store_private.h"

static const char upsert[] =
    "INSERT INTO ban(who,prefix_len,source,why,since,until,count,event_id,strength,lifted)"
    " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,NULL)"
    " ON CONFLICT(who,prefix_len,source) DO UPDATE SET why=excluded.why,since=excluded.since,"
    "until=excluded.until,count=excluded.count,event_id=excluded.event_id,"
    "strength=excluded.strength,lifted=NULL";

int store_put_ban(struct store *s, const struct ban *ban, struct err *e)
{
    uint8_t who[STORE_ADDR_MAX];
    struct stmt *q;
    int rc = db_use(s->main, upsert, &q, e);
    if (rc)
        return rc;
    stmt_put_blob(q, 1, who, store_addr_pack(who, &ban->who.base));
    stmt_put_i64(q, 2, ban->who.prefix_len);
    stmt_put_text(q, 3, ban->source ? ban->source : "");
    stmt_put_text(q, 4, ban->why);
    stmt_put_i64(q, 5, (int64_t)ban->since_ns);
    stmt_put_i64(q, 6, (int64_t)ban->until_ns);
    stmt_put_i64(q, 7, ban->count);
    stmt_put_i64(q, 8, (int64_t)ban->event_id);
    stmt_put_i64(q, 9, ban->strength);
    return stmt_run(q, e);
}

#define IN_FORCE "lifted IS NULL AND (until=0 OR until>?1)"
static const char lift[] = "UPDATE ban SET lifted=?1 WHERE who=?2 AND prefix_len=?3"
                           " AND (?4 IS NULL OR source=?4) AND " IN_FORCE;

int store_lift_ban(struct store *s, const struct cidr *who, const char *source, uint64_t now_ns,
                   struct err *e)
{
    uint8_t key[STORE_ADDR_MAX];
    char text[CIDR_TEXT_MAX];
    struct stmt *q;
    int rc = db_use(s->main, lift, &q, e);
    if (rc)
        return rc;
    stmt_put_i64(q, 1, (int64_t)now_ns);
    stmt_put_blob(q, 2, key, store_addr_pack(key, &who->base));
    stmt_put_i64(q, 3, who->prefix_len);
    stmt_put_text(q, 4, source);
    rc = stmt_run(q, e);
    if (rc == 0 && db_changed(s->main) == 0)
        rc = err_set(e, -ENOENT, "%s is not banned%s%s", cidr_format(who, text),
                     source ? " by " : "", source ? source : "");
    return rc;
}

static const char select_count[] =
    "SELECT count FROM ban WHERE who=?1 AND prefix_len=?2 AND source=?3";

int store_count_bans(struct store *s, const struct cidr *who, const char *source,
                     uint32_t *out_count, struct err *e)
{
    uint8_t key[STORE_ADDR_MAX];
    struct stmt *q;
    int rc = db_use(s->main, select_count, &q, e);
    if (rc)
        return rc;
    stmt_put_blob(q, 1, key, store_addr_pack(key, &who->base));
    stmt_put_i64(q, 2, who->prefix_len);
    stmt_put_text(q, 3, source);
    rc = stmt_step(q, e);
    if (rc >= 0)
        *out_count = rc ? (uint32_t)stmt_i64(q, 0) : 0;
    stmt_end(q);
    return rc < 0 ? rc : 0;
}

static const char select_in_force[] =
    "SELECT who,prefix_len,source,why,since,until,count,event_id,strength FROM ban"
    " WHERE " IN_FORCE " ORDER BY who,prefix_len,source";

int store_read_bans(struct store *s, uint64_t now_ns, store_ban_fn *fn, void *ctx, struct err *e)
{
    struct stmt *q;
    int rc = db_use(s->main, select_in_force, &q, e);
    if (rc)
        return rc;
    stmt_put_i64(q, 1, (int64_t)now_ns);
    while ((rc = stmt_step(q, e)) > 0) {
        struct ban ban = {
            .who = {stmt_addr(q, 0), (uint8_t)stmt_i64(q, 1)},
            .source = stmt_text(q, 2),
            .why = stmt_text(q, 3),
            .since_ns = (uint64_t)stmt_i64(q, 4),
            .until_ns = (uint64_t)stmt_i64(q, 5),
            .count = (uint32_t)stmt_i64(q, 6),
            .event_id = (uint64_t)stmt_i64(q, 7),
            .strength = (enum strength)stmt_i64(q, 8),
        };
        if (!fn(ctx, &ban))
            break;
    }
    stmt_end(q);
    return rc < 0 ? rc : 0;
}
