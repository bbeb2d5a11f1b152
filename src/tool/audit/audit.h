/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The audit: runs each part on each host and puts what they found into one report.  A part is one
 * file and one row (part/); it knows neither the others nor how the report is shown. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/text_list.h"
#include "hub/model/audit_report.h"
#include "tool/scan/data/service_table.h"

/* What one host's parts work on and add to.  Texts and structs live in `arena`. */
struct audit_job {
    struct arena *arena;
    const struct clock *clock;
    const struct service_table *services;
    const char *program;  /* how to call picket, for cures */
    const char *name;     /* as typed; NULL: this machine */
    struct addr addr;     /* ADDR_NONE: this machine as a whole */
    bool is_local;        /* it is this machine */
    bool (*stop)(void *); /* asked now and then: true ends the part (-ECANCELED) */
    void *stop_ctx;
    /* results so far */
    const struct exposure *exposure;
    size_t exposure_count;
    struct finding *finding;
    size_t finding_count, finding_capacity;
    const struct scan_host *scan;
};

void audit_add_finding(struct audit_job *job,
                       const struct finding *finding); /* texts must live on */

struct audit_part_kind {
    const char *name, *doc;
    /* NULL: it can be done on this host; else why it is left out. */
    const char *(*unfit)(const struct audit_job *job);
    int (*run)(struct audit_job *job, struct err *e);
};

extern const struct audit_part_kind
    *const audit_parts[]; /* in the order of modules.def; ends with NULL */

struct audit_options {
    const struct text_list *targets;      /* names or addresses; empty: this machine */
    const char *only;                     /* parts, separated by commas; NULL: all */
    const struct service_table *services; /* names of ports; outlives the report */
    const char *args;                     /* the command line, for the report */
    const char *program;                  /* how to call picket, for cures */
    bool (*stop)(void *ctx);
    void (*progress)(void *ctx, const char *host,
                     const char *part); /* before each part; may be NULL */
    void *ctx;
};

/* Run it.  The report lives in `arena`.  A part that fails is told in the report and does not end
 * the others.  0, -EINVAL (an unknown part or a target that makes no sense), or -ECANCELED. */
int audit_run(const struct audit_options *options, const struct clock *clock, struct arena *arena,
              struct audit_report *out, struct err *e) MUST_CHECK;
