/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/prober.h"

#include <errno.h>
#include <stdlib.h>

#include "core/base/mem.h"
#include "tool/scan/due_heap.h"
#include "tool/scan/pacer.h"
#include "tool/scan/permutation.h"

enum {
    NONE = UINT32_MAX,
    WINDOW_FIRST = 128,
    WINDOW_CEILING = 2048,
    WINDOW_FLOOR = 4,
    BURST = 64,        /* probes sent before answers are looked at again */
    TICK_US = 16,      /* unit of the time kept for each position: turns round in 19 hours */
    RETRY_FIRST = 1,   /* a silent port is asked at least twice */
    TRIES_PER_CUT = 2, /* made up for */
    CUTS_MADE_UP = 8,
    CREDIT_PER_ANSWER = 2,
    CREDIT_MAX = 4096,
};
static const uint64_t progress_every_ns = 100 * NS_PER_MS;
static const uint64_t overdue_slack_ns = NS_PER_MS;
static const uint64_t pace_slack_ns =
    2 * NS_PER_MS; /* a rate is held in steps no longer than this */

/* An overdue probe is still waited for, but no longer held against the window: on a path of 0.1 ms
 * that loses one in fifty, the lost ones would otherwise fill the window until their time-out of
 * 100 ms. Answers earn the credit for that, so that into silence no more is sent than the window
 * allows. */
enum phase { PHASE_NEW, PHASE_FLYING, PHASE_OVERDUE, PHASE_RETRY, PHASE_BENCH, PHASE_DONE };

enum count { SENT, ANSWERS, TIMEOUTS, LATE, SEND_ERRORS, COUNT };
static const struct counter counters[COUNT] = {
    [SENT] = {"scan.probes_sent", "probes handed to the kernel"},
    [ANSWERS] = {"scan.answers", "probes that were answered"},
    [TIMEOUTS] = {"scan.timeouts", "tries that nobody answered in time"},
    [LATE] = {"scan.late_answers", "probes answered after more than one try"},
    [SEND_ERRORS] = {"scan.send_errors", "probes the kernel refused to send"},
};

/* Positions in the order they were put in, linked through prober.next. */
struct chain {
    uint32_t first, last;
};

struct host {
    struct pacer pacer;
    struct chain flying, retry,
        bench;            /* flying holds answered ones too, until they come to its front */
    uint32_t not_overdue; /* in flying: the first that is not overdue; NONE: all are */
    uint32_t held;        /* flying and overdue */
    uint32_t credit;      /* probes that may become overdue */
    uint32_t fresh;       /* how many of the items have been sent for the first time */
    uint32_t unsettled;   /* items without a result */
    uint64_t next_send_ns, deadline_ns;
    uint8_t deepest_try; /* the highest try that was ever answered */
    bool in_ready, done;
};

struct from {
    uint32_t position;
    struct addr addr;
};

struct prober {
    struct prober_setup setup;
    struct host *host;
    struct probe_result *result;
    uint32_t *next;
    uint32_t *sent_tick;
    uint8_t *phase;
    struct permutation order;
    struct due_heap wake; /* hosts, by the moment they have to be looked at */
    uint32_t *ready;      /* ring of hosts that may have something to send */
    uint32_t ready_at, ready_count;
    uint32_t open_hosts;
    struct pacer all;
    uint32_t held; /* flying and overdue, of all hosts: what the transport has open */
    uint64_t begin_ns, now_ns, next_slot_ns, next_progress_ns;
    uint64_t asked, settled, benched; /* positions; what is settled or benched was asked */
    struct from *from;
    size_t from_count, from_capacity;
    uint64_t count[COUNT];
};

struct probe_host *prober_host(struct prober *p, uint32_t host)
{
    return &p->setup.host[host];
}

const struct probe_item *prober_item(const struct prober *p, uint32_t item)
{
    return &p->setup.item[item];
}

struct counter_set prober_counters(const struct prober *p)
{
    return (struct counter_set){counters, COUNT, (uint64_t *)p->count};
}

const struct probe_result *prober_result(const struct prober *p, uint32_t host, uint32_t item)
{
    return &p->result[(size_t)host * p->setup.item_count + item];
}

static int by_position(const void *a, const void *b)
{
    const struct from *x = a, *y = b;
    return (x->position > y->position) - (x->position < y->position);
}

