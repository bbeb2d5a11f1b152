/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/assess/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "core/base/own.h"
#include "core/text/option.h"
#include "sys/io/file.h"
#include "sys/priv/sandbox.h"
#include "tool/assess/condition.h"
#include "tool/assess/knowledge.h"
#include "tool/assess/outcome.h"
#include "tool/scan/service/own_probes.h"

enum { KB_BYTES_MAX = 256 << 20, POLL_MS = 100, TRIES_MAX = 2 };

/* ---- in the worker ---- */

struct work {
    const struct assess_task *task;
    struct assess_collection checks;
    struct assess_order order;
    struct nasl_host *host;
    struct port_set tcp;
    uint32_t target;
    int out_fd;
    pid_t parent;
};

static void send_frame(const struct work *w, const struct assess_frame *head,
                       const char *const text[ASSESS_TEXT_COUNT])
{
    struct assess_frame f = *head;
    struct str block = str_of(0);
    for (int i = 0; i < ASSESS_TEXT_COUNT; i++) {
        size_t len = text[i] ? strlen(text[i]) : 0;
        f.len[i] = (uint32_t)(len < ASSESS_FRAME_TEXT_MAX ? len : ASSESS_FRAME_TEXT_MAX);
    }
    str_add_len(&block, (const char *)&f, sizeof f);
    for (int i = 0; i < ASSESS_TEXT_COUNT; i++)
        str_add_len(&block, text[i] ? text[i] : "", f.len[i]);
    if (file_write_all(w->out_fd, block.text, block.len) < 0)
        _exit(1); /* nobody listens any more */
    str_done(&block);
}

static void send_fault(const struct work *w, const char *words)
{
    const char *const text[ASSESS_TEXT_COUNT] = {[ASSESS_TEXT_EVIDENCE] = words};
    send_frame(w, &(struct assess_frame){.kind = ASSESS_FRAME_FAULT, .host = w->target}, text);
}

static void on_result(void *ctx, const struct assess_result *result)
{
    struct work *w = ctx;
    struct arena arena = {0};
    struct finding f;
    if (result->report->kind == NASL_ERROR) {
        send_fault(w, result->report->text);
        return;
    }
    assess_outcome(&w->checks, result, w->host, &arena, &f);
    const char *const text[ASSESS_TEXT_COUNT] = {f.test, f.name, f.evidence, f.cure, f.refs};
    struct assess_frame head = {.kind = ASSESS_FRAME_FINDING,
                                .host = w->target,
                                .cvss = f.cvss,
                                .seen_ns = f.seen_ns,
                                .port = f.port,
                                .ip_proto = f.ip_proto,
                                .severity = (uint8_t)f.severity,
                                .quality = f.quality};
    send_frame(w, &head, text);
    arena_done(&arena);
}

static void on_fault(void *ctx, const struct assess_check *check, const char *words)
{
    struct str text = str_of(4096);
    str_addf(&text, "%s: %s", check->file, words);
    send_fault(ctx, str_text(&text));
    str_done(&text);
}

static void on_left_out(void *ctx, const char *file, const char *why)
{
    on_fault(ctx, &(struct assess_check){.file = file}, why);
}

static bool is_orphan(void *ctx)
{
    const struct work *w = ctx;
    return getppid() != w->parent;
}

static bool is_wanted(void *ctx, const struct assess_check *check)
{
    const struct text_list *only = ctx;
    for (size_t i = 0; i < only->count; i++)
        if (strcmp(only->text[i], check->oid) == 0 || strcmp(only->text[i], check->file) == 0 ||
            strcmp(only->text[i], check->family) == 0)
            return true;
    return false;
}

static void add_keys(struct nasl_kb *kb, const struct text_list *keys)
{
    for (size_t i = 0; keys && i < keys->count; i++) {
        char *key = mem_copy_text(keys->text[i]), *equals = strchr(key, '=');
        if (equals) {
            *equals = 0;
            nasl_kb_add_text(kb, key, equals + 1);
        }
        mem_free(key);
    }
}

