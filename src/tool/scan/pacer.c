/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/pacer.h"

#include "core/base/clock.h"

/* An epoch is as many answers as make a share worth judging; a share may stand this far above the
 * usual one by chance (3 sigma of a binomial share near 5 % over 64 draws is about 8 %). */
enum { EPOCH_ANSWERS = 64 };
static const double margin = 0.10;
static const double cut = 0.6;
static const double regrowth =
    1.0 / 16; /* after slow start, for each answer: doubles in about 11 rounds */
static const double usual_max =
    0.4; /* 20 % loss each way; beyond that it is a limit, whatever the rates say */
static const double as_fast =
    0.8; /* between the cut and 1: told from chance by 3 sigma of 64 arrivals */

struct pacer pacer_of(double window, double floor, double ceiling)
{
    if (window > ceiling)
        window = ceiling;
    return (struct pacer){.window = window,
                          .floor = floor < window ? floor : window,
                          .ceiling = ceiling,
                          .silent_ceiling = ceiling,
                          .fast = true};
}

static void cut_window(struct pacer *p, double rate)
{
    p->uncut_window = p->window;
    p->uncut_rate = rate;
    p->unjudged = p->in_flight;
    p->fast = false;
    p->cuts++;
    p->window *= cut;
    if (p->window < p->floor)
        p->window = p->floor;
}

static void end_epoch(struct pacer *p, uint64_t now_ns)
{
    double share = (double)p->late / p->answers;
    uint64_t span_ns = now_ns > p->epoch_begin_ns ? now_ns - p->epoch_begin_ns : 1;
    double rate = (double)p->answers * (double)NS_PER_S / (double)span_ns;
    p->answers = p->late = 0;
    p->epoch_begin_ns = now_ns;
    if (p->uncut_window > 0 && rate < as_fast * p->uncut_rate) {
        p->window = p->uncut_window;
        p->cuts--;
        double loss = share < usual_max ? share : usual_max;
        p->usual = loss > p->usual ? loss : p->usual;
    }
    p->uncut_window = 0;
    if (share > p->usual + margin)
        cut_window(p, rate);
    else
        p->usual += (share - p->usual) / 8;
}

void pacer_answered(struct pacer *p, bool late, uint64_t now_ns)
{
    p->heard = true;
    p->silent = 0;
    p->answered_ns = now_ns;
    if (!p->epoch_begin_ns)
        p->epoch_begin_ns = now_ns;
    p->window += p->fast ? 1 : regrowth;
    if (p->unjudged) {
        if (--p->unjudged == 0)
            p->epoch_begin_ns = now_ns;
    } else {
        p->answers++;
        p->late += late;
        if (p->answers >= EPOCH_ANSWERS)
            end_epoch(p, now_ns);
    }
    if (p->window > p->ceiling)
        p->window = p->ceiling;
}

/* A host that answers nothing, or (behind a filter) nothing any more, tells nothing about the path:
 * after each window of silence try more at once, or 65,000 filtered ports take half a minute.
 * Between answers that come one by one there is no such silence: whoever limits them sets the pace.
 */
void pacer_timed_out(struct pacer *p, uint64_t now_ns, uint64_t quiet_ns)
{
    p->silent++;
    if (p->unjudged && --p->unjudged == 0)
        p->epoch_begin_ns = 0;
    bool quiet = !p->heard || now_ns > p->answered_ns + quiet_ns;
    if (!quiet || p->silent < (uint32_t)p->window)
        return;
    double most = p->silent_ceiling;
    p->silent = 0;
    p->window = p->window * 2 < most ? p->window * 2 : p->window > most ? p->window : most;
}