struct addr prober_answered_by(const struct prober *p, uint32_t host, uint32_t item)
{
    struct from key = {.position = host * p->setup.item_count + item}, *found = NULL;
    if (p->from_count)
        found = bsearch(&key, p->from, p->from_count, sizeof *p->from, by_position);
    return found ? found->addr : (struct addr){0};
}

static uint64_t tick_of(const struct prober *p, uint64_t now_ns)
{
    return (now_ns - p->begin_ns) / (TICK_US * NS_PER_US);
}

/* Of the tick only 32 bits are kept: with them, and that it lies less than 19 hours back, it is
 * known. */
static uint64_t sent_ns(const struct prober *p, size_t position)
{
    uint64_t now_tick = tick_of(p, p->now_ns);
    uint64_t age = (uint32_t)((uint32_t)now_tick - p->sent_tick[position]);
    return p->begin_ns + (now_tick - age) * TICK_US * NS_PER_US;
}

uint64_t prober_sent_ns(const struct prober *p, uint32_t host, uint32_t item)
{
    return sent_ns(p, (size_t)host * p->setup.item_count + item);
}

static void chain_add(struct prober *p, struct chain *c, uint32_t position)
{
    p->next[position] = NONE;
    if (c->first == NONE)
        c->first = position;
    else
        p->next[c->last] = position;
    c->last = position;
}

static uint32_t chain_take(struct prober *p, struct chain *c)
{
    uint32_t position = c->first;
    if (position != NONE)
        c->first = p->next[position];
    return position;
}

static uint64_t due_ns(const struct prober *p, uint32_t host, uint32_t position)
{
    return sent_ns(p, position) + p->setup.host[host].rtt.timeout_ns;
}

/* When an answer is later than nearly all of this host's were. */
static uint64_t overdue_ns(const struct prober *p, uint32_t host, uint32_t position)
{
    const struct rtt *rtt = &p->setup.host[host].rtt;
    return sent_ns(p, position) + rtt->srtt_ns + 4 * rtt->var_ns + overdue_slack_ns;
}

/* How many tries a port gets: one more than the deepest try this host has ever answered, so that a
 * path without loss costs two probes a silent port, and one with loss as many as it needs.  Tries
 * made before a cut of the window say little, and are made up for. */
static unsigned tries_allowed(const struct prober *p, const struct host *h)
{
    unsigned retries = h->deepest_try + 1U;
    if (retries < RETRY_FIRST)
        retries = RETRY_FIRST;
    if (retries > p->setup.timing->retries_max)
        retries = p->setup.timing->retries_max;
    if (retries)
        retries += h->pacer.cuts < CUTS_MADE_UP ? TRIES_PER_CUT * h->pacer.cuts
                                                : TRIES_PER_CUT * CUTS_MADE_UP;
    return 1 + retries;
}

static bool has_work(const struct prober *p, const struct host *h)
{
    return !h->done && (h->retry.first != NONE || h->fresh < p->setup.item_count);
}

static void make_ready(struct prober *p, uint32_t number)
{
    struct host *h = &p->host[number];
    if (h->in_ready || !has_work(p, h))
        return;
    h->in_ready = true;
    p->ready[(p->ready_at + p->ready_count++) % p->setup.host_count] = number;
}

/* The moment the host has to be looked at: its oldest probe's time-out, or the end of a forced
 * pause. */
static void set_wake(struct prober *p, uint32_t number)
{
    struct host *h = &p->host[number];
    uint64_t due = UINT64_MAX;
    if (!h->done && h->flying.first != NONE)
        due = due_ns(p, number, h->flying.first);
    if (!h->done && h->not_overdue != NONE && h->credit && !pacer_has_room(&h->pacer)) {
        uint64_t overdue = overdue_ns(p, number, h->not_overdue);
        due = overdue < due ? overdue : due;
    }
    if (has_work(p, h) && !h->in_ready && h->next_send_ns < due && pacer_has_room(&h->pacer))
        due = h->next_send_ns;
    if (!h->done && h->deadline_ns < due)
        due = h->deadline_ns;
    if (due == UINT64_MAX)
        due_heap_remove(&p->wake, number);
    else
        due_heap_set(&p->wake, number, due);
}

