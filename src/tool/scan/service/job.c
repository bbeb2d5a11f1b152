/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/service/job.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "tool/scan/service/fingerprint.h"

enum {
    SERIAL_RARITY = 3, /* probes up to this rarity are put one at a time: a service may serve
                          one client only */
    FAILURES_MAX = 3,  /* in a row, then the port is given up */
    CONNECT_MIN_MS = 1000,
    CONNECT_MAX_MS = 5000,
    FINGERPRINT_MAX = 8192,
};

static void advance(struct job *job);

static void trace(const struct job *job, const char *what, const struct service_probe *probe,
                  const char *more)
{
    const struct service_events *ev = &job->setup->events;
    if (!ev->trace)
        return;
    char line[256], addr[ADDR_TEXT_MAX];
    snprintf(line, sizeof line, "Service scan %s %s:%u/%s%s%s%s%s%s", what,
             addr_format(&job->target->addr, addr), job->target->port,
             scan_proto_name(job->target->proto), job->ssl ? " in TLS" : "",
             probe ? ", probe " : "", probe ? probe->name : "", more ? ": " : "", more ? more : "");
    ev->trace(ev->trace_ctx, line);
}

/* ---- patience ---- */

/* By -T: how long an answer may take beyond the round trip, and how long its next piece. */
static const struct {
    uint16_t wait_ms, gap_ms; /* 0: as the database says */
} patience_of_level[SCAN_TIMING_LEVELS] = {{0, 0},      {0, 0},     {2500, 1000},
                                           {1000, 500}, {700, 350}, {400, 200}};

