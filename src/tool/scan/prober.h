/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The prober: sends a set of probes to a group of hosts and finds out what each means.  It decides
 * what is sent when: order, windows, rates, time-outs, retries.  It knows neither sockets nor
 * frames; a transport carries the probes and hands in the answers.
 *
 * A position is one probe of one host (host * item_count + item).  Its memory is 13 bytes, whatever
 * the number of ports, and no step looks at more than the probes it concerns. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/clock.h"
#include "core/base/counter.h"
#include "core/base/err.h"
#include "core/base/rng.h"
#include "core/net/addr.h"
#include "tool/scan/technique/technique.h"
#include "tool/scan/timing.h"

struct prober;

enum { PROBER_POSITIONS_MAX = 1 << 24, PROBER_TRIES_MAX = 255 };

/* What to send: to each host the same list. */
struct probe_item {
    const struct scan_technique *technique;
    uint16_t port;
    uint8_t ttl; /* of the frame; 0: as the shape says */
};

/* What came of it. */
struct probe_result {
    uint8_t state;  /* enum scan_state; SCAN_UNKNOWN: not settled */
    uint8_t reason; /* enum scan_reason */
    uint8_t ttl;
    uint8_t tries;
};

/* One host of the group, as the caller sees it. */
struct probe_host {
    struct addr addr;
    struct rtt rtt;       /* in: what is known of it; out: what was measured */
    bool timed_out;       /* in: leave it alone; out: --host-timeout struck */
    bool near;            /* in: on the link, no router in between */
    bool settled;         /* out (one_answer): an answer came */
    uint32_t settled_by;  /* the item it came for */
    void *transport_data; /* the transport's own */
};

/* Carries probes.  Both calls may lead to prober_answer before they return. */
struct probe_transport {
    void *ctx;
    uint32_t capacity; /* most probes that may be under way at once */
    /* 0; -EAGAIN: no room now, ask again; another negative errno value: this probe cannot be sent
     * and that is its result. */
    int (*send)(void *ctx, struct prober *p, uint32_t host, uint32_t item, uint8_t try);
    /* The probe's time is over or the host is done: release what it holds. */
    void (*forget)(void *ctx, uint32_t host, uint32_t item);
    /* Hand what was sent to the kernel, collect answers, wait at most `wait_ns` for more. */
    int (*wait)(void *ctx, struct prober *p, uint64_t wait_ns, struct err *e);
};

struct prober_setup {
    struct probe_host *host;
    uint32_t host_count;
    const struct probe_item *item;
    uint32_t item_count;
    bool one_answer; /* an answer settles the host (discovery) .. */
    bool (*settles)(const struct scan_verdict *verdict); /* .. if this says so; NULL: any does */
    bool in_order;                                       /* -r: ports in the order of the list */
    const struct scan_timing *timing;
    const struct clock *clock;
    const struct probe_transport *transport;
    uint64_t seed;
    /* Called about ten times a second with how much of the work is done, in units of no meaning;
     * return false to stop.  May be NULL. */
    bool (*progress)(void *ctx, uint64_t done, uint64_t total);
    /* Called at once for each answer that says "open".  May be NULL. */
    void (*found)(void *ctx, uint32_t host, uint32_t item);
    /* Called for each answer that counts, with the time it took (0: not known).  May be NULL. */
    void (*answered)(void *ctx, uint32_t host, uint32_t item, uint64_t rtt_ns);
    void *progress_ctx; /* of all three */
};

/* Run to the end.  0; -ECANCELED when progress() said stop; or the transport's error. */
int prober_run(const struct prober_setup *setup, struct prober **out, struct err *e) MUST_CHECK;
void prober_free(struct prober *p);

const struct probe_result *prober_result(const struct prober *p, uint32_t host, uint32_t item);
/* Who settled it, when the run has ended; ADDR_NONE: the host itself. */
struct addr prober_answered_by(const struct prober *p, uint32_t host, uint32_t item);

/* For transports.  `rtt_ns` 0: not known.  An answer to an earlier try than the one under way
 * counts as well.  Answers to what is settled are ignored. */
void prober_answer(struct prober *p, uint32_t host, uint32_t item, uint8_t try,
                   const struct scan_verdict *verdict, uint64_t rtt_ns);
struct probe_host *prober_host(struct prober *p, uint32_t host);
const struct probe_item *prober_item(const struct prober *p, uint32_t item);

uint64_t prober_sent_ns(const struct prober *p, uint32_t host,
                        uint32_t item); /* of the last try; on the clock's mono */

/* scan.probes_sent, scan.answers, scan.timeouts, scan.late_answers, scan.send_errors */
struct counter_set prober_counters(const struct prober *p);