static void settle(struct prober *p, struct host *h, uint32_t position, enum scan_state state,
                   const struct scan_because *because)
{
    p->benched -= p->phase[position] == PHASE_BENCH;
    p->phase[position] = PHASE_DONE;
    p->result[position].state = (uint8_t)state;
    p->result[position].reason = (uint8_t)because->reason;
    p->result[position].ttl = because->ttl;
    if (because->from.family != ADDR_NONE) {
        MEM_GROW(p->from, p->from_count, p->from_capacity);
        p->from[p->from_count++] = (struct from){position, because->from};
    }
    h->unsettled--;
    p->settled++;
}

/* The probe at `position` is no longer waited for, whatever became of it. */
static void land(struct prober *p, struct host *h, uint32_t position)
{
    if (p->phase[position] == PHASE_FLYING) {
        h->pacer.in_flight--;
        p->all.in_flight--;
    }
    h->held--;
    p->held--;
}

static bool is_held(const struct prober *p, uint32_t position)
{
    return p->phase[position] == PHASE_FLYING || p->phase[position] == PHASE_OVERDUE;
}

/* Take the oldest out of the flying chain. */
static uint32_t take_flying(struct prober *p, struct host *h)
{
    uint32_t position = chain_take(p, &h->flying);
    if (position != NONE && position == h->not_overdue)
        h->not_overdue = p->next[position];
    return position;
}

/* The host needs no more probes: what is still under way is let go. */
static void close_host(struct prober *p, uint32_t number)
{
    struct host *h = &p->host[number];
    for (uint32_t at; (at = take_flying(p, h)) != NONE;) {
        if (!is_held(p, at))
            continue;
        land(p, h, at);
        p->phase[at] = PHASE_DONE;
        p->setup.transport->forget(p->setup.transport->ctx, number, at % p->setup.item_count);
    }
    for (uint32_t at; (at = chain_take(p, &h->bench)) != NONE;)
        p->benched -= p->phase[at] == PHASE_BENCH;
    h->done = true;
    p->asked += p->setup.item_count - h->fresh;
    p->settled += h->unsettled;
    h->unsettled = 0;
    p->open_hosts--;
    due_heap_remove(&p->wake, number);
}

/* What nobody answered, however often it was asked, means what the technique says silence means. */
static void settle_bench(struct prober *p, struct host *h)
{
    static const struct scan_because silence = {.reason = SCAN_REASON_NO_RESPONSE};
    for (uint32_t at; (at = chain_take(p, &h->bench)) != NONE;)
        if (p->phase[at] == PHASE_BENCH)
            settle(p, h, at, p->setup.item[at % p->setup.item_count].technique->silent, &silence);
}

static void close_if_finished(struct prober *p, uint32_t number)
{
    struct host *h = &p->host[number];
    if (h->done || has_work(p, h) || h->held)
        return;
    settle_bench(p, h);
    close_host(p, number);
}

/* A deeper try was answered: the ports that were given up get their further tries after all. */
static void reopen_bench(struct prober *p, struct host *h)
{
    for (uint32_t at; (at = chain_take(p, &h->bench)) != NONE;)
        if (p->phase[at] == PHASE_BENCH) {
            p->benched--;
            p->phase[at] = PHASE_RETRY;
            chain_add(p, &h->retry, at);
        }
}

void prober_answer(struct prober *p, uint32_t number, uint32_t item, uint8_t try,
                   const struct scan_verdict *verdict, uint64_t rtt_ns)
{
    struct host *h = &p->host[number];
    uint32_t position = number * p->setup.item_count + item;
    if (h->done || p->phase[position] == PHASE_DONE || p->phase[position] == PHASE_NEW)
        return;
    struct rtt *rtt = &p->setup.host[number].rtt;
    uint64_t old_timeout_ns = rtt->timeout_ns;
    if (rtt_ns)
        rtt_add(rtt, rtt_ns, p->setup.timing);
    p->count[ANSWERS]++;
    p->count[LATE] += try > 0;
    pacer_answered(&h->pacer, try > 0, p->now_ns);
    pacer_answered(&p->all, try > 0, p->now_ns);
    if (is_held(p, position))
        land(p, h, position);
    h->credit += h->credit < CREDIT_MAX ? CREDIT_PER_ANSWER : 0;
    settle(p, h, position, verdict->state, &verdict->because);
    if (try > h->deepest_try) {
        h->deepest_try = try;
        reopen_bench(p, h);
    }
    if (p->setup.one_answer && (!p->setup.settles || p->setup.settles(verdict))) {
        p->setup.host[number].settled = true;
        p->setup.host[number].settled_by = item;
        close_host(p, number);
        return;
    }
    make_ready(p, number);
    if (rtt->timeout_ns < old_timeout_ns)
        set_wake(p, number);
    close_if_finished(p, number);
}

