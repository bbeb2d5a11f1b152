/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The books of the prober: where each probe stands, and which host has to be looked at when.  What
 * is sent is decided in prober.c; nobody else includes this. */
#pragma once

#include "tool/scan/due_heap.h"
#include "tool/scan/pacer.h"
#include "tool/scan/permutation.h"
#include "tool/scan/prober.h"

enum {
    BOOK_NONE = UINT32_MAX,
    BOOK_TICK_US = 16, /* unit of the time kept for each position */
};

/* An overdue probe is still waited for, but no longer held against the window: on a path of 0.1 ms
 * that loses one in fifty, the lost ones would otherwise fill the window until their time-out of
 * 100 ms. Answers earn the credit for that, so that into silence no more is sent than the window
 * allows. */
enum phase { PHASE_NEW, PHASE_FLYING, PHASE_OVERDUE, PHASE_RETRY, PHASE_BENCH, PHASE_DONE };

enum prober_count {
    PROBER_SENT,
    PROBER_ANSWERS,
    PROBER_TIMEOUTS,
    PROBER_LATE,
    PROBER_SEND_ERRORS,
    PROBER_COUNT
};

/* Positions in the order they were put in, linked through prober.next. */
struct book_chain {
    uint32_t first, last;
};

struct book_host {
    struct pacer pacer;
    struct book_chain flying; /* under way; answered ones stay until they come to its front */
    struct book_chain retry;  /* to be asked again */
    struct book_chain bench;  /* given up, unless a deeper try of the host is answered */
    uint32_t not_overdue;     /* in flying: the first that is not overdue; BOOK_NONE: all are */
    uint32_t held;            /* flying and overdue */
    uint32_t credit;          /* probes that may become overdue */
    uint32_t fresh;           /* how many of the items have been sent for the first time */
    uint32_t unsettled;       /* items without a result */
    uint64_t next_send_ns, deadline_ns;
    uint32_t benched; /* in the bench chain, and not answered after all */
    uint32_t late,
        late_before;     /* answers to later tries: so far, and when the bench was last left */
    uint8_t deepest_try; /* the highest try that was ever answered */
    bool in_ready, done;
};

struct book_from {
    uint32_t position;
    struct addr addr;
};

struct prober {
    struct prober_setup setup;
    struct book_host *host;
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
    struct book_from *from;
    size_t from_count, from_capacity;
    uint64_t count[PROBER_COUNT];
};

/* The 32 bits that are kept of a moment. */
uint32_t book_tick(const struct prober *p, uint64_t now_ns);

void book_chain_add(struct prober *p, struct book_chain *c, uint32_t position);
uint32_t book_chain_take(struct prober *p, struct book_chain *c); /* BOOK_NONE: it is empty */

static inline bool book_has_work(const struct prober *p, const struct book_host *h)
{
    return !h->done && (h->retry.first != BOOK_NONE || h->fresh < p->setup.item_count);
}

void book_make_ready(struct prober *p,
                     uint32_t number); /* put the host into the ring, if it has work */

/* Note when the host has to be looked at: its oldest probe's time-out, or the end of a forced
 * pause. */
void book_set_wake(struct prober *p, uint32_t number);

/* The probe at `position` is no longer waited for, whatever became of it. */
void book_land(struct prober *p, struct book_host *h, uint32_t position);

void book_settle(struct prober *p, struct book_host *h, uint32_t position, enum scan_state state,
                 const struct scan_because *because);

void book_close_host(struct prober *p, uint32_t number); /* what is still under way is let go */
void book_close_if_finished(struct prober *p, uint32_t number);

/* Look at the hosts whose moment has come: time-outs, ends of pauses and of --host-timeout. */
void book_wake_due(struct prober *p);
