/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/os/os_sequence.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"

enum {
    SEQ_LEAST = 4, /* answers that make a sequence */
    TCP_IDS_LEAST = 3,
    IDS_LEAST = 2,
    DIFF_RANDOM = 20000,
    DIFF_RI = 1000,
    DIFF_RI_SWAPPED = 25600,
    DIFF_BI = 5120,
    DIFF_I = 10,
    GCD_DIVIDES = 9, /* a divisor above this is taken out before the spread is measured */
};

bool os_sequence_ids(const uint16_t *id, size_t count, bool may_be_random, char to[8])
{
    bool zero = true, same = true, random = false, ri = false, bi = true, i1 = true;
    for (size_t i = 0; i < count; i++) {
        uint16_t diff = i ? (uint16_t)(id[i] - id[i - 1]) : 0;
        zero &= id[i] == 0;
        if (i == 0)
            continue;
        same &= diff == 0;
        random |= diff > DIFF_RANDOM;
        ri |= diff > DIFF_RI && (diff % 256 != 0 || diff >= DIFF_RI_SWAPPED);
        bi &= diff % 256 == 0 && diff <= DIFF_BI;
        i1 &= diff < DIFF_I;
    }
    const char *class = zero ? "Z" : random && may_be_random ? "RD" : NULL;
    if (!class && same)
        return snprintf(to, 8, "%X", id[0]) > 0;
    if (!class)
        class = ri ? "RI" : bi ? "BI" : i1 ? "I" : NULL;
    if (class)
        snprintf(to, 8, "%s", class);
    return class != NULL;
}

