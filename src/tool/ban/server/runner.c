/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Actions run one after another, each jail in its own order.  The file is long because start,
 * check, ban, prolong, unban, flush and stop of an action are states of one machine. */
#include "tool/ban/server/runner.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "hub/respond/nft_element.h"
#include "sys/loop/child.h"
#include "tool/ban/server/native.h"

enum { OUTPUT_MAX = 4096, BATCH_MAX = 1000, BATCH_TEXT_MAX = 120 << 10 };

/* How far a job has come; each command's end leads to the next step. */
enum step {
    STEP_BEGIN,
    STEP_STARTED,   /* actionstart on demand has run */
    STEP_DONE,      /* the command itself has run */
    STEP_CHECKED,   /* it failed; actioncheck has run */
    STEP_REPAIRED,  /* actionrepair has run */
    STEP_STOPPED,   /* without a repair: actionstop ... */
    STEP_RESTARTED, /* ... and actionstart have run */
    STEP_RECHECKED, /* actioncheck has run again */
    STEP_LAST,      /* the command has run for the second time */
};

struct job {
    enum job_kind kind;
    struct ban_action *action;
    bool retire; /* nothing to run: free the action */
    struct ticket ticket;
    bool has_ticket;
    enum ban_family family;
    unsigned families_left; /* of a job for all families: bits still to do */
    enum step step;
    struct action_values values;
    char *done_text; /* what another family has run already */
    struct job *next;
};

struct runner {
    struct loop *loop;
    struct ban_log *log;
    char *jail;
    struct job *first, *last;
    struct arena arena; /* of the command that runs */
    struct str command, output;
    struct text_list env;
    struct loop_child child;
    struct loop_fd out;
    struct loop_timer limit, later;
    bool is_running, timed_out;
    struct nft_elements *nft; /* NULL: not opened yet, or it cannot be */
    uint64_t nft_again_ns;    /* after a failure the shell does it for a while */
    size_t batch;             /* jobs that the command serves; 0 or 1: one */
    double limit_s;
    void (*idle_fn)(void *ctx);
    void *idle_ctx;
    void (*repair_fn)(void *ctx, struct ban_action *a);
    void *repair_ctx;
};

static void step(struct runner *r, bool ok);

/* ---- tickets of jobs: what the values of a command need ---- */

static void copy_ticket(struct ticket *to, const struct ticket *from)
{
    *to = (struct ticket){.id = mem_copy_text(from->id),
                          .ip = from->ip ? mem_copy_text(from->ip) : NULL,
                          .net = from->net,
                          .time_s = from->time_s,
                          .failures = from->failures,
                          .ban_s = from->ban_s,
                          .ban_count = from->ban_count,
                          .is_restored = from->is_restored};
    for (size_t i = 0; i < from->match_count; i++)
        ticket_add_match(to, from->match[i], strlen(from->match[i]));
    for (size_t i = 0; i < from->pair_count; i++)
        ticket_set_pair(to, from->pair[i].name, from->pair[i].value, strlen(from->pair[i].value));
}

static void free_job(struct job *j)
{
    if (j->has_ticket) {
        struct ticket *t = mem_zero(sizeof *t);
        *t = j->ticket;
        ticket_free(t);
    }
    mem_free(j->done_text);
    mem_free(j);
}

/* ---- commands ---- */

static void read_output(struct runner *r)
{
    char text[1024];
    ssize_t got;
    while ((got = read(r->out.fd, text, sizeof text)) > 0)
        str_add_len(&r->output, text,
                    (size_t)got < OUTPUT_MAX - r->output.len ? (size_t)got
                                                             : OUTPUT_MAX - r->output.len);
    if (got == 0) {
        int fd = r->out.fd;
        loop_fd_remove(r->loop, &r->out);
        close(fd);
    }
}

static void on_output(struct loop_fd *watch, unsigned ready)
{
    (void)ready;
    read_output(watch->ctx);
}

static void on_limit(struct loop_timer *timer)
{
    struct runner *r = timer->ctx;
    r->timed_out = true;
    ban_log(r->log, BAN_LOG_ERROR, "utils", "[%s] -- timed out after %.0f seconds: %.200s", r->jail,
            r->limit_s, str_text(&r->command));
    kill(-r->child.pid, SIGKILL);
}