static void work_on(struct work *w, struct probe_db *probes)
{
    const struct assess_target *t = &w->task->target[w->target];
    char ip[ADDR_TEXT_MAX];
    struct rng rng = rng_system();
    struct err e = {0};
    struct assess_counts counts = {0};
    struct nasl_host h = {
        .addr = t->addr,
        .ip = addr_format(&t->addr, ip),
        .kb = nasl_kb_new(KB_BYTES_MAX, &clock_system),
        .ports = &w->tcp,
        .safe_checks = !w->task->unsafe,
        .read_timeout_ns = 5 * NS_PER_S,
        .clock = &clock_system,
        .rng = &rng,
    };
    if (t->name)
        h.name[h.name_count++] = (struct nasl_host_name){t->name, "user"};
    w->host = &h;
    add_keys(h.kb, w->task->keys);
    struct assess_scan scan = {.addr = t->addr,
                               .tcp = &w->tcp,
                               .services = w->task->services,
                               .probes = probes,
                               .stop = is_orphan,
                               .ctx = w};
    int open = assess_scan_host(&scan, h.kb, &clock_system, &e);
    struct assess_events events = {
        .ctx = w, .result = on_result, .fault = on_fault, .stop = is_orphan};
    if (open < 0 ||
        assess_run(&w->checks, &w->order, &h, &w->task->budget, &events, &counts, &e) < 0)
        send_fault(w, e.text);
    const char *const none[ASSESS_TEXT_COUNT] = {0};
    send_frame(w,
               &(struct assess_frame){.kind = ASSESS_FRAME_HOST,
                                      .host = w->target,
                                      .open_ports = open < 0 ? 0 : (uint32_t)open,
                                      .ran = (uint32_t)counts.ran,
                                      .left_out = (uint32_t)counts.left_out,
                                      .failed = (uint32_t)counts.failed},
               none);
    nasl_kb_free(h.kb);
}

/* Which ports are asked. */
static void choose_ports(struct work *w)
{
    w->tcp = *w->task->tcp;
    for (size_t i = 0; w->task->also_usual && i < w->order.count; i++) {
        const struct assess_texts *ports = &w->order.check[i]->required_ports;
        for (size_t n = 0; n < ports->count; n++) {
            int64_t number;
            struct err unused = {0};
            if (option_read_int(ports->text[n], 1, PORT_COUNT - 1, &number, &unused) == 0)
                port_set_add(&w->tcp, (uint16_t)number);
        }
    }
}

static void ignore_probe_fault(void *ctx, const char *file, unsigned line, const char *why)
{
    (void)ctx, (void)file, (void)line, (void)why;
}

static int prepare(struct work *w, struct probe_db *probes, struct arena *arena, struct err *e)
{
    const struct assess_task *t = w->task;
    const char *readable[] = {"/usr",       "/lib",         "/etc/ssl",  "/etc/resolv.conf",
                              "/etc/hosts", "/dev/urandom", "/proc/net", t->feed,
                              NULL};
    if (sandbox_enter(&(struct sandbox_spec){.readable = readable, .keeps_user = t->keeps_user},
                      e) < 0)
        return e->code;
    assess_collection_init(&w->checks, on_left_out, w);
    if (t->own)
        assess_collection_add_own(&w->checks);
    if (t->feed && assess_collection_add_folder(&w->checks, t->feed, e) < 0)
        return e->code;
    bool chosen = t->only && t->only->count;
    assess_make_order(&w->checks, chosen ? is_wanted : NULL, (void *)t->only, arena, &w->order);
    if (!w->order.count)
        return err_set(e, -ENOENT, "no check fits what was asked for");
    choose_ports(w);
    return own_probes_open(probes, NULL, NULL, ignore_probe_fault, NULL, e);
}

__attribute__((noreturn)) static void be_worker(const struct assess_task *task, uint32_t first,
                                                pid_t parent, int out_fd)
{
    struct work w = {.task = task, .target = first, .out_fd = out_fd, .parent = parent};
    struct probe_db probes = {0};
    struct arena arena = {0};
    struct err e = {0};
    const char *const none[ASSESS_TEXT_COUNT] = {0};
    struct assess_frame end = {.kind = ASSESS_FRAME_END, .host = first};
    int rc = prepare(&w, &probes, &arena, &e);
    if (rc < 0)
        send_fault(&w, e.text);
    for (; rc == 0 && w.target < task->target_count && !is_orphan(&w); w.target++)
        work_on(&w, &probes);
    end.failed = rc < 0;
    send_frame(&w, &end, none);
    _exit(0);
}

/* ---- in the process that wants to know ---- */

bool assess_frame_is_sound(const struct assess_frame *f, size_t targets)
{
    if (f->kind > ASSESS_FRAME_END || f->host >= targets || f->severity >= SEVERITY_COUNT ||
        f->quality > 100 || !(f->cvss >= -1 && f->cvss <= 10))
        return false;
    for (int i = 0; i < ASSESS_TEXT_COUNT; i++)
        if (f->len[i] > ASSESS_FRAME_TEXT_MAX)
            return false;
    return true;
}

struct reading {
    const struct assess_task *task;
    struct assess_totals *totals;
    int fd;
    uint32_t host;         /* at which the worker is */
    struct arena arena;    /* what was told of it */
    struct finding *found; /* in the arena's stead: grows */
    size_t found_count, found_capacity;
    struct text_list faults;
    bool ended, failed;
};