static uint32_t gcd(uint32_t a, uint32_t b)
{
    while (b) {
        uint32_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Steps between consecutive answers, and how fast the numbers grew. */
struct steps {
    uint32_t diff[OS_SEQ_PROBES];
    double rate[OS_SEQ_PROBES]; /* a second */
    size_t count;
};

static struct steps steps_of(const struct os_seen *s)
{
    struct steps out = {.count = 0};
    const struct os_seq_answer *last = NULL;
    for (size_t i = 0; i < OS_SEQ_PROBES; i++) {
        const struct os_seq_answer *a = &s->seq[i];
        if (!a->heard)
            continue;
        if (last) {
            uint32_t up = a->isn - last->isn, down = last->isn - a->isn;
            double span_s = (double)(a->sent_ns - last->sent_ns) / (double)NS_PER_S;
            out.diff[out.count] = up < down ? up : down;
            out.rate[out.count] = out.diff[out.count] / (span_s > 1e-6 ? span_s : 1e-6);
            out.count++;
        }
        last = a;
    }
    return out;
}

/* GCD, ISR and SP. */
static void make_isn(struct os_seen *s)
{
    struct steps steps = steps_of(s);
    uint32_t divisor = 0;
    double average = 0, spread = 0;
    s->sp = -1;
    if (steps.count + 1 < SEQ_LEAST)
        return;
    for (size_t i = 0; i < steps.count; i++) {
        divisor = gcd(divisor, steps.diff[i]);
        average += steps.rate[i] / (double)steps.count;
    }
    double unit = divisor > GCD_DIVIDES ? divisor : 1;
    for (size_t i = 0; i < steps.count; i++)
        spread += (steps.rate[i] / unit - average / unit) * (steps.rate[i] / unit - average / unit);
    spread = sqrt(spread / (double)(steps.count - 1));
    s->sp = divisor == 0 || spread <= 1 ? 0 : (int)(log2(spread) * 8 + 0.5);
    os_print_set(&s->print, OS_SEQ, "SP", "%X", (unsigned)s->sp);
    os_print_set(&s->print, OS_SEQ, "GCD", "%X", divisor);
    os_print_set(&s->print, OS_SEQ, "ISR", "%X",
                 divisor == 0 || average < 1 ? 0U : (unsigned)(log2(average) * 8 + 0.5));
}

/* Do ICMP and TCP count together?  Then the first echo's ID follows soon after the last SYN-ACK's.
 */
static void make_shared(struct os_seen *s, const uint16_t *tcp, size_t count, size_t span)
{
    const char *ti = os_print_get(&s->print, OS_SEQ, "TI"),
               *ii = os_print_get(&s->print, OS_SEQ, "II");
    if (!ti || !ii || strcmp(ti, ii) != 0 ||
        (strcmp(ii, "RI") != 0 && strcmp(ii, "BI") != 0 && strcmp(ii, "I") != 0))
        return;
    uint16_t average = (uint16_t)((uint16_t)(tcp[count - 1] - tcp[0]) / span);
    uint16_t ahead = (uint16_t)(s->echo_id[0] - tcp[count - 1]);
    os_print_set(&s->print, OS_SEQ, "SS", ahead < 3U * average ? "S" : "O");
}

static void make_ids(struct os_seen *s)
{
    uint16_t tcp[OS_SEQ_PROBES], closed[3];
    size_t tcp_count = 0, closed_count = 0, first = 0, last = 0;
    char class[8];
    for (size_t i = 0; i < OS_SEQ_PROBES; i++)
        if (s->seq[i].heard) {
            first = tcp_count ? first : i;
            last = i;
            tcp[tcp_count++] = s->seq[i].ip_id;
        }
    for (size_t i = 0; i < 3; i++)
        if (s->heard[OS_PROBE_T5 + i])
            closed[closed_count++] = s->closed_id[i];
    if (tcp_count >= TCP_IDS_LEAST && os_sequence_ids(tcp, tcp_count, true, class))
        os_print_set(&s->print, OS_SEQ, "TI", "%s", class);
    if (closed_count >= IDS_LEAST && os_sequence_ids(closed, closed_count, true, class))
        os_print_set(&s->print, OS_SEQ, "CI", "%s", class);
    if (s->heard[OS_PROBE_IE1] && s->heard[OS_PROBE_IE2] &&
        os_sequence_ids(s->echo_id, 2, false, class))
        os_print_set(&s->print, OS_SEQ, "II", "%s", class);
    if (tcp_count >= TCP_IDS_LEAST)
        make_shared(s, tcp, tcp_count, last - first);
}

/* How fast the clock of the time stamps runs: the usual rates have names of their own. */
static void set_rate(struct os_seen *s, double hz)
{
    unsigned name = hz <= 5.66              ? 1U
                    : hz > 70 && hz <= 150  ? 7U
                    : hz > 150 && hz <= 350 ? 8U
                                            : (unsigned)(log2(hz) + 0.5);
    s->timestamp_hz = hz;
    os_print_set(&s->print, OS_SEQ, "TS", "%X", name);
}

static void make_timestamps(struct os_seen *s)
{
    const struct os_seq_answer *last = NULL;
    size_t heard = 0, with = 0, spans = 0;
    bool zero = false;
    double sum = 0;
    for (size_t i = 0; i < OS_SEQ_PROBES; i++) {
        const struct os_seq_answer *a = &s->seq[i];
        heard += a->heard;
        if (!a->heard || !a->has_timestamp)
            continue;
        with++;
        zero |= a->timestamp == 0;
        if (last && a->sent_ns > last->sent_ns) {
            sum += (double)(uint32_t)(a->timestamp - last->timestamp) * (double)NS_PER_S /
                   (double)(a->sent_ns - last->sent_ns);
            spans++;
        }
        last = a;
    }
    if (heard && !with)
        os_print_set(&s->print, OS_SEQ, "TS", "U");
    else if (zero)
        os_print_set(&s->print, OS_SEQ, "TS", "0");
    else if (spans)
        set_rate(s, sum / (double)spans);
}

void os_sequence_make(struct os_seen *s)
{
    make_isn(s);
    make_ids(s);
    make_timestamps(s);
}
