/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Security fixes that wait, patches that were not ended, and processes that still run what was
 * replaced. */
#include <string.h>
#include <unistd.h>

#include "tool/audit/audit.h"
#include "tool/patch/plan.h"
#include "tool/patch/verify.h"

static const char *unfit(const struct audit_job *job)
{
    if (!job->is_local)
        return "only on this machine";
    return access("/usr/bin/apt-get", X_OK) == 0 ? NULL : "no apt here";
}

static struct finding begin(const struct audit_job *job, const char *test, enum severity severity)
{
    return (struct finding){.seen_ns = clock_wall_ns(job->clock),
                            .tool = "patch",
                            .test = test,
                            .host = job->addr,
                            .severity = severity,
                            .cvss = -1,
                            .quality = 95};
}

static void tell_waiting(struct audit_job *job, const struct patch_plan *plan)
{
    for (size_t i = 0; i < plan->upgrades.count; i++) {
        const struct patch_step *s = &plan->upgrades.item[i];
        struct finding f = begin(job, "patch.waiting", SEVERITY_HIGH);
        f.name = arena_print(job->arena, "a security fix waits: %s", s->package);
        f.evidence = arena_print(job->arena, "%s is installed, %s is in %s", s->from, s->to,
                                 s->origin ? s->origin : "the archive");
        f.cure = arena_print(job->arena, "%s patch apply", job->program);
        audit_add_finding(job, &f);
    }
    for (size_t i = 0; i < plan->kept.count; i++) {
        struct finding f = begin(job, "patch.kept", SEVERITY_MEDIUM);
        f.name = arena_print(job->arena, "a fix is kept back: %s", plan->kept.item[i].package);
        f.evidence = plan->kept.item[i].why;
        f.cure = arena_print(job->arena, "%s patch plan", job->program);
        audit_add_finding(job, &f);
    }
}

static bool same_stale(const struct patch_stale *a, const struct patch_stale *b)
{
    return strcmp(a->name, b->name) == 0 && strcmp(a->file, b->file) == 0;
}

/* One finding for all processes of a name that map the same old file. */
static void tell_stale(struct audit_job *job, const struct patch_verdict *v, size_t at)
{
    const struct patch_stale *s = &v->stale.item[at];
    size_t count = 0;
    for (size_t i = 0; i < v->stale.count; i++) {
        if (!same_stale(&v->stale.item[i], s))
            continue;
        if (i < at)
            return;
        count++;
    }
    struct finding f = begin(job, "patch.stale", SEVERITY_MEDIUM);
    f.name = arena_print(job->arena, "%s runs what was replaced", s->name);
    f.evidence = arena_print(job->arena, "%zu of its processes (%d is one) map the old %s", count,
                             s->pid, s->file);
    f.cure = s->unit ? arena_print(job->arena, "systemctl restart %s", s->unit) : "start it anew";
    audit_add_finding(job, &f);
}

static void tell_verdict(struct audit_job *job, const struct patch_verdict *v)
{
    if (v->unended) {
        struct finding f = begin(job, "patch.unended", SEVERITY_HIGH);
        f.name = "a patch was begun and not ended";
        f.evidence =
            arena_print(job->arena, "%zu of %zu packages are missing", v->missing.count, v->steps);
        f.cure = arena_print(job->arena, "%s patch resume", job->program);
        audit_add_finding(job, &f);
    }
    for (size_t i = 0; i < v->stale.count; i++)
        tell_stale(job, v, i);
}

static int run(struct audit_job *job, struct err *e)
{
    struct patch_options options = {.root = ""};
    struct patch_verdict verdict;
    struct patch_plan plan;
    int rc = patch_verify(job->arena, "", "/proc", &verdict, e);
    if (rc < 0)
        return rc;
    tell_verdict(job, &verdict);
    rc = patch_plan_make(job->arena, &options, &plan, e);
    if (rc < 0)
        return rc;
    tell_waiting(job, &plan);
    patch_plan_done(&plan);
    return 0;
}

const struct audit_part_kind audit_part_patch = {
    .name = "patch",
    .doc = "security fixes that wait, and who runs what was replaced",
    .unfit = unfit,
    .run = run,
};
