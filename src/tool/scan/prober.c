/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>

#include "core/base/mem.h"
#include "tool/scan/probe_book.h"

enum {
    WINDOW_FIRST = 128,
    WINDOW_FIRST_NEAR = 1024, /* on the link: no queue of a router is in between */
    WINDOW_CEILING = 2048,
    SILENT_CEILING = 16384, /* towards who does not answer: 160,000 a second at most */
    WINDOW_FLOOR = 4,
    BURST = 64, /* probes sent before answers are looked at again */
};
static const uint64_t progress_every_ns = 100 * NS_PER_MS;
static const uint64_t pace_slack_ns =
    2 * NS_PER_MS; /* a rate is held in steps no longer than this */

static const struct counter counters[PROBER_COUNT] = {
    [PROBER_SENT] = {"scan.probes_sent", "probes handed to the kernel"},
    [PROBER_ANSWERS] = {"scan.answers", "probes that were answered"},
    [PROBER_TIMEOUTS] = {"scan.timeouts", "tries that nobody answered in time"},
    [PROBER_LATE] = {"scan.late_answers", "probes answered after more than one try"},
    [PROBER_SEND_ERRORS] = {"scan.send_errors", "probes the kernel refused to send"},
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
    return (struct counter_set){counters, PROBER_COUNT, (uint64_t *)p->count};
}

const struct probe_result *prober_result(const struct prober *p, uint32_t host, uint32_t item)
{
    return &p->result[(size_t)host * p->setup.item_count + item];
}

static int by_position(const void *a, const void *b)
{
    const struct book_from *x = a, *y = b;
    return (x->position > y->position) - (x->position < y->position);
}

struct addr prober_answered_by(const struct prober *p, uint32_t host, uint32_t item)
{
    struct book_from key = {.position = host * p->setup.item_count + item}, *found = NULL;
    if (p->from_count)
        found = bsearch(&key, p->from, p->from_count, sizeof *p->from, by_position);
    return found ? found->addr : (struct addr){0};
}

/* The next probe of the host: what has to be asked again first, for that tells how the path is. */
static uint32_t next_position(struct prober *p, uint32_t number)
{
    struct book_host *h = &p->host[number];
    for (uint32_t at; (at = book_chain_take(p, &h->retry)) != BOOK_NONE;)
        if (p->phase[at] == PHASE_RETRY)
            return at;
    if (h->fresh == p->setup.item_count)
        return BOOK_NONE;
    p->asked++;
    return number * p->setup.item_count + (uint32_t)permutation_at(&p->order, h->fresh++);
}

static bool rate_is_behind(const struct prober *p)
{
    double elapsed_s = (double)(p->now_ns - p->begin_ns) / (double)NS_PER_S;
    return p->setup.timing->rate_min > 0 &&
           (double)p->count[PROBER_SENT] < p->setup.timing->rate_min * elapsed_s;
}

static void note_sent(struct prober *p, uint32_t number, uint32_t position)
{
    struct book_host *h = &p->host[number];
    p->sent_tick[position] = book_tick(p, p->now_ns);
    p->count[PROBER_SENT]++;
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
    struct book_host *h = &p->host[number];
    const struct scan_technique *technique =
        p->setup.item[position % p->setup.item_count].technique;
    struct scan_verdict v = {technique->silent, {.reason = SCAN_REASON_UNKNOWN}};
    if (technique->judge_socket)
        v = technique->judge_socket(rc, p->setup.host[number].addr.family == ADDR_IP6, -1, -1);
    else if (rc == -EHOSTUNREACH || rc == -ENETUNREACH)
        v.because.reason = rc == -EHOSTUNREACH ? SCAN_REASON_HOST_UNREACH : SCAN_REASON_NET_UNREACH;
    p->count[PROBER_SEND_ERRORS]++;
    book_land(p, h, position);
    book_settle(p, h, position, v.state, &v.because);
    book_close_if_finished(p, number);
}