static uint64_t min_of(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static struct lane_patience patience(const struct job *job, const struct service_probe *probe)
{
    int level = job->setup->timing->level;
    uint64_t rtt_ns = job->target->rtt.srtt_ns + 4 * job->target->rtt.var_ns;
    struct lane_patience p = {.total_ns = probe->total_wait_ms * NS_PER_MS};
    p.wait_ns = patience_of_level[level].wait_ms * NS_PER_MS + 4 * rtt_ns;
    p.gap_ns = patience_of_level[level].gap_ms * NS_PER_MS + 4 * rtt_ns;
    if (p.wait_ns < 3 * job->slowest_ns)
        p.wait_ns = 3 * job->slowest_ns;
    if (!patience_of_level[level].wait_ms || job->stage == JOB_AGAIN)
        p.wait_ns = p.total_ns;
    if (!patience_of_level[level].gap_ms)
        p.gap_ns = p.total_ns;
    p.wait_ns = min_of(p.wait_ns, p.total_ns);
    return p;
}

static uint64_t connect_patience(const struct job *job)
{
    uint64_t ns = 4 * job->target->rtt.timeout_ns;
    if (ns < CONNECT_MIN_MS * NS_PER_MS)
        ns = CONNECT_MIN_MS * NS_PER_MS;
    return min_of(ns, CONNECT_MAX_MS * NS_PER_MS);
}

/* ---- which probe is next ---- */

static bool suits(const struct job *job, const struct service_probe *p)
{
    bool listed = service_probe_lists(p, job->ssl, job->target->port);
    bool soft = job->soft.service != NULL;
    if (p->proto != job->target->proto || p == job->setup->db->null_probe)
        return p == job->setup->db->null_probe && p->proto == job->target->proto &&
               job->stage == JOB_AGAIN;
    if (soft && !service_probe_can_name(p, job->soft.service))
        return false;
    if (job->stage == JOB_AGAIN)
        return listed || p->rarity <= SERIAL_RARITY;
    if (job->stage == JOB_LISTED)
        return listed;
    if (p->repeat > 1 || p->beside) /* what silence means only the port can tell */
        return false;
    /* what can tell a softmatched service more is asked, however rare it is */
    return !listed && (soft || p->rarity <= job->setup->intensity);
}

static void next_stage(struct job *job)
{
    bool again = !job->spoke && !job->ssl && job->target->proto == SCAN_TCP &&
                 job->setup->timing->level < SCAN_TIMING_LEVELS - 1;
    job->at = 0;
    job->stage++;
    if (job->stage == JOB_AGAIN && !again)
        job->stage = JOB_END;
}

/* The next probe, left where it is; NULL: none is left. */
static const struct service_probe *peek(struct job *job)
{
    const struct probe_db *db = job->setup->db;
    if (job->stage == JOB_NULL) {
        if (job->target->proto == SCAN_TCP && db->null_probe)
            return db->null_probe;
        next_stage(job);
    }
    while (job->stage != JOB_END) {
        for (; job->at < db->count; job->at++)
            if (suits(job, db->probe[job->at]))
                return db->probe[job->at];
        next_stage(job);
    }
    return NULL;
}

static void take(struct job *job)
{
    if (job->stage == JOB_NULL)
        next_stage(job);
    else
        job->at++;
}

/* A service may serve one client only, and may take its time: the likely probes are put alone. */
static bool is_put_alone(const struct job *job, const struct service_probe *p)
{
    if (job->stage == JOB_AGAIN)
        return false;
    if (p->beside || job->soft.service || service_probe_lists(p, job->ssl, job->target->port))
        return true;
    return job->target->proto == SCAN_TCP && (p->rarity <= SERIAL_RARITY || p->len == 0);
}

/* How many probes are under way; UINT_MAX: one that is put alone. */
static unsigned under_way(const struct job *job)
{
    unsigned busy = 0;
    for (int i = 0; i < JOB_LANES; i++) {
        if (job->lane[i].state == LANE_IDLE)
            continue;
        if (is_put_alone(job, job->lane[i].probe))
            return UINT_MAX;
        busy++;
    }
    return busy;
}

/* ---- the end ---- */

static void end_job(struct job *job, enum service_state state)
{
    struct service_target *t = job->target;
    if (job->ended)
        return;
    job->ended = true;
    for (int i = 0; i < JOB_LANES; i++)
        lane_close(&job->lane[i]);
    t->state = state;
    t->ssl = job->ssl;
    if ((state == SERVICE_UNKNOWN || (state == SERVICE_NAMED && t->hit.soft)) &&
        job->fingerprint.len) {
        fingerprint_end(&job->fingerprint);
        t->fingerprint = arena_copy(job->setup->arena, job->fingerprint.text, job->fingerprint.len);
    }
    trace(job, "ends", NULL, state == SERVICE_NAMED ? t->hit.service : NULL);
    job->done(job);
}

/* No probe is left. */
static void end_undecided(struct job *job)
{
    const struct service_hit *hit = job->soft.service ? &job->soft : &job->outer;
    job->target->hit = *hit;
    end_job(job, hit->service ? SERVICE_NAMED : SERVICE_UNKNOWN);
}

/* TLS was found: look inside. */
static void enter_tls(struct job *job, const struct service_hit *hit)
{
    for (int i = 0; i < JOB_LANES; i++)
        lane_close(&job->lane[i]);
    trace(job, "finds TLS on", NULL, hit->service);
    job->outer = *hit;
    job->soft = (struct service_hit){0};
    job->ssl = true;
    job->stage = JOB_NULL;
    job->at = 0;
    job->failures = 0;
    str_reset(&job->fingerprint);
}

/* ---- asking ---- */

/* `port` 0: the target's. */
static void ask_port(struct job *job, const struct service_probe *probe, uint16_t port)
{
    const struct service_target *t = job->target;
    struct lane *lane = job->lane;
    while (lane->state != LANE_IDLE)
        lane++;
    struct lane_way way = {
        .loop = job->setup->loop,
        .to = {t->addr, port ? port : t->port},
        .datagram = t->proto == SCAN_UDP,
        .tls = job->ssl ? job->tls : NULL,
        .tls_name = t->host_name,
        .interface = job->setup->interface,
        .source = job->setup->source,
        .connect_ns = connect_patience(job),
    };
    struct lane_patience p = patience(job, probe);
    trace(job, "asks", probe, NULL);
    lane_open(lane, &way, probe, &p);
}

/* ---- answers ---- */

static void note_answer(struct job *job, const struct lane *lane)
{
    const struct service_target *t = job->target;
    if (!lane->answer.len)
        return;
    if (!job->fingerprint.len) {
        struct fingerprint_head head = {t->proto, t->port, job->ssl, job->setup->intensity,
                                        clock_wall_ns(job->setup->clock)};
        job->fingerprint.max = FINGERPRINT_MAX;
        fingerprint_begin(&job->fingerprint, &head);
    }
    fingerprint_add(&job->fingerprint, lane->probe->name, lane->answer.text, lane->answer.len);
}

static void judge(struct job *job, const struct lane *lane)
{
    struct service_hit hit;
    uint64_t took_ns = lane->heard_ns - lane->asked_ns;
    if (lane->probe->len && took_ns > job->slowest_ns)
        job->slowest_ns = took_ns;
    job->spoke = true;
    job->failures = 0;
    job->target->answered = true;
    if (!service_match(job->matcher, lane->probe, str_text(&lane->answer), lane->answer.len,
                       job->setup->arena, &hit))
        return;
    if ((hit.ssl || strcmp(hit.service, "ssl") == 0) && !job->ssl &&
        job->target->proto == SCAN_TCP && job->tls) {
        enter_tls(job, &hit);
        advance(job);
    } else if (!hit.soft) {
        job->target->hit = hit;
        end_job(job, SERVICE_NAMED);
    } else if (!job->soft.service) {
        trace(job, "softmatches", lane->probe, hit.service);
        job->soft = hit;
    }
}

/* The service ended the connection; an answer that was unknown stays so. */
static void closed(struct job *job, const struct lane *lane, uint64_t now_ns)
{
    const struct service_probe *p = lane->probe;
    bool at_once = lane->asked_ns && now_ns - lane->asked_ns < p->wrapped_ms * NS_PER_MS;
    note_answer(job, lane);
    if (p == job->setup->db->null_probe && !lane->answer.len && at_once && !job->ssl &&
        !job->spoke && job->stage != JOB_AGAIN)
        end_job(job, SERVICE_WRAPPED);
    else
        advance(job);
}

static void failed(struct job *job, const struct lane *lane)
{
    bool gone = job->target->proto == SCAN_UDP && lane->error == -ECONNREFUSED;
    if (gone || ++job->failures >= FAILURES_MAX || (job->ssl && !job->spoke))
        end_undecided(job);
    else
        advance(job);
}

/* Nothing (more) came.  A connection on which both sides were silent serves the next probe. */
static void silence(struct job *job, struct lane *lane)
{
    bool listened = lane->probe == job->setup->db->null_probe && job->stage <= JOB_OTHERS &&
                    lane->answer.len == 0;
    bool swallowed = lane->probe->repeat > 1 && lane_has_asked(lane) && !lane->answer.len;
    struct service_hit hit;
    note_answer(job, lane);
    if (swallowed && service_match(job->matcher, lane->probe, "", 0, job->setup->arena, &hit)) {
        job->target->hit = hit;
        end_job(job, SERVICE_NAMED);
        return;
    }
    const struct service_probe *next = listened ? peek(job) : NULL;
    if (next) {
        struct lane_patience p = patience(job, next);
        take(job);
        trace(job, "asks", next, "on the same connection");
        lane_ask(lane, next, &p);
        return;
    }
    lane_close(lane);
    advance(job);
}

/* A UDP service that takes all and says nothing looks like a filtered port, unless the host refuses
 * what is sent to other ports: the probe goes to the port, to two that nobody uses, and to the port
 * again.  False: nothing can be said. */
static bool go_beside(struct job *job, struct lane *lane, enum lane_event event)
{
    static const uint16_t far_port[] = {0, 40009, 50021, 0};
    bool to_other = far_port[job->beside] != 0;
    bool refused = event == LANE_FAILED && lane->error == -ECONNREFUSED;
    struct service_hit hit;
    if (to_other ? !refused : event != LANE_SILENCE || lane->answer.len)
        return false;
    lane_close(lane);
    if (++job->beside < ARRAY_COUNT(far_port)) {
        ask_port(job, lane->probe, far_port[job->beside]);
        return true;
    }
    if (!service_match(job->matcher, lane->probe, "", 0, job->setup->arena, &hit))
        return false;
    job->target->hit = hit;
    end_job(job, SERVICE_NAMED);
    return true;
}

static void on_event(struct lane *lane, enum lane_event event)
{
    struct job *job = lane->ctx;
    if (job->ended || (lane->probe->beside && go_beside(job, lane, event)))
        return;
    switch (event) {
    case LANE_DATA:
        judge(job, lane);
        return;
    case LANE_CLOSED:
        closed(job, lane, loop_now_ns(job->setup->loop));
        return;
    case LANE_FAILED:
        failed(job, lane);
        return;
    case LANE_SILENCE:
        silence(job, lane);
    }
}

/* ---- going on ---- */

/* Put the next probes, as many as may be under way. */
static void advance(struct job *job)
{
    const struct service_probe *next;
    while (!job->ended && (next = peek(job))) {
        unsigned busy = under_way(job);
        if (busy >= JOB_LANES || (busy && is_put_alone(job, next)))
            return;
        take(job);
        ask_port(job, next, 0);
    }
    if (!job->ended && under_way(job) == 0)
        end_undecided(job);
}

void job_start(struct job *job, const struct service_scan_setup *setup,
               struct service_matcher *matcher, struct tls_context *tls,
               struct service_target *target)
{
    job->setup = setup;
    job->matcher = matcher;
    job->tls = tls;
    job->target = target;
    for (int i = 0; i < JOB_LANES; i++) {
        job->lane[i].fn = on_event;
        job->lane[i].ctx = job;
    }
    if (!setup->all_ports && port_set_has(&setup->db->exclude[target->proto], target->port))
        end_job(job, SERVICE_EXCLUDED);
    else
        advance(job);
}

void job_stop(struct job *job)
{
    for (int i = 0; i < JOB_LANES; i++)
        lane_done(&job->lane[i]);
    str_done(&job->fingerprint);
}
