/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/probe_book.h"

#include "core/base/mem.h"

enum {
    RETRY_FIRST = 1,   /* a silent port is asked at least twice */
    TRIES_PER_CUT = 2, /* made up for */
    CUTS_MADE_UP = 8,
    CREDIT_PER_ANSWER = 2,
    CREDIT_MAX = 4096,
    ROUND_SHARE = 20,  /* one answer for so many that were asked again is worth another round .. */
    ROUND_ANSWERS = 8, /* .. and so many are, whatever the share */
};
static const uint64_t overdue_slack_ns = NS_PER_MS;

static uint64_t tick_of(const struct prober *p, uint64_t now_ns)
{
    return (now_ns - p->begin_ns) / (BOOK_TICK_US * NS_PER_US);
}

/* Of the tick only 32 bits are kept: with them, and that it lies less than 19 hours back, it is
 * known. */
static uint64_t sent_ns(const struct prober *p, size_t position)
{
    uint64_t now_tick = tick_of(p, p->now_ns);
    uint64_t age = (uint32_t)((uint32_t)now_tick - p->sent_tick[position]);
    return p->begin_ns + (now_tick - age) * BOOK_TICK_US * NS_PER_US;
}

uint32_t book_tick(const struct prober *p, uint64_t now_ns)
{
    return (uint32_t)tick_of(p, now_ns);
}

uint64_t prober_sent_ns(const struct prober *p, uint32_t host, uint32_t item)
{
    return sent_ns(p, (size_t)host * p->setup.item_count + item);
}

void book_chain_add(struct prober *p, struct book_chain *c, uint32_t position)
{
    p->next[position] = BOOK_NONE;
    if (c->first == BOOK_NONE)
        c->first = position;
    else
        p->next[c->last] = position;
    c->last = position;
}

