/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>

#include "hub/store/store_private.h"

static const char insert[] =
    "INSERT INTO run(tool,args,started,ended,state,progress,hosts_total,hosts_up,ports_open,"
    "findings,error) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)";
static const char update[] =
    "UPDATE run SET tool=?1,args=?2,started=?3,ended=?4,state=?5,progress=?6,hosts_total=?7,"
    "hosts_up=?8,ports_open=?9,findings=?10,error=?11 WHERE id=?12";

static void bind_run(struct stmt *q, const struct run *r)
{
    stmt_put_text(q, 1, r->tool ? r->tool : "");
    stmt_put_text(q, 2, r->args);
    stmt_put_i64(q, 3, (int64_t)r->started_ns);
    stmt_put_i64(q, 4, (int64_t)r->ended_ns);
    stmt_put_i64(q, 5, r->state);
    stmt_put_double(q, 6, r->progress);
    stmt_put_i64(q, 7, (int64_t)r->hosts_total);
    stmt_put_i64(q, 8, (int64_t)r->hosts_up);
    stmt_put_i64(q, 9, (int64_t)r->ports_open);
    stmt_put_i64(q, 10, (int64_t)r->findings);
    stmt_put_text(q, 11, r->error);
}

int store_put_run(struct store *s, const struct run *run, int64_t *out_id, struct err *e)
{
    struct stmt *q;
    int rc = db_use(s->main, run->id ? update : insert, &q, e);
    if (rc)
        return rc;
    bind_run(q, run);
    if (run->id)
        stmt_put_i64(q, 12, run->id);
    rc = stmt_run(q, e);
    if (rc)
        return rc;
    if (run->id && db_changed(s->main) == 0)
        return err_set(e, -ENOENT, "%s: no run %lld", db_path(s->main), (long long)run->id);
    *out_id = run->id ? run->id : db_last_row(s->main);
    return 0;
}

#define RUN_COLUMNS                                                                                \
    "SELECT id,tool,args,started,ended,state,progress,hosts_total,hosts_up,ports_open,findings,"   \
    "error FROM run "
static const char select_all[] = RUN_COLUMNS "ORDER BY id DESC LIMIT ?1";
static const char select_tool[] = RUN_COLUMNS "WHERE tool=?2 ORDER BY id DESC LIMIT ?1";

static struct run run_of(struct stmt *q)
{
    return (struct run){
        .id = stmt_i64(q, 0),
        .tool = stmt_text(q, 1),
        .args = stmt_text(q, 2),
        .started_ns = (uint64_t)stmt_i64(q, 3),
        .ended_ns = (uint64_t)stmt_i64(q, 4),
        .state = (enum run_state)stmt_i64(q, 5),
        .progress = stmt_double(q, 6),
        .hosts_total = (uint64_t)stmt_i64(q, 7),
        .hosts_up = (uint64_t)stmt_i64(q, 8),
        .ports_open = (uint64_t)stmt_i64(q, 9),
        .findings = (uint64_t)stmt_i64(q, 10),
        .error = stmt_text(q, 11),
    };
}

int store_read_runs(struct store *s, const char *tool, size_t max, store_run_fn *fn, void *ctx,
                    struct err *e)
{
    struct stmt *q;
    int rc = db_use(s->main, tool ? select_tool : select_all, &q, e);
    if (rc)
        return rc;
    stmt_put_i64(q, 1, max < INT64_MAX ? (int64_t)max : INT64_MAX);
    if (tool)
        stmt_put_text(q, 2, tool);
    while ((rc = stmt_step(q, e)) > 0) {
        struct run run = run_of(q);
        if (!fn(ctx, &run))
            break;
    }
    stmt_end(q);
    return rc < 0 ? rc : 0;
}
