/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/trap/commands.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "core/base/mem.h"
#include "core/base/str.h"
#include "sys/loop/child.h"

struct job {
    struct job *next;
    char *target, *line;
};

struct command_queue {
    struct loop *loop;
    command_done_fn *done;
    void *ctx;
    struct job *first, **end; /* the first one runs while child.pid is set */
    size_t waiting;
    struct loop_child child;
    struct loop_timer limit;
    bool timed_out;
};

static void start_next(struct command_queue *q);

static void drop_first(struct command_queue *q)
{
    struct job *job = q->first;
    q->first = job->next;
    if (!q->first)
        q->end = &q->first;
    q->waiting--;
    mem_free(job->target);
    mem_free(job->line);
    mem_free(job);
}

static void finish(struct command_queue *q, const char *why)
{
    q->done(q->ctx, q->first->target, q->first->line, why == NULL, why);
    drop_first(q);
}

static void on_exit(struct loop_child *watch, int wait_status)
{
    struct command_queue *q = watch->ctx;
    struct str why = str_of(128);
    loop_timer_stop(q->loop, &q->limit);
    q->child.pid = 0;
    if (q->timed_out)
        str_addf(&why, "ended after %d s", COMMAND_LIMIT_S);
    else if (WIFSIGNALED(wait_status))
        str_addf(&why, "killed by signal %d", WTERMSIG(wait_status));
    else if (WEXITSTATUS(wait_status) != 0)
        str_addf(&why, "exit status %d", WEXITSTATUS(wait_status));
    finish(q, why.len ? str_text(&why) : NULL);
    str_done(&why);
    start_next(q);
}

/* The command has a process group of its own. */
static void on_limit(struct loop_timer *timer)
{
    struct command_queue *q = timer->ctx;
    q->timed_out = true;
    kill(-q->child.pid, SIGKILL);
}

static int start_one(struct command_queue *q, const char *line, struct err *e)
{
    const char *const argv[] = {"sh", "-c", line, NULL};
    const struct child_spec spec = {
        .path = "/bin/sh", .argv = argv, .in_fd = -1, .out_fd = -1, .err_fd = -1};
    q->timed_out = false;
    if (child_start(&spec, &q->child.pid, e) < 0 || loop_child_add(q->loop, &q->child, e) < 0)
        return e->code;
    loop_timer_set(q->loop, &q->limit,
                   loop_now_ns(q->loop) + COMMAND_LIMIT_S * UINT64_C(1000000000));
    return 0;
}

static void start_next(struct command_queue *q)
{
    while (q->first && !q->child.pid) {
        struct err e = {0};
        if (start_one(q, q->first->line, &e) == 0)
            return;
        q->child.pid = 0;
        finish(q, e.text);
    }
}

struct command_queue *command_queue_new(struct loop *loop, command_done_fn *done, void *ctx)
{
    struct command_queue *q = mem_zero(sizeof *q);
    *q = (struct command_queue){.loop = loop, .done = done, .ctx = ctx};
    q->end = &q->first;
    q->child = (struct loop_child){.fn = on_exit, .ctx = q};
    q->limit = (struct loop_timer){.fn = on_limit, .ctx = q};
    return q;
}

void command_queue_free(struct command_queue *q)
{
    if (!q)
        return;
    if (q->child.pid) {
        kill(-q->child.pid, SIGKILL);
        loop_child_remove(q->loop, &q->child);
        loop_timer_stop(q->loop, &q->limit);
    }
    while (q->first)
        drop_first(q);
    mem_free(q);
}

int command_queue_add(struct command_queue *q, const char *target, const char *line, struct err *e)
{
    if (q->waiting == COMMANDS_MAX)
        return err_set(e, -ENOSPC, "%d commands wait already", COMMANDS_MAX);
    struct job *job = mem_zero(sizeof *job);
    job->target = mem_copy_text(target);
    job->line = mem_copy_text(line);
    *q->end = job;
    q->end = &job->next;
    q->waiting++;
    start_next(q);
    return 0;
}

size_t command_queue_waiting(const struct command_queue *q)
{
    return q->waiting;
}
