/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A job: one port being asked.  It chooses the probes (nmap's book, chapter 7, "Technique
 * Described"), puts them through its lanes, and ends with what the target turned out to be.
 *
 * nmap waits five seconds for each answer.  Here a probe has a patience that follows from the round
 * trips measured, rare probes are put side by side, and only to a service that never said anything
 * the likely probes are put once more with all of nmap's patience. */
#pragma once

#include "tool/scan/service/lane.h"
#include "tool/scan/service/service_scan.h"

enum { JOB_LANES = 4 };

/* Which probes are due; each stage goes through the database once. */
enum job_stage {
    JOB_NULL,   /* listen: many services speak first */
    JOB_LISTED, /* probes that list the port */
    JOB_OTHERS, /* the rest, as far as the intensity allows */
    JOB_AGAIN,  /* with patience; only where nothing was ever heard */
    JOB_END,
};

struct job;
typedef void job_done_fn(struct job *job);

struct job {
    const struct service_scan_setup *setup;
    struct service_matcher *matcher;
    struct tls_context *tls;
    job_done_fn *done;
    void *ctx;
    struct service_target *target;
    struct lane lane[JOB_LANES];
    enum job_stage stage;
    size_t at; /* of the stage: the next probe of the database */
    bool ssl;  /* inside TLS */
    bool spoke, ended, stale;
    unsigned beside;                /* how far the probe of a silent port has come */
    unsigned failures;              /* connections that failed, in a row */
    uint64_t slowest_ns;            /* answer so far */
    struct service_hit soft, outer; /* outer: what was found before TLS; .service NULL: none */
    struct str fingerprint;
};

/* Begin; the end is told by `done`, perhaps before this returns. */
void job_start(struct job *job, const struct service_scan_setup *setup,
               struct service_matcher *matcher, struct tls_context *tls,
               struct service_target *target);
void job_stop(struct job *job); /* frees what it holds; no further call */
