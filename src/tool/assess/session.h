/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs checks against one host: what they depend on first, categories in their order, each within
 * a budget of its own. */
#pragma once

#include "tool/assess/collection.h"
#include "tool/nasl/host.h"

struct assess_result {
    const struct assess_check *check;
    const struct nasl_report *report; /* lives for the call only */
};

struct assess_events {
    void *ctx; /* handed to each; each may be NULL */
    void (*start)(void *ctx, const struct assess_check *check);
    void (*result)(void *ctx, const struct assess_result *result);
    void (*fault)(void *ctx, const struct assess_check *check, const char *words);
    bool (*stop)(void *ctx); /* asked now and then; true ends it */
};

struct assess_budget {
    uint64_t check_ns, host_ns; /* 0: 320 s; no limit */
    size_t check_bytes;         /* 0: 256 MiB */
};

struct assess_order {
    const struct assess_check **check;
    size_t count;
};

/* In which order they run: those for which `wanted` says true (NULL: all) and what these depend on.
 * Lives in the arena.  A cycle is cut where it closes. */
typedef bool assess_wanted_fn(void *ctx, const struct assess_check *check);
void assess_make_order(const struct assess_collection *c, assess_wanted_fn *wanted, void *ctx,
                       struct arena *arena, struct assess_order *out);

struct assess_counts {
    size_t ran, left_out, failed;
};

/* `host` says whom, with its knowledge base; its ctx, report, note, display and stop are set here.
 * 0, -ETIMEDOUT (the host's budget) or -ECANCELED. */
int assess_run(const struct assess_collection *c, const struct assess_order *order,
               struct nasl_host *host, const struct assess_budget *budget,
               const struct assess_events *events, struct assess_counts *out,
               struct err *e) MUST_CHECK;