/* The oldest probes of the host whose time is over go to the retries, or to the bench. */
static void expire(struct prober *p, uint32_t number)
{
    struct host *h = &p->host[number];
    while (h->flying.first != NONE) {
        uint32_t at = h->flying.first;
        if (is_held(p, at) && due_ns(p, number, at) > p->now_ns)
            break;
        take_flying(p, h);
        if (!is_held(p, at))
            continue;
        p->count[TIMEOUTS]++;
        land(p, h, at);
        pacer_timed_out(&h->pacer);
        pacer_timed_out(&p->all);
        p->setup.transport->forget(p->setup.transport->ctx, number, at % p->setup.item_count);
        bool again = p->result[at].tries < tries_allowed(p, h);
        p->phase[at] = (uint8_t)(again ? PHASE_RETRY : PHASE_BENCH);
        p->benched += !again;
        chain_add(p, again ? &h->retry : &h->bench, at);
    }
}

static void mark_overdue(struct prober *p, uint32_t number)
{
    struct host *h = &p->host[number];
    if (!h->pacer.heard || pacer_has_room(&h->pacer))
        return;
    while (h->not_overdue != NONE && h->credit &&
           overdue_ns(p, number, h->not_overdue) <= p->now_ns) {
        if (p->phase[h->not_overdue] == PHASE_FLYING) {
            p->phase[h->not_overdue] = PHASE_OVERDUE;
            h->pacer.in_flight--;
            p->all.in_flight--;
            h->credit--;
        }
        h->not_overdue = p->next[h->not_overdue];
    }
}

static void wake_due(struct prober *p)
{
    for (uint32_t number; (number = due_heap_take(&p->wake, p->now_ns)) != NONE;) {
        struct host *h = &p->host[number];
        if (p->now_ns >= h->deadline_ns) {
            p->setup.host[number].timed_out = true;
            close_host(p, number);
            continue;
        }
        expire(p, number);
        mark_overdue(p, number);
        if (p->now_ns >= h->next_send_ns)
            make_ready(p, number);
        set_wake(p, number);
        close_if_finished(p, number);
    }
}

/* The next probe of the host: what has to be asked again first, for that tells how the path is. */
static uint32_t next_position(struct prober *p, uint32_t number)
{
    struct host *h = &p->host[number];
    for (uint32_t at; (at = chain_take(p, &h->retry)) != NONE;)
        if (p->phase[at] == PHASE_RETRY)
            return at;
    if (h->fresh == p->setup.item_count)
        return NONE;
    p->asked++;
    return number * p->setup.item_count + (uint32_t)permutation_at(&p->order, h->fresh++);
}

static bool rate_is_behind(const struct prober *p)
{
    double elapsed_s = (double)(p->now_ns - p->begin_ns) / (double)NS_PER_S;
    return p->setup.timing->rate_min > 0 &&
           (double)p->count[SENT] < p->setup.timing->rate_min * elapsed_s;
}

static void note_sent(struct prober *p, uint32_t number, uint32_t position)
{
    struct host *h = &p->host[number];
    p->sent_tick[position] = (uint32_t)tick_of(p, p->now_ns);
    p->count[SENT]++;
    if (p->setup.timing->scan_delay_ns)
        h->next_send_ns = p->now_ns + p->setup.timing->scan_delay_ns;
    if (p->setup.timing->rate_max > 0) {
        uint64_t earliest = p->now_ns > pace_slack_ns ? p->now_ns - pace_slack_ns : 0;
        if (p->next_slot_ns < earliest)
            p->next_slot_ns = earliest;
        p->next_slot_ns += (uint64_t)((double)NS_PER_S / p->setup.timing->rate_max);
    }
}

