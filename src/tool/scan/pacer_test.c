/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "core/base/clock.h"
#include "core/base/rng.h"
#include "tool/scan/pacer.h"

enum { ROUND_MS = 10 };

/* A path that is asked `window` times a round: it loses `loss` percent and answers at most `limit`
 * a round.  What was lost is asked again and is late then. */
static void run_rounds(struct pacer *p, struct rng *r, int rounds, uint32_t loss, double limit)
{
    static uint64_t now_ns = NS_PER_S;
    uint32_t owed = 0; /* probes that were lost before */
    for (int round = 0; round < rounds; round++) {
        uint32_t sent = (uint32_t)p->window, answered = 0, again = owed;
        p->in_flight = sent;
        owed = 0;
        for (uint32_t i = 0; i < sent; i++) {
            now_ns += ROUND_MS * NS_PER_MS / sent;
            bool late = rng_below(r, sent) < again; /* retries are spread among the rest */
            if (rng_below(r, 100) < loss || answered >= limit) {
                owed++;
                p->in_flight--;
                pacer_timed_out(p, 0, 0);
                continue;
            }
            answered++;
            p->in_flight--;
            pacer_answered(p, late, now_ns);
        }
    }
}

int scan_pacer_test(void)
{
    int failed = 0;
    struct rng r = rng_of(5);
    struct pacer p = pacer_of(10, 4, 1000);
    run_rounds(&p, &r, 10, 0, 1e9);
    CHECK(p.window == 1000 && p.fast); /* clean: doubles with each round */
    run_rounds(&p, &r, 100, 2, 1e9);
    CHECK(p.window == 1000); /* 1 % loss each way is no reason to slow down */
    run_rounds(&p, &r, 100, 30, 1e9);
    CHECK(p.window > 350); /* cut now and then, seen to be no help, undone */
    CHECK(p.usual > 0.2);

    p = pacer_of(10, 4, 1000);
    run_rounds(&p, &r, 300, 0, 50); /* a path that carries 50 a round, whatever is sent */
    CHECK(p.window > 35 && p.window < 75);

    p = pacer_of(100, 4, 1000); /* mute: opens up to its ceiling */
    for (int i = 0; i < 5000; i++)
        pacer_timed_out(&p, 0, 0);
    CHECK(p.window == 1000);
    p = pacer_of(100, 4, 1000); /* silence after answers opens nothing */
    pacer_answered(&p, false, NS_PER_S);
    for (int i = 0; i < 5000; i++)
        pacer_timed_out(&p, 0, 0);
    CHECK(p.window < 102);
    p = pacer_of(100, 4, 1000); /* but once they are long past, it does */
    pacer_answered(&p, false, NS_PER_S);
    for (int i = 0; i < 5000; i++)
        pacer_timed_out(&p, 2 * NS_PER_S, NS_PER_S / 2);
    CHECK(p.window == 1000);
    p = pacer_of(50, 4, 8); /* never above the ceiling */
    CHECK(p.window == 8);
    p.in_flight = 8;
    CHECK(!pacer_has_room(&p));
    return failed;
}
