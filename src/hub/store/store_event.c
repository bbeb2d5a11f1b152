/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>

#include "core/base/mem.h"
#include "hub/store/store_private.h"

static const char insert[] =
    "INSERT INTO event(id,ts,kind,severity,strength,action,ban_s,src,sport,dst,dport,ip_proto,"
    "flow_id,gid,sid,rev,type,sensor,summary,json) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";

static int insert_event(struct store *s, struct stmt *q, struct event *v, struct err *e)
{
    uint8_t src[STORE_ADDR_MAX], dst[STORE_ADDR_MAX];
    if (v->id == 0)
        v->id = event_id_next(&s->ids, clock_wall_ns(s->clock));
    stmt_put_i64(q, 1, (int64_t)v->id);
    stmt_put_i64(q, 2, (int64_t)v->wall_ns);
    stmt_put_text(q, 3, event_kind_name(v->kind));
    stmt_put_i64(q, 4, v->severity);
    stmt_put_i64(q, 5, v->strength);
    stmt_put_i64(q, 6, v->wish.action);
    stmt_put_i64(q, 7, v->wish.ban_s);
    stmt_put_addr(q, 8, src, &v->src.addr);
    stmt_put_i64(q, 9, v->src.port);
    stmt_put_addr(q, 10, dst, &v->dst.addr);
    stmt_put_i64(q, 11, v->dst.port);
    stmt_put_i64(q, 12, v->ip_proto);
    stmt_put_i64(q, 13, (int64_t)v->flow_id);
    stmt_put_i64(q, 14, v->gid);
    stmt_put_i64(q, 15, v->sid);
    stmt_put_i64(q, 16, v->rev);
    stmt_put_text(q, 17, v->type);
    stmt_put_text(q, 18, v->sensor);
    stmt_put_text(q, 19, v->summary);
    stmt_put_text(q, 20, v->json);
    return stmt_run(q, e);
}

int store_add_events(struct store *s, struct event *event, size_t count, struct err *e)
{
    if (count == 0)
        return 0;
    int rc = store_take_writer_number(s, e);
    rc = rc ? rc : store_day_begin(s, e);
    if (rc)
        return rc;
    struct db *d = s->writing.db;
    struct stmt *q;
    rc = db_use(d, insert, &q, e);
    for (size_t i = 0; i < count && rc == 0; i++)
        rc = insert_event(s, q, &event[i], e);
    rc = rc ? rc : db_commit(d, e);
    if (rc) {
        db_rollback(d);
        return rc;
    }
    store_wake_readers(s);
    return 0;
}

static const char select_behind[] =
    "SELECT row,id,ts,kind,severity,strength,action,ban_s,src,sport,dst,dport,ip_proto,flow_id,gid,"
    "sid,rev,type,sensor,summary,json FROM event WHERE row>? ORDER BY row LIMIT ?";

static struct event event_of(struct stmt *q)
{
    int kind = event_kind_from_name(stmt_text(q, 3));
    return (struct event){
        .id = (uint64_t)stmt_i64(q, 1),
        .wall_ns = (uint64_t)stmt_i64(q, 2),
        .kind = kind < 0 ? EVENT_PROTOCOL : (enum event_kind)kind,
        .severity = (enum severity)stmt_i64(q, 4),
        .strength = (enum strength)stmt_i64(q, 5),
        .wish = {(enum wish_action)stmt_i64(q, 6), (uint32_t)stmt_i64(q, 7)},
        .src = {stmt_addr(q, 8), (uint16_t)stmt_i64(q, 9)},
        .dst = {stmt_addr(q, 10), (uint16_t)stmt_i64(q, 11)},
        .ip_proto = (uint8_t)stmt_i64(q, 12),
        .flow_id = (uint64_t)stmt_i64(q, 13),
        .gid = (uint32_t)stmt_i64(q, 14),
        .sid = (uint32_t)stmt_i64(q, 15),
        .rev = (uint32_t)stmt_i64(q, 16),
        .type = stmt_text(q, 17),
        .sensor = stmt_text(q, 18),
        .summary = stmt_text(q, 19),
        .json = stmt_text(q, 20),
    };
}

struct reading {
    struct store_cursor *cursor;
    size_t left;
    store_event_fn *fn;
    void *ctx;
    bool stopped, sealed;
};

/* Rows behind the cursor in the file that is open, and whether it is sealed: one snapshot. */
static int read_snapshot(struct db *d, struct reading *r, struct err *e)
{
    struct stmt *q;
    int rc = db_use(d, select_behind, &q, e);
    if (rc)
        return rc;
    stmt_put_i64(q, 1, r->cursor->row);
    stmt_put_i64(q, 2, r->left < INT64_MAX ? (int64_t)r->left : INT64_MAX);
    while (!r->stopped && (rc = stmt_step(q, e)) > 0) {
        struct event event = event_of(q);
        r->cursor->row = stmt_i64(q, 0);
        r->left--;
        r->stopped = !r->fn(r->ctx, r->cursor, &event);
    }
    stmt_end(q);
    return rc < 0 ? rc : store_day_is_sealed(d, &r->sealed, e);
}

static int read_day(struct store *s, struct reading *r, struct err *e)
{
    int rc = store_day_open_reading(s, r->cursor->day, e);
    rc = rc ? rc : db_begin_read(s->reading.db, e);
    if (rc)
        return rc;
    rc = read_snapshot(s->reading.db, r, e);
    db_rollback(s->reading.db);
    return rc;
}

/* The first day of which there is a file, from `from` on; 0: none. */
static int find_day(const struct store *s, uint32_t from, uint32_t *out, struct err *e)
{
    uint32_t *day;
    size_t count, i = 0;
    int rc = store_day_list(s, &day, &count, e);
    if (rc)
        return rc;
    while (i < count && day[i] < from)
        i++;
    *out = i < count ? day[i] : 0;
    mem_free(day);
    return 0;
}

/* To the next file; *moved says whether there is one. */
static int next_day(const struct store *s, struct store_cursor *c, bool *moved, struct err *e)
{
    uint32_t day;
    int rc = find_day(s, c->day + 1, &day, e);
    *moved = rc == 0 && day != 0;
    if (*moved)
        *c = (struct store_cursor){.day = day};
    return rc;
}

/* Files that retention has removed are passed over; a file that is just being made ends the
 * reading, its maker will wake us. */
int store_read_events(struct store *s, struct store_cursor *cursor, size_t max, store_event_fn *fn,
                      void *ctx, struct err *e)
{
    struct reading r = {.cursor = cursor, .left = max, .fn = fn, .ctx = ctx};
    bool moved = true;
    int rc = cursor->day ? 0 : next_day(s, cursor, &moved, e);
    while (rc == 0 && moved && r.left && !r.stopped) {
        r.sealed = false;
        rc = read_day(s, &r, e);
        if (rc == -ENODATA)
            return 0;
        bool over = rc == -ENOENT || (rc == 0 && r.sealed);
        if (!over)
            return rc;
        rc = r.left && !r.stopped ? next_day(s, cursor, &moved, e) : 0;
    }
    return rc;
}