static void close_output(struct runner *r)
{
    if (r->out.fd < 0)
        return;
    read_output(r);
    if (r->out.fd < 0)
        return;
    int fd = r->out.fd;
    loop_fd_remove(r->loop, &r->out);
    close(fd);
}

static void log_failure(struct runner *r, int status)
{
    ban_log(r->log, BAN_LOG_ERROR, "utils", "[%s] -- exec: %.1000s", r->jail,
            str_text(&r->command));
    if (r->output.len)
        ban_log(r->log, BAN_LOG_ERROR, "utils", "[%s] -- output: %.1000s", r->jail,
                str_text(&r->output));
    if (WIFSIGNALED(status))
        ban_log(r->log, BAN_LOG_ERROR, "utils", "[%s] -- killed by signal %d", r->jail,
                WTERMSIG(status));
    else
        ban_log(r->log, BAN_LOG_ERROR, "utils", "[%s] -- returned %d", r->jail,
                WEXITSTATUS(status));
}

static void end_batch(struct runner *r, int status);

static void on_end(struct loop_child *watch, int status)
{
    struct runner *r = watch->ctx;
    loop_timer_stop(r->loop, &r->limit);
    kill(-watch->pid, SIGKILL); /* what the command left running in its group */
    close_output(r);
    r->is_running = false;
    if (r->batch > 1) {
        end_batch(r, status);
        return;
    }
    bool ok = WIFEXITED(status) && WEXITSTATUS(status) == 0 && !r->timed_out;
    if (!ok)
        log_failure(r, status);
    step(r, ok);
}