/* The kernel will not send this probe: that is its result, and nothing learnt about the path. */
static void refuse(struct prober *p, uint32_t number, uint32_t position, int rc)
{
    struct host *h = &p->host[number];
    const struct scan_technique *technique =
        p->setup.item[position % p->setup.item_count].technique;
    struct scan_verdict v = {technique->silent, {.reason = SCAN_REASON_UNKNOWN}};
    if (technique->judge_socket)
        v = technique->judge_socket(rc, p->setup.host[number].addr.family == ADDR_IP6, -1, -1);
    else if (rc == -EHOSTUNREACH || rc == -ENETUNREACH)
        v.because.reason = rc == -EHOSTUNREACH ? SCAN_REASON_HOST_UNREACH : SCAN_REASON_NET_UNREACH;
    p->count[SEND_ERRORS]++;
    land(p, h, position);
    settle(p, h, position, v.state, &v.because);
    close_if_finished(p, number);
}

/* Send one probe.  0, or -EAGAIN when the transport has no room (the position keeps its turn). */
static int send_one(struct prober *p, uint32_t number, uint32_t position)
{
    struct host *h = &p->host[number];
    const struct probe_transport *t = p->setup.transport;
    uint8_t try = p->result[position].tries;
    bool first_flying = h->flying.first == NONE;
    p->phase[position] = PHASE_FLYING;
    if (try < PROBER_TRIES_MAX)
        p->result[position].tries++;
    h->pacer.in_flight++;
    p->all.in_flight++;
    h->held++;
    p->held++;
    note_sent(p, number, position);
    int rc = t->send(t->ctx, p, number, position % p->setup.item_count, try);
    if (rc == -EAGAIN) {
        land(p, h, position);
        p->phase[position] = PHASE_RETRY;
        p->result[position].tries = try;
        p->count[SENT]--;
        p->next[position] = h->retry.first; /* back to the front */
        if (h->retry.first == NONE)
            h->retry.last = position;
        h->retry.first = position;
        return rc;
    }
    if (rc < 0 && p->phase[position] == PHASE_FLYING) {
        refuse(p, number, position, rc);
    } else if (p->phase[position] == PHASE_FLYING) {
        chain_add(p, &h->flying, position);
        if (h->not_overdue == NONE)
            h->not_overdue = position;
        if (first_flying || !pacer_has_room(&h->pacer))
            set_wake(p, number);
    }
    return 0;
}

/* May the host send now?  If not, it leaves the ready ring and is woken when it may. */
static bool may_send(struct prober *p, uint32_t number)
{
    struct host *h = &p->host[number];
    if (!has_work(p, h))
        return false;
    bool forced = rate_is_behind(p) || h->pacer.in_flight < p->setup.timing->parallel_min;
    if (!pacer_has_room(&h->pacer) && !forced)
        return false;
    if (p->now_ns < h->next_send_ns) {
        set_wake(p, number);
        return false;
    }
    return true;
}

/* One burst, a probe a host in turn.  Returns false when nothing more can go out before something
 * happens (an answer, a time-out, the next slot of the rate). */
static bool send_some(struct prober *p)
{
    for (int sent = 0; sent < BURST; sent++) {
        if (!p->ready_count || (p->setup.timing->rate_max > 0 && p->now_ns < p->next_slot_ns))
            return false;
        if (p->held >= p->setup.transport->capacity ||
            (!pacer_has_room(&p->all) && !rate_is_behind(p)))
            return false;
        uint32_t number = p->ready[p->ready_at];
        p->ready_at = (p->ready_at + 1) % p->setup.host_count;
        p->ready_count--;
        p->host[number].in_ready = false;
        if (!may_send(p, number))
            continue;
        uint32_t position = next_position(p, number);
        if (position == NONE) {
            close_if_finished(p, number);
            continue;
        }
        int rc = send_one(p, number, position);
        make_ready(p, number);
        if (rc == -EAGAIN)
            return false;
    }
    return true;
}

/* How long nothing can happen by itself. */
static uint64_t idle_ns(const struct prober *p)
{
    uint64_t until = due_heap_next(&p->wake);
    bool paced = p->ready_count && p->setup.timing->rate_max > 0 && pacer_has_room(&p->all);
    if (paced && p->next_slot_ns < until)
        until = p->next_slot_ns;
    if (p->next_progress_ns < until)
        until = p->next_progress_ns;
    return until > p->now_ns ? until - p->now_ns : 0;
}