uint32_t book_chain_take(struct prober *p, struct book_chain *c)
{
    uint32_t position = c->first;
    if (position != BOOK_NONE)
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
static unsigned tries_allowed(const struct prober *p, const struct book_host *h)
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

void book_make_ready(struct prober *p, uint32_t number)
{
    struct book_host *h = &p->host[number];
    if (h->in_ready || !book_has_work(p, h))
        return;
    h->in_ready = true;
    p->ready[(p->ready_at + p->ready_count++) % p->setup.host_count] = number;
}

void book_set_wake(struct prober *p, uint32_t number)
{
    struct book_host *h = &p->host[number];
    uint64_t due = UINT64_MAX;
    if (!h->done && h->flying.first != BOOK_NONE)
        due = due_ns(p, number, h->flying.first);
    if (!h->done && h->not_overdue != BOOK_NONE && h->credit && !pacer_has_room(&h->pacer)) {
        uint64_t overdue = overdue_ns(p, number, h->not_overdue);
        due = overdue < due ? overdue : due;
    }
    if (book_has_work(p, h) && !h->in_ready && h->next_send_ns < due && pacer_has_room(&h->pacer))
        due = h->next_send_ns;
    if (!h->done && h->deadline_ns < due)
        due = h->deadline_ns;
    if (due == UINT64_MAX)
        due_heap_remove(&p->wake, number);
    else
        due_heap_set(&p->wake, number, due);
}

void book_settle(struct prober *p, struct book_host *h, uint32_t position, enum scan_state state,
                 const struct scan_because *because)
{
    p->benched -= p->phase[position] == PHASE_BENCH;
    h->benched -= p->phase[position] == PHASE_BENCH;
    p->phase[position] = PHASE_DONE;
    p->result[position].state = (uint8_t)state;
    p->result[position].reason = (uint8_t)because->reason;
    p->result[position].ttl = because->ttl;
    if (because->from.family != ADDR_NONE) {
        MEM_GROW(p->from, p->from_count, p->from_capacity);
        p->from[p->from_count++] = (struct book_from){position, because->from};
    }
    h->unsettled--;
    p->settled++;
}

void book_land(struct prober *p, struct book_host *h, uint32_t position)
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
static uint32_t take_flying(struct prober *p, struct book_host *h)
{
    uint32_t position = book_chain_take(p, &h->flying);
    if (position != BOOK_NONE && position == h->not_overdue)
        h->not_overdue = p->next[position];
    return position;
}

void book_close_host(struct prober *p, uint32_t number)
{
    struct book_host *h = &p->host[number];
    for (uint32_t at; (at = take_flying(p, h)) != BOOK_NONE;) {
        if (!is_held(p, at))
            continue;
        book_land(p, h, at);
        p->phase[at] = PHASE_DONE;
        p->setup.transport->forget(p->setup.transport->ctx, number, at % p->setup.item_count);
    }
    for (uint32_t at; (at = book_chain_take(p, &h->bench)) != BOOK_NONE;)
        p->benched -= p->phase[at] == PHASE_BENCH;
    h->done = true;
    p->asked += p->setup.item_count - h->fresh;
    p->settled += h->unsettled;
    h->unsettled = 0;
    p->open_hosts--;
    due_heap_remove(&p->wake, number);
}

/* What nobody answered, however often it was asked, means what the technique says silence means. */
static void settle_bench(struct prober *p, struct book_host *h)
{
    static const struct scan_because silence = {.reason = SCAN_REASON_NO_RESPONSE};
    for (uint32_t at; (at = book_chain_take(p, &h->bench)) != BOOK_NONE;)
        if (p->phase[at] == PHASE_BENCH)
            book_settle(p, h, at, p->setup.item[at % p->setup.item_count].technique->silent,
                        &silence);
}

/* A deeper try was answered: the ports that were given up get their further tries after all. */
static void reopen_bench(struct prober *p, struct book_host *h)
{
    for (uint32_t at; (at = book_chain_take(p, &h->bench)) != BOOK_NONE;)
        if (p->phase[at] == PHASE_BENCH) {
            p->benched--;
            h->benched--;
            p->phase[at] = PHASE_RETRY;
            book_chain_add(p, &h->retry, at);
        }
}

/* A host that limits what it answers (200 resets a second, say) leaves ports silent that it would
 * answer, however often they were asked at once.  As long as asking all of the bench again brings
 * answers, it is done; the round that brings none ends it. */
static bool is_worth_another_round(const struct prober *p, const struct book_host *h)
{
    uint32_t fresh = h->late - h->late_before;
    return p->setup.timing->retries_max && fresh &&
           (fresh >= ROUND_ANSWERS || (uint64_t)fresh * ROUND_SHARE >= h->benched);
}

void book_close_if_finished(struct prober *p, uint32_t number)
{
    struct book_host *h = &p->host[number];
    if (h->done || book_has_work(p, h) || h->held)
        return;
    if (h->benched && is_worth_another_round(p, h)) {
        h->late_before = h->late;
        reopen_bench(p, h);
        book_make_ready(p, number);
        return;
    }
    settle_bench(p, h);
    book_close_host(p, number);
}

void prober_answer(struct prober *p, uint32_t number, uint32_t item, uint8_t try,
                   const struct scan_verdict *verdict, uint64_t rtt_ns)
{
    struct book_host *h = &p->host[number];
    uint32_t position = number * p->setup.item_count + item;
    if (h->done || p->phase[position] == PHASE_DONE || p->phase[position] == PHASE_NEW)
        return;
    struct rtt *rtt = &p->setup.host[number].rtt;
    uint64_t old_timeout_ns = rtt->timeout_ns;
    if (rtt_ns)
        rtt_add(rtt, rtt_ns, p->setup.timing);
    p->count[PROBER_ANSWERS]++;
    p->count[PROBER_LATE] += try > 0;
    h->late += try > 0;
    pacer_answered(&h->pacer, try > 0, p->now_ns);
    pacer_answered(&p->all, try > 0, p->now_ns);
    if (is_held(p, position))
        book_land(p, h, position);
    h->credit += h->credit < CREDIT_MAX ? CREDIT_PER_ANSWER : 0;
    book_settle(p, h, position, verdict->state, &verdict->because);
    if (p->setup.answered)
        p->setup.answered(p->setup.progress_ctx, number, item, rtt_ns);
    if (verdict->state == SCAN_OPEN && p->setup.found)
        p->setup.found(p->setup.progress_ctx, number, item);
    if (try > h->deepest_try) {
        h->deepest_try = try;
        reopen_bench(p, h);
    }
    if (p->setup.one_answer && (!p->setup.settles || p->setup.settles(verdict))) {
        p->setup.host[number].settled = true;
        p->setup.host[number].settled_by = item;
        book_close_host(p, number);
        return;
    }
    book_make_ready(p, number);
    if (rtt->timeout_ns < old_timeout_ns)
        book_set_wake(p, number);
    book_close_if_finished(p, number);
}

/* The oldest probes of the host whose time is over go to the retries, or to the bench. */
static void expire(struct prober *p, uint32_t number)
{
    struct book_host *h = &p->host[number];
    while (h->flying.first != BOOK_NONE) {
        uint32_t at = h->flying.first;
        if (is_held(p, at) && due_ns(p, number, at) > p->now_ns)
            break;
        take_flying(p, h);
        if (!is_held(p, at))
            continue;
        p->count[PROBER_TIMEOUTS]++;
        book_land(p, h, at);
        pacer_timed_out(&h->pacer, p->now_ns, 2 * p->setup.host[number].rtt.timeout_ns);
        p->setup.transport->forget(p->setup.transport->ctx, number, at % p->setup.item_count);
        bool again = p->result[at].tries < tries_allowed(p, h);
        p->phase[at] = (uint8_t)(again ? PHASE_RETRY : PHASE_BENCH);
        p->benched += !again;
        h->benched += !again;
        book_chain_add(p, again ? &h->retry : &h->bench, at);
    }
}

static void mark_overdue(struct prober *p, uint32_t number)
{
    struct book_host *h = &p->host[number];
    if (!h->pacer.heard || pacer_has_room(&h->pacer))
        return;
    while (h->not_overdue != BOOK_NONE && h->credit &&
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

void book_wake_due(struct prober *p)
{
    for (uint32_t number; (number = due_heap_take(&p->wake, p->now_ns)) != BOOK_NONE;) {
        struct book_host *h = &p->host[number];
        if (p->now_ns >= h->deadline_ns) {
            p->setup.host[number].timed_out = true;
            book_close_host(p, number);
            continue;
        }
        expire(p, number);
        mark_overdue(p, number);
        if (p->now_ns >= h->next_send_ns)
            book_make_ready(p, number);
        book_set_wake(p, number);
        book_close_if_finished(p, number);
    }
}
