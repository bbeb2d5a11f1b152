/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/audit/audit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/base/mem.h"
#include "sys/host/machine.h"
#include "sys/io/resolver.h"
#include "sys/link/iface.h"

enum { NAME_MAX_BYTES = 256 };

void audit_add_finding(struct audit_job *job, const struct finding *finding)
{
    if (job->finding_count == job->finding_capacity) {
        size_t capacity = job->finding_capacity ? 2 * job->finding_capacity : 16;
        struct finding *more = arena_array(job->arena, capacity, sizeof *more);
        if (job->finding_count)
            memcpy(more, job->finding, job->finding_count * sizeof *more);
        job->finding = more;
        job->finding_capacity = capacity;
    }
    job->finding[job->finding_count++] = *finding;
}

/* ---- which parts ---- */

static bool is_listed(const char *list, const char *name)
{
    size_t len = strlen(name);
    for (const char *pos = list; pos; pos = strchr(pos, ',')) {
        pos += *pos == ',';
        if (strncmp(pos, name, len) == 0 && (pos[len] == ',' || pos[len] == '\0'))
            return true;
    }
    return false;
}

static int check_parts(const char *only, struct err *e)
{
    for (const char *pos = only; pos && *pos;) {
        char name[NAME_MAX_BYTES];
        size_t len = strcspn(pos, ",");
        bool known = false;
        snprintf(name, sizeof name, "%.*s", (int)len, pos);
        for (size_t i = 0; audit_parts[i]; i++)
            known |= strcmp(audit_parts[i]->name, name) == 0;
        if (!known)
            return err_set(e, -EINVAL, "no part \"%s\" (picket audit --help lists them)", name);
        pos += len + (pos[len] == ',');
    }
    return 0;
}

/* ---- one host ---- */

static void run_part(const struct audit_part_kind *kind, struct audit_job *job,
                     struct audit_part *out)
{
    uint64_t begin_ns = clock_mono_ns(job->clock);
    struct err e = {0};
    *out = (struct audit_part){.name = kind->name, .doc = kind->doc};
    const char *unfit = kind->unfit ? kind->unfit(job) : NULL;
    if (unfit) {
        out->state = AUDIT_PART_SKIPPED;
        out->reason = unfit;
    } else if (kind->run(job, &e) < 0) {
        out->state = AUDIT_PART_FAILED;
        out->reason = arena_text(job->arena, e.text);
    }
    out->elapsed_s = (double)(clock_mono_ns(job->clock) - begin_ns) / (double)NS_PER_S;
}

static size_t count_parts(void)
{
    size_t count = 0;
    while (audit_parts[count])
        count++;
    return count;
}

/* -ECANCELED when told to stop: the host then has the parts that were done. */
static int audit_host_run(const struct audit_options *o, struct audit_job *job,
                          struct audit_host *out, struct err *e)
{
    struct audit_part *part = arena_array(job->arena, count_parts(), sizeof *part);
    size_t count = 0;
    bool stopped = false;
    for (size_t i = 0; audit_parts[i] && !stopped; i++) {
        if (o->only && !is_listed(o->only, audit_parts[i]->name))
            continue;
        if (o->progress)
            o->progress(o->ctx, job->name, audit_parts[i]->name);
        run_part(audit_parts[i], job, &part[count++]);
        stopped = o->stop && o->stop(o->ctx);
    }
    *out = (struct audit_host){
        .name = job->name,
        .addr = job->addr,
        .is_local = job->is_local,
        .system = job->is_local ? machine_system(job->arena, "") : NULL,
        .part = part,
        .part_count = count,
        .exposure = job->exposure,
        .exposure_count = job->exposure_count,
        .finding = job->finding,
        .finding_count = job->finding_count,
        .scan = job->scan,
    };
    return stopped ? err_set(e, -ECANCELED, "interrupted") : 0;
}

/* ---- which hosts ---- */

static int find_target(const char *text, const struct iface_list *ifaces, struct audit_job *job,
                       struct err *e)
{
    struct addr found[1];
    size_t count = 0;
    job->name = text;
    if (iface_addr_parse(&job->addr, text, ifaces, e) < 0) {
        if (resolver_lookup(text, ADDR_NONE, found, 1, &count, e) < 0 || !count)
            return err_wrap(e, "target \"%s\"", text);
        job->addr = found[0];
    }
    job->is_local = addr_is_loopback(&job->addr) || iface_of_addr(ifaces, &job->addr) != NULL;
    return 0;
}

static int find_targets(const struct audit_options *o, struct arena *arena, struct audit_job *job,
                        size_t count, struct err *e)
{
    struct iface_list ifaces;
    if (o->targets->count == 0) {
        job[0].is_local = true;
        job[0].name = machine_name(arena);
        return 0;
    }
    if (iface_read(arena, &ifaces, e) < 0)
        return e->code;
    for (size_t i = 0; i < count; i++)
        if (find_target(o->targets->text[i], &ifaces, &job[i], e) < 0)
            return e->code;
    return 0;
}

int audit_run(const struct audit_options *options, const struct clock *clock, struct arena *arena,
              struct audit_report *out, struct err *e)
{
    size_t count = options->targets->count ? options->targets->count : 1;
    struct audit_job *job = arena_array(arena, count, sizeof *job);
    struct audit_host *host = arena_array(arena, count, sizeof *host);
    *out = (struct audit_report){.program = "picket audit",
                                 .version = PICKET_VERSION,
                                 .args = options->args,
                                 .start_wall_ns = clock_wall_ns(clock),
                                 .host = host};
    if (check_parts(options->only, e) < 0 || find_targets(options, arena, job, count, e) < 0)
        return e->code;
    int rc = 0;
    for (size_t i = 0; i < count && rc == 0; i++) {
        job[i].arena = arena;
        job[i].clock = clock;
        job[i].services = options->services;
        job[i].program = options->program;
        job[i].stop = options->stop;
        job[i].stop_ctx = options->ctx;
        rc = audit_host_run(options, &job[i], &host[i], e);
        out->host_count = i + 1;
    }
    out->end_wall_ns = clock_wall_ns(clock);
    return rc;
}