static bool report_progress(struct prober *p)
{
    if (p->now_ns < p->next_progress_ns)
        return true;
    p->next_progress_ns = p->now_ns + progress_every_ns;
    /* A position is half done when it was asked, and done when nothing more is to be asked: counted
     * by results, a silent host would stand at nothing until all of it ends at once. */
    uint64_t total = 2 * (uint64_t)p->setup.host_count * p->setup.item_count;
    uint64_t done = p->asked + p->settled + p->benched;
    return !p->setup.progress || p->setup.progress(p->setup.progress_ctx, done, total);
}

static int run(struct prober *p, struct err *e)
{
    const struct probe_transport *t = p->setup.transport;
    while (p->open_hosts) {
        p->now_ns = clock_mono_ns(p->setup.clock);
        wake_due(p);
        if (!p->open_hosts)
            break;
        bool more = send_some(p);
        if (!p->open_hosts)
            break; /* all answered while they were sent */
        p->now_ns = clock_mono_ns(p->setup.clock);
        if (t->wait(t->ctx, p, more ? 0 : idle_ns(p), e) < 0)
            return e->code;
        if (!report_progress(p))
            return err_set(e, -ECANCELED, "interrupted");
    }
    return 0;
}

static struct pacer first_pacer(const struct scan_timing *t, uint32_t capacity)
{
    double ceiling = t->parallel_max ? t->parallel_max : WINDOW_CEILING;
    if (ceiling > capacity)
        ceiling = capacity;
    double first = t->parallel_min > WINDOW_FIRST ? t->parallel_min : WINDOW_FIRST;
    return pacer_of(first, WINDOW_FLOOR, ceiling);
}

static struct prober *prober_new(const struct prober_setup *setup)
{
    size_t positions = (size_t)setup->host_count * setup->item_count;
    struct prober *p = mem_zero(sizeof *p);
    p->setup = *setup;
    p->host = mem_zero(setup->host_count * sizeof *p->host);
    p->ready = mem_zero(setup->host_count * sizeof *p->ready);
    p->result = mem_zero(positions * sizeof *p->result);
    p->next = mem_zero(positions * sizeof *p->next);
    p->sent_tick = mem_zero(positions * sizeof *p->sent_tick);
    p->phase = mem_zero(positions);
    p->wake = due_heap_of(setup->host_count);
    p->order = setup->in_order ? permutation_identity(setup->item_count)
                               : permutation_of(setup->item_count, setup->seed);
    p->begin_ns = p->now_ns = clock_mono_ns(setup->clock);
    p->next_progress_ns = p->begin_ns + progress_every_ns;
    p->open_hosts = setup->host_count;
    p->all = first_pacer(setup->timing, setup->transport->capacity);
    if (!setup->timing->parallel_max)
        p->all = pacer_of(setup->transport->capacity, WINDOW_FLOOR, setup->transport->capacity);
    for (uint32_t i = 0; i < setup->host_count; i++) {
        struct host *h = &p->host[i];
        h->pacer = first_pacer(setup->timing, setup->transport->capacity);
        h->flying = h->retry = h->bench = (struct chain){NONE, NONE};
        h->not_overdue = NONE;
        h->unsettled = setup->item_count;
        h->deadline_ns = setup->timing->host_timeout_ns
                             ? p->begin_ns + setup->timing->host_timeout_ns
                             : UINT64_MAX;
        make_ready(p, i);
        set_wake(p, i);
    }
    return p;
}

int prober_run(const struct prober_setup *setup, struct prober **out, struct err *e)
{
    struct prober *p = prober_new(setup);
    int rc = setup->item_count ? run(p, e) : 0;
    for (uint32_t i = 0; i < setup->host_count; i++)
        if (!p->host[i].done)
            close_host(p, i); /* stopped on the way: let go of sockets */
    if (p->from_count)
        qsort(p->from, p->from_count, sizeof *p->from, by_position);
    *out = p;
    return rc;
}

void prober_free(struct prober *p)
{
    if (!p)
        return;
    mem_free(p->host);
    mem_free(p->ready);
    mem_free(p->result);
    mem_free(p->next);
    mem_free(p->sent_tick);
    mem_free(p->phase);
    mem_free(p->from);
    due_heap_done(&p->wake);
    mem_free(p);
}