/* All of it, or false: the pipe is at its end, or somebody wants to stop. */
static bool read_all(const struct reading *r, void *to, size_t len)
{
    for (size_t done = 0; done < len;) {
        struct pollfd p = {.fd = r->fd, .events = POLLIN};
        if (r->task->stop && r->task->stop(r->task->ctx))
            return false;
        if (poll(&p, 1, POLL_MS) <= 0)
            continue;
        ssize_t n = read(r->fd, (char *)to + done, len - done);
        if (n == 0 || (n < 0 && errno != EINTR))
            return false;
        done += n > 0 ? (size_t)n : 0;
    }
    return true;
}

static void forget_host(struct reading *r)
{
    r->found_count = 0;
    r->faults.count = 0;
    arena_reset(&r->arena);
}

static void tell_host(struct reading *r)
{
    for (size_t i = 0; i < r->found_count; i++)
        r->task->found(r->task->ctx, &r->found[i]);
    for (size_t i = 0; i < r->faults.count; i++)
        r->task->fault(r->task->ctx, &r->task->target[r->host], r->faults.text[i]);
    r->totals->findings += r->found_count;
    forget_host(r);
}

static void take_finding(struct reading *r, const struct assess_frame *f,
                         char *const text[ASSESS_TEXT_COUNT])
{
    MEM_GROW(r->found, r->found_count, r->found_capacity);
    r->found[r->found_count++] = (struct finding){
        .seen_ns = f->seen_ns,
        .tool = "assess",
        .test = text[ASSESS_TEXT_TEST],
        .host = r->task->target[f->host].addr,
        .ip_proto = f->ip_proto,
        .port = f->port,
        .severity = (enum severity)f->severity,
        .cvss = f->cvss,
        .quality = f->quality,
        .name = text[ASSESS_TEXT_NAME],
        .evidence = text[ASSESS_TEXT_EVIDENCE],
        .cure = *text[ASSESS_TEXT_CURE] ? text[ASSESS_TEXT_CURE] : NULL,
        .refs = *text[ASSESS_TEXT_REFS] ? text[ASSESS_TEXT_REFS] : NULL,
    };
}

static bool take_frame(struct reading *r)
{
    struct assess_frame f;
    char *text[ASSESS_TEXT_COUNT];
    if (!read_all(r, &f, sizeof f) || !assess_frame_is_sound(&f, r->task->target_count) ||
        (f.host != r->host && f.kind != ASSESS_FRAME_END))
        return false;
    for (int i = 0; i < ASSESS_TEXT_COUNT; i++) {
        text[i] = arena_take(&r->arena, f.len[i] + 1);
        if (!read_all(r, text[i], f.len[i]))
            return false;
    }
    switch (f.kind) {
    case ASSESS_FRAME_FINDING:
        take_finding(r, &f, text);
        break;
    case ASSESS_FRAME_FAULT:
        text_list_add(&r->faults, text[ASSESS_TEXT_EVIDENCE]);
        break;
    case ASSESS_FRAME_HOST:
        r->totals->hosts++;
        r->totals->open_ports += f.open_ports;
        r->totals->ran += f.ran;
        r->totals->left_out += f.left_out;
        r->totals->failed += f.failed;
        tell_host(r);
        r->host++;
        break;
    default:
        r->ended = true;
        r->failed = f.failed;
    }
    return !r->ended && r->host < r->task->target_count;
}

/* One worker, until it has done its last host, or dies, or shall stop. */
static int run_worker(struct reading *r, struct err *e)
{
    int ends[2];
    pid_t parent = getpid();
    if (pipe2(ends, O_CLOEXEC) < 0)
        return err_set(e, -errno, "pipe: %s", strerror(errno));
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        be_worker(r->task, r->host, parent, ends[1]);
    }
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        return err_set(e, -errno, "fork: %s", strerror(errno));
    }
    r->fd = ends[0];
    while (take_frame(r))
        ;
    close(ends[0]);
    kill(child, SIGKILL); /* harmless where it has ended */
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        ;
    return 0;
}

int assess_work(const struct assess_task *task, struct assess_totals *out, struct err *e)
{
    struct reading r = {.task = task, .totals = out};
    int rc = 0, tries = 0;
    *out = (struct assess_totals){0};
    while (rc == 0 && r.host < task->target_count) {
        uint32_t before = r.host;
        rc = run_worker(&r, e);
        if (rc == 0 && task->stop && task->stop(task->ctx))
            rc = err_set(e, -ECANCELED, "stopped");
        else if (rc == 0 && r.failed)
            rc = err_set(e, -EIO, "%s", r.faults.count ? r.faults.text[r.faults.count - 1] : "");
        if (rc < 0 || r.host >= task->target_count)
            break;
        tries = r.host == before ? tries + 1 : 1;
        out->restarts++;
        if (tries < TRIES_MAX) {
            forget_host(&r);
            continue;
        }
        text_list_add(&r.faults, "the worker died twice at this host: what follows is not all");
        tell_host(&r);
        r.host++;
        tries = 0;
    }
    text_list_done(&r.faults);
    mem_free(r.found);
    arena_done(&r.arena);
    return rc;
}