/* Send one probe.  0, or -EAGAIN when the transport has no room (the position keeps its turn). */
static int send_one(struct prober *p, uint32_t number, uint32_t position)
{
    struct book_host *h = &p->host[number];
    const struct probe_transport *t = p->setup.transport;
    uint8_t try = p->result[position].tries;
    bool first_flying = h->flying.first == BOOK_NONE;
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
        book_land(p, h, position);
        p->phase[position] = PHASE_RETRY;
        p->result[position].tries = try;
        p->count[PROBER_SENT]--;
        p->next[position] = h->retry.first; /* back to the front */
        if (h->retry.first == BOOK_NONE)
            h->retry.last = position;
        h->retry.first = position;
        return rc;
    }
    if (rc < 0 && p->phase[position] == PHASE_FLYING) {
        refuse(p, number, position, rc);
    } else if (p->phase[position] == PHASE_FLYING) {
        book_chain_add(p, &h->flying, position);
        if (h->not_overdue == BOOK_NONE)
            h->not_overdue = position;
        if (first_flying || !pacer_has_room(&h->pacer))
            book_set_wake(p, number);
    }
    return 0;
}

/* May the host send now?  If not, it leaves the ready ring and is woken when it may. */
static bool may_send(struct prober *p, uint32_t number)
{
    struct book_host *h = &p->host[number];
    if (!book_has_work(p, h))
        return false;
    bool forced = rate_is_behind(p) || h->pacer.in_flight < p->setup.timing->parallel_min;
    if (!pacer_has_room(&h->pacer) && !forced)
        return false;
    if (p->now_ns < h->next_send_ns) {
        book_set_wake(p, number);
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
        if (position == BOOK_NONE) {
            book_close_if_finished(p, number);
            continue;
        }
        int rc = send_one(p, number, position);
        book_make_ready(p, number);
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
        book_wake_due(p);
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

static struct pacer first_pacer(const struct scan_timing *t, uint32_t capacity, bool near)
{
    double ceiling = t->parallel_max ? t->parallel_max : WINDOW_CEILING;
    if (ceiling > capacity)
        ceiling = capacity;
    double first = near ? WINDOW_FIRST_NEAR : WINDOW_FIRST;
    if (first < t->parallel_min)
        first = t->parallel_min;
    struct pacer p = pacer_of(first, WINDOW_FLOOR, ceiling);
    if (!t->parallel_max)
        p.silent_ceiling = SILENT_CEILING < capacity ? SILENT_CEILING : capacity;
    return p;
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
    p->all = first_pacer(setup->timing, setup->transport->capacity, true);
    if (!setup->timing->parallel_max)
        p->all = pacer_of(setup->transport->capacity, WINDOW_FLOOR, setup->transport->capacity);
    for (uint32_t i = 0; i < setup->host_count; i++) {
        struct book_host *h = &p->host[i];
        h->pacer = first_pacer(setup->timing, setup->transport->capacity, setup->host[i].near);
        h->flying = h->retry = h->bench = (struct book_chain){BOOK_NONE, BOOK_NONE};
        h->not_overdue = BOOK_NONE;
        h->unsettled = setup->item_count;
        h->deadline_ns = setup->timing->host_timeout_ns
                             ? p->begin_ns + setup->timing->host_timeout_ns
                             : UINT64_MAX;
        book_make_ready(p, i);
        book_set_wake(p, i);
    }
    return p;
}

int prober_run(const struct prober_setup *setup, struct prober **out, struct err *e)
{
    struct prober *p = prober_new(setup);
    for (uint32_t i = 0; i < setup->host_count; i++)
        if (setup->host[i].timed_out)
            book_close_host(p, i);
    int rc = setup->item_count ? run(p, e) : 0;
    for (uint32_t i = 0; i < setup->host_count; i++)
        if (!p->host[i].done)
            book_close_host(p, i); /* stopped on the way: let go of sockets */
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
