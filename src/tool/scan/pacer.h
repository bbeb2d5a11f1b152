/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many probes may be under way at once: a window that opens while answers come and closes when
 * sending faster brings no more of them.  Loss alone closes nothing: a path that drops one packet
 * in fifty does so at any speed.  The sign of congestion is the share of answers that needed
 * another try, where it stands clearly above what this path showed before.  Then the window is cut,
 * and the cut is judged: if answers come in as fast as before, there was a limit, and the cut was
 * right; if they come slower, it was the path's own loss, and the cut is undone. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct pacer {
    double window, floor, ceiling;
    uint32_t in_flight;
    uint32_t answers, late;  /* of the epoch: answered, and of those not at the first try */
    uint64_t epoch_begin_ns; /* 0: not begun */
    uint32_t unjudged; /* answers to what was sent before the last cut: they say nothing about it */
    uint32_t silent;   /* time-outs since the last answer .. */
    uint64_t answered_ns;  /* .. and when that came */
    double silent_ceiling; /* of the window, towards a host that is silent */
    double usual;          /* share of late answers that this path has at any speed */
    double uncut_window;   /* before the cut being judged; 0: none is */
    double uncut_rate;     /* answers a second then */
    uint32_t cuts; /* that stood: tries before them were at a rate the path does not carry */
    bool fast;     /* slow start, as TCP calls it: one more for each answer */
    bool heard;    /* an answer has come, ever */
};

struct pacer pacer_of(double window, double floor, double ceiling);

static inline bool pacer_has_room(const struct pacer *p)
{
    return p->in_flight < (uint32_t)p->window;
}

void pacer_answered(struct pacer *p, bool late, uint64_t now_ns);
/* `quiet_ns`: after so long without any answer the host counts as silent. */
void pacer_timed_out(struct pacer *p, uint64_t now_ns, uint64_t quiet_ns);