static int start_shell(struct runner *r, double limit_s, struct err *e)
{
    int pipe_fd[2];
    if (pipe2(pipe_fd, O_CLOEXEC | O_NONBLOCK))
        return err_set(e, -errno, "pipe: %s", strerror(errno));
    const char *argv[] = {"sh", "-c", str_text(&r->command), NULL};
    text_list_add(&r->env, "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    text_list_add(&r->env, "LC_ALL=C.UTF-8");
    text_list_add(&r->env, NULL);
    struct child_spec spec = {.path = "/bin/sh",
                              .argv = argv,
                              .env = r->env.text,
                              .in_fd = -1,
                              .out_fd = pipe_fd[1],
                              .err_fd = pipe_fd[1]};
    int rc = child_start(&spec, &r->child.pid, e);
    close(pipe_fd[1]);
    if (rc < 0) {
        close(pipe_fd[0]);
        return rc;
    }
    r->out = (struct loop_fd){.fn = on_output, .ctx = r, .fd = pipe_fd[0]};
    rc = loop_fd_add(r->loop, &r->out, LOOP_READ, e);
    r->child.fn = on_end;
    r->child.ctx = r;
    if (rc == 0)
        rc = loop_child_add(r->loop, &r->child, e);
    if (rc < 0)
        return rc;
    r->is_running = true;
    r->timed_out = false;
    r->limit_s = limit_s;
    r->limit = (struct loop_timer){.fn = on_limit, .ctx = r, .slot = r->limit.slot};
    loop_timer_set(r->loop, &r->limit,
                   loop_now_ns(r->loop) + (uint64_t)(limit_s * (double)NS_PER_S));
    return 0;
}

static void begin_command(struct runner *r)
{
    arena_reset(&r->arena);
    str_reset(&r->command);
    str_reset(&r->output);
    r->env.count = 0;
    r->batch = 0;
}

static bool is_empty(const char *text)
{
    return text[strspn(text, " \t\n")] == '\0';
}

/* Run an option of the job's action.  True: it runs; false: there is nothing to run. */
static bool run(struct runner *r, const char *option)
{
    struct job *j = r->first;
    struct err e = {0};
    begin_command(r);
    j->values.ticket = j->has_ticket ? &j->ticket : NULL;
    ban_action_command(j->action, j->family, option, &j->values, &r->arena, &r->command, &r->env);
    if (is_empty(str_text(&r->command)))
        return false;
    if (start_shell(r, ban_action_timeout_s(j->action), &e) < 0) {
        ban_log(r->log, BAN_LOG_ERROR, "utils", "[%s] Failed to execute %.200s: %s", r->jail,
                str_text(&r->command), e.text);
        r->is_running = false;
        loop_timer_set(r->loop, &r->later, loop_now_ns(r->loop));
    }
    return true;
}

/* ---- steps ---- */

static const char *option_of(enum job_kind kind)
{
    static const char *const names[] = {"actionstart", "actionban",  "actionunban", "actionprolong",
                                        "actionflush", "actionstop", "actionreload"};
    return names[kind];
}

static void next_job(struct runner *r);

static void end_job(struct runner *r)
{
    struct job *j = r->first;
    r->first = j->next;
    if (!r->first)
        r->last = NULL;
    free_job(j);
}

static void fail_job(struct runner *r)
{
    struct job *j = r->first;
    static const char *const verbs[] = {"start",         "ban",  "unban", "prolong",
                                        "flush bans in", "stop", "reload"};
    ban_log(r->log, BAN_LOG_ERROR, "actions", "Failed to execute %s jail '%s' action '%s'%s%s",
            verbs[j->kind], r->jail, j->action->name, j->has_ticket ? " info " : "",
            j->has_ticket ? j->ticket.id : "");
    end_job(r);
    next_job(r);
}

static void succeed(struct runner *r)
{
    struct job *j = r->first;
    unsigned *started = &j->action->started[j->family];
    switch (j->kind) {
    case JOB_START:
        *started |= ACTION_STARTED;
        break;
    case JOB_BAN:
        *started |= ACTION_STARTED | ACTION_HAS_BANS;
        break;
    case JOB_FLUSH:
        *started &= ~(unsigned)ACTION_HAS_BANS;
        break;
    case JOB_STOP:
        *started = 0;
        break;
    default:
        break;
    }
    if (j->families_left) {
        j->step = STEP_BEGIN;
        next_job(r);
        return;
    }
    end_job(r);
    next_job(r);
}

/* The command failed: is the firewall as the action left it? */
static void check(struct runner *r)
{
    struct job *j = r->first;
    j->step = STEP_CHECKED;
    if ((j->kind != JOB_BAN && j->kind != JOB_UNBAN) || !run(r, "actioncheck"))
        fail_job(r);
}

static void repair(struct runner *r)
{
    struct job *j = r->first;
    if (j->kind == JOB_UNBAN && !ban_action_flag(j->action, "actionrepair_on_unban")) {
        ban_log(r->log, BAN_LOG_ERROR, "action", "Invariant check failed. Unban is impossible.");
        fail_job(r);
        return;
    }
    ban_log(r->log, BAN_LOG_ERROR, "action",
            "Invariant check failed. Trying to restore a sane environment");
    j->action->epoch++;
    j->step = STEP_REPAIRED;
    if (run(r, "actionrepair"))
        return;
    j->step = STEP_STOPPED;
    if (!run(r, "actionstop"))
        step(r, true);
}

/* The firewall was set up anew: the other bans have to be given to it again, too. */
static void tell_repair(struct runner *r)
{
    struct job *j = r->first;
    j->action->started[j->family] |= ACTION_STARTED;
    if (r->repair_fn && j->kind == JOB_BAN)
        r->repair_fn(r->repair_ctx, j->action);
}

static void run_again(struct runner *r)
{
    r->first->step = STEP_LAST;
    if (!run(r, option_of(r->first->kind)))
        succeed(r);
}

static void restore_failed(struct runner *r)
{
    ban_log(r->log, BAN_LOG_CRITICAL, "action", "Unable to restore environment");
    r->first->action->started[r->first->family] = 0;
    fail_job(r);
}

static void run_main(struct runner *r)
{
    r->first->step = STEP_DONE;
    if (!run(r, option_of(r->first->kind)))
        succeed(r);
}

static void step(struct runner *r, bool ok)
{
    struct job *j = r->first;
    switch (j->step) {
    case STEP_STARTED:
        if (ok) {
            j->action->started[j->family] |= ACTION_STARTED;
            run_main(r);
        } else {
            fail_job(r);
        }
        break;
    case STEP_DONE:
        ok ? succeed(r) : check(r);
        break;
    case STEP_CHECKED:
        ok ? run_again(r) : repair(r);
        break;
    case STEP_STOPPED: /* a stop may fail where nothing is left to stop */
        j->step = STEP_RESTARTED;
        if (!run(r, "actionstart"))
            step(r, true);
        break;
    case STEP_REPAIRED:
    case STEP_RESTARTED:
        j->step = STEP_RECHECKED;
        if (!ok)
            restore_failed(r);
        else if (!run(r, "actioncheck"))
            step(r, true);
        break;
    case STEP_RECHECKED:
        if (ok) {
            tell_repair(r);
            run_again(r);
        } else {
            restore_failed(r);
        }
        break;
    default:
        ok ? succeed(r) : fail_job(r);
        break;
    }
}

/* ---- bans without a shell ---- */

enum { NATIVE_MAX = 4096 };

static const uint64_t NATIVE_PAUSE_NS = NS_PER_S;

/* What a queued ban would run, where that is a call we know. */
static bool native_call_of(struct runner *r, struct job *j, struct native_call *out)
{
    struct str text = str_of(1024);
    size_t before = r->env.count;
    j->family = ban_family_of(&j->ticket.net);
    j->values.ticket = &j->ticket;
    bool started = j->action->started[j->family] & ACTION_STARTED;
    if (started)
        ban_action_command(j->action, j->family, option_of(j->kind), &j->values, &r->arena, &text,
                           &r->env);
    bool good = started && r->env.count == before && native_parse(out, str_text(&text));
    r->env.count = before;
    str_done(&text);
    return good;
}

/* As many of the queue's first bans as go into one set. */
static size_t collect_native(struct runner *r, struct native_call *first, struct cidr *who)
{
    size_t count = 0;
    const struct job *head = r->first;
    for (struct job *j = r->first; j && !j->retire && j->kind == head->kind &&
                                   j->action == head->action && count < NATIVE_MAX;
         j = j->next) {
        struct native_call call;
        if (!native_call_of(r, j, &call))
            break;
        if (count == 0)
            *first = call;
        else if (call.is_add != first->is_add || strcmp(call.set, first->set) != 0 ||
                 strcmp(call.table, first->table) != 0)
            break;
        who[count++] = call.who;
    }
    return count;
}

/* Do the first bans of the queue by netlink.  False: the shell has to; it finds out, too, what is
 * wrong with the firewall, and mends it. */
static bool run_native(struct runner *r)
{
    struct job *head = r->first;
    struct native_call call;
    struct err e = {0};
    if ((head->kind != JOB_BAN && head->kind != JOB_UNBAN) || head->step != STEP_BEGIN ||
        loop_now_ns(r->loop) < r->nft_again_ns)
        return false;
    begin_command(r);
    struct cidr *who = mem_resize(NULL, NATIVE_MAX, sizeof *who);
    size_t count = collect_native(r, &call, who);
    int rc = count ? 0 : -ENOTSUP;
    if (rc == 0 && !r->nft)
        rc = nft_elements_open(&r->nft, &e);
    if (rc == 0) {
        const char *options = ban_action_text(head->action, head->family, "addr_options");
        struct nft_set_name name = {call.table, call.set, strstr(options, "interval") != NULL};
        rc = call.is_add ? nft_elements_add(r->nft, &name, who, count, &e)
                         : nft_elements_remove(r->nft, &name, who, count, &e);
    }
    mem_free(who);
    if (rc < 0) {
        if (rc != -ENOTSUP)
            r->nft_again_ns = loop_now_ns(r->loop) + NATIVE_PAUSE_NS;
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        struct job *j = r->first;
        if (j->kind == JOB_BAN)
            j->action->started[j->family] |= ACTION_STARTED | ACTION_HAS_BANS;
        end_job(r);
    }
    next_job(r);
    return true;
}

/* ---- many bans in one shell ---- */

/* A command that is one plain call, such as "ipset add X 1.2.3.4" or "printf ... >> FILE", may
 * stand with others of its kind in one shell: it cannot end it, nor change what the next one sees.
 */
static bool is_plain_call(const char *text)
{
    static const char *const first_words[] = {"printf",   "echo",      "ipset", "nft",
                                              "iptables", "ip6tables", "ip",    "pfctl"};
    size_t n = strcspn(text, " \t");
    if (strpbrk(text, "\n;&|`(){}$"))
        return false;
    for (size_t i = 0; i < ARRAY_COUNT(first_words); i++)
        if (strlen(first_words[i]) == n && strncmp(text, first_words[i], n) == 0)
            return true;
    return false;
}

/* May this ban run with others?  Its command is put into r->command behind theirs. */
static bool add_to_batch(struct runner *r, struct job *j)
{
    struct str text = str_of(BATCH_TEXT_MAX);
    size_t before = r->env.count;
    j->family = ban_family_of(&j->ticket.net);
    j->values.ticket = &j->ticket;
    bool started = j->action->started[j->family] || !ban_action_on_demand(j->action);
    if (started)
        ban_action_command(j->action, j->family, option_of(j->kind), &j->values, &r->arena, &text,
                           &r->env);
    bool good = started && r->env.count == before && is_plain_call(str_text(&text)) &&
                r->command.len + text.len < BATCH_TEXT_MAX;
    if (good) /* each tells by a byte whether it went well */
        str_addf(&r->command, "%s\n[ $? = 0 ] && printf . >&3 || printf x >&3\n", str_text(&text));
    r->env.count = before;
    str_done(&text);
    return good;
}

static bool run_batch(struct runner *r)
{
    struct job *head = r->first;
    struct err e = {0};
    size_t count = 0;
    if ((head->kind != JOB_BAN && head->kind != JOB_UNBAN) || !head->next ||
        head->next->kind != head->kind || head->retire || head->next->action != head->action)
        return false;
    begin_command(r);
    str_add(&r->command, "exec 3>&1 >/dev/null 2>&1\n");
    for (struct job *j = head;
         j && j->kind == head->kind && !j->retire && j->action == head->action && count < BATCH_MAX;
         j = j->next)
        if (add_to_batch(r, j))
            count++;
        else
            break;
    if (count < 2)
        return false;
    r->batch = count;
    if (start_shell(r, ban_action_timeout_s(head->action), &e) < 0) {
        r->batch = 0;
        return false;
    }
    return true;
}

/* Those that went well are done; from the first that did not, each runs by itself. */
static void end_batch(struct runner *r, int status)
{
    size_t done = 0;
    (void)status;
    while (done < r->batch && done < r->output.len && r->output.text[done] == '.')
        done++;
    r->batch = 0;
    for (size_t i = 0; i < done; i++) {
        struct job *j = r->first;
        if (j->kind == JOB_BAN)
            j->action->started[j->family] |= ACTION_STARTED | ACTION_HAS_BANS;
        end_job(r);
    }
    if (done == 0 && r->first) { /* by itself, so that its failure is told and mended */
        struct job *j = r->first;
        j->step = STEP_DONE;
        if (!run(r, option_of(j->kind)))
            succeed(r);
        return;
    }
    next_job(r);
}

/* ---- the queue ---- */

/* Which families an operation for all of an action is run for. */
static unsigned families_of(const struct job *j)
{
    struct ban_action *a = j->action;
    unsigned all = 0;
    if (j->kind == JOB_START)
        return ban_action_has_families(a) ? 1u << FAMILY_INET4 | 1u << FAMILY_INET6
                                          : 1u << FAMILY_ANY;
    for (unsigned f = 0; f < FAMILY_COUNT; f++)
        if (j->kind == JOB_FLUSH ? (a->started[f] & ACTION_HAS_BANS) : a->started[f])
            all |= 1u << f;
    return all;
}

/* The next family whose command differs from what was run before; false: there is none left. */
static bool next_family(struct job *j)
{
    while (j->families_left) {
        enum ban_family f = (enum ban_family)__builtin_ctz(j->families_left);
        j->families_left &= j->families_left - 1;
        j->family = f;
        const char *text = ban_action_text(j->action, f, option_of(j->kind));
        bool same = j->done_text && strcmp(text, j->done_text) == 0;
        if (same) {
            if (j->kind == JOB_STOP)
                j->action->started[f] = 0;
            else if (j->kind == JOB_FLUSH)
                j->action->started[f] &= ~(unsigned)ACTION_HAS_BANS;
            continue;
        }
        mem_free(j->done_text);
        j->done_text = mem_copy_text(text);
        return true;
    }
    return false;
}

static bool is_for_all(enum job_kind kind)
{
    return kind == JOB_START || kind == JOB_FLUSH || kind == JOB_STOP || kind == JOB_RELOAD;
}

static void begin_job(struct runner *r)
{
    struct job *j = r->first;
    if (is_for_all(j->kind)) {
        if (next_family(j)) {
            run_main(r);
        } else {
            end_job(r);
            next_job(r);
        }
        return;
    }
    j->family = ban_family_of(&j->ticket.net);
    unsigned started = j->action->started[j->family];
    if (j->kind == JOB_UNBAN && !(started & ACTION_HAS_BANS)) {
        end_job(r);
        next_job(r);
        return;
    }
    j->step = STEP_STARTED;
    bool start = j->kind == JOB_BAN && !started && ban_action_on_demand(j->action);
    if (!start || !run(r, "actionstart"))
        run_main(r);
}

/* The work goes on from the loop, so that a long queue of jobs without a command is no deep stack.
 */
static void next_job(struct runner *r)
{
    if (!r->is_running)
        loop_timer_set(r->loop, &r->later, loop_now_ns(r->loop));
}

static void on_later(struct loop_timer *timer)
{
    struct runner *r = timer->ctx;
    if (r->is_running)
        return;
    if (!r->first) {
        if (r->idle_fn)
            r->idle_fn(r->idle_ctx);
        return;
    }
    struct job *j = r->first;
    if (j->retire) {
        ban_action_free(j->action);
        end_job(r);
        next_job(r);
        return;
    }
    if (j->step != STEP_BEGIN) { /* its shell could not be started */
        fail_job(r);
        return;
    }
    if (is_for_all(j->kind) && !j->done_text && !j->families_left)
        j->families_left = families_of(j);
    if (!run_native(r) && !run_batch(r))
        begin_job(r);
}

static void append(struct runner *r, struct job *j)
{
    *(r->last ? &r->last->next : &r->first) = j;
    r->last = j;
    if (r->first == j)
        next_job(r);
}

void runner_add(struct runner *r, enum job_kind kind, struct ban_action *action,
                const struct ticket *ticket, const struct action_values *values)
{
    struct job *j = mem_zero(sizeof *j);
    *j = (struct job){.kind = kind, .action = action, .values = *values};
    if (ticket) {
        copy_ticket(&j->ticket, ticket);
        j->has_ticket = true;
    }
    append(r, j);
}

void runner_retire(struct runner *r, struct ban_action *action)
{
    struct job *j = mem_zero(sizeof *j);
    *j = (struct job){.action = action, .retire = true};
    append(r, j);
}

bool runner_is_idle(const struct runner *r)
{
    return !r->first;
}

void runner_on_idle(struct runner *r, void (*fn)(void *ctx), void *ctx)
{
    r->idle_fn = fn;
    r->idle_ctx = ctx;
}

void runner_on_repair(struct runner *r, void (*fn)(void *ctx, struct ban_action *a), void *ctx)
{
    r->repair_fn = fn;
    r->repair_ctx = ctx;
}

struct runner *runner_new(struct loop *loop, struct ban_log *log, const char *jail)
{
    struct runner *r = mem_zero(sizeof *r);
    r->loop = loop;
    r->log = log;
    r->jail = mem_copy_text(jail);
    r->out.fd = -1;
    r->command = str_of(2 * BATCH_TEXT_MAX);
    r->output = str_of(OUTPUT_MAX);
    r->later = (struct loop_timer){.fn = on_later, .ctx = r};
    r->limit = (struct loop_timer){.fn = on_limit, .ctx = r};
    return r;
}

void runner_free(struct runner *r)
{
    if (!r)
        return;
    if (r->is_running) {
        loop_child_remove(r->loop, &r->child);
        kill(-r->child.pid, SIGKILL);
        waitpid(r->child.pid, NULL, 0);
        close_output(r);
    }
    loop_timer_stop(r->loop, &r->later);
    loop_timer_stop(r->loop, &r->limit);
    for (struct job *j = r->first, *next; j; j = next) {
        next = j->next;
        if (j->retire)
            ban_action_free(j->action);
        free_job(j);
    }
    nft_elements_close(r->nft);
    arena_done(&r->arena);
    str_done(&r->command);
    str_done(&r->output);
    text_list_done(&r->env);
    mem_free(r->jail);
    mem_free(r);
}
