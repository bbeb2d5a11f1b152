/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The phases of a group: who is there, what are they called, what do their ports say. */
#pragma once

#include "sys/io/resolver.h"
#include "sys/loop/loop.h"
#include "tool/scan/frame_net.h"
#include "tool/scan/group.h"

struct script_engine;

/* What all phases share. */
struct phase {
    const struct scan_options *options;
    const struct scan_events *events;
    const struct clock *clock;
    struct loop *loop;
    struct resolver *resolver;     /* NULL with -n */
    struct frame_net *net;         /* NULL: no frames */
    struct script_engine *scripts; /* NULL: none are chosen */
    struct scan_tail *so_far;
};

/* Find the way to each host, and the MAC of whom its frames go to; hosts on the link are thereby
 * known to be there or not. */
int phase_link(struct phase *p, struct group *g, struct err *e) MUST_CHECK;
/* The same for one address that is no target; the path lives in `arena`.  -EHOSTUNREACH when nobody
 * takes frames for it. */
int phase_link_way(struct phase *p, const struct addr *to, struct arena *arena,
                   struct frame_path **out, struct err *e) MUST_CHECK;
int phase_discover(struct phase *p, struct group *g, struct err *e) MUST_CHECK;
int phase_names(struct phase *p, struct group *g, struct err *e) MUST_CHECK;
int phase_ports(struct phase *p, struct group *g, struct err *e) MUST_CHECK;
int phase_ident(struct phase *p, struct group *g, struct err *e) MUST_CHECK;
int phase_trace(struct phase *p, struct group *g, struct err *e) MUST_CHECK;
int phase_services(struct phase *p, struct group *g, struct err *e) MUST_CHECK; /* -sV */

/* Used by the phases: run one prober job under the transport that the items' techniques need,
 * telling its beginning, progress and end. */
struct phase_job {
    const char *title;
    const char *unit; /* of the end's line: "1000 total ports" */
    struct probe_host *host;
    uint32_t host_count;
    const struct probe_item *item;
    uint32_t item_count;
    bool one_answer;
    bool (*settles)(const struct scan_verdict *verdict); /* see prober_setup */
    bool quiet; /* open ports are not told: they are known */
    void (*answered)(void *ctx, uint32_t host, uint32_t item, uint64_t rtt_ns); /* may be NULL */
    void *ctx;                                                                  /* of answered */
};

void phase_mark(struct group_host *h, enum scan_host_state state, enum scan_reason reason);
int phase_tell(struct phase *p, enum scan_task_phase what, const char *name, const char *extra,
               struct err *e) MUST_CHECK;
int phase_run_job(struct phase *p, const struct phase_job *job, struct prober **out,
                  struct err *e) MUST_CHECK;
