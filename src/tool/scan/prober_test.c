/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The prober against simulated networks on a fake clock: the same run every time, in no time. */
#include <errno.h>
#include <stdio.h>

#include "check.h"
#include "core/base/mem.h"
#include "tool/scan/prober.h"

enum { QUEUE = 1 << 17, HOSTS_MAX = 64 };
static const uint64_t send_cost_ns = 4000;

enum kind { OPEN, CLOSED, MUTE };

struct sim_event {
    uint64_t due_ns;
    uint32_t host, item;
    uint8_t try;
    uint64_t rtt_ns;
};

/* A network: `rtt_ns` plus up to `jitter_ns`, `loss` percent each way, at most `answers_per_s`. */
struct network {
    uint64_t rtt_ns, jitter_ns;
    uint32_t loss;
    uint32_t answers_per_s; /* 0: no limit */
    uint32_t open_every,
        mute_from; /* every n-th item is open; items from mute_from on never answer */
    bool refuse;   /* the kernel refuses every third send for lack of room */
    bool routed;   /* another router speaks for each item */
};

struct sim {
    struct clock clock;
    struct rng rng;
    struct network net;
    double tokens;
    uint64_t tokens_ns;
    struct sim_event queue[QUEUE]; /* a heap by due_ns */
    uint32_t queued;
    uint64_t sent, forgotten, refused;
    uint32_t flying, flying_most;
    uint64_t last_send_ns, least_gap_ns;
};

static enum kind kind_of(const struct sim *s, uint32_t item)
{
    if (item >= s->net.mute_from)
        return MUTE;
    return s->net.open_every && item % s->net.open_every == 0 ? OPEN : CLOSED;
}

static void queue_put(struct sim *s, struct sim_event e)
{
    uint32_t at = s->queued++;
    for (; at && s->queue[(at - 1) / 2].due_ns > e.due_ns; at = (at - 1) / 2)
        s->queue[at] = s->queue[(at - 1) / 2];
    s->queue[at] = e;
}

static struct sim_event queue_take(struct sim *s)
{
    struct sim_event first = s->queue[0], last = s->queue[--s->queued];
    uint32_t at = 0;
    for (;;) {
        uint32_t child = 2 * at + 1;
        if (child >= s->queued)
            break;
        if (child + 1 < s->queued && s->queue[child + 1].due_ns < s->queue[child].due_ns)
            child++;
        if (s->queue[child].due_ns >= last.due_ns)
            break;
        s->queue[at] = s->queue[child];
        at = child;
    }
    s->queue[at] = last;
    return first;
}

/* A token bucket over closed ports' answers, as kernels limit their resets. */
static bool limited(struct sim *s, enum kind kind)
{
    if (!s->net.answers_per_s || kind != CLOSED)
        return false;
    uint64_t now = s->clock.fake_mono_ns;
    s->tokens += (double)(now - s->tokens_ns) / (double)NS_PER_S * s->net.answers_per_s;
    s->tokens_ns = now;
    if (s->tokens > 50)
        s->tokens = 50;
    if (s->tokens < 1)
        return true;
    s->tokens -= 1;
    return false;
}

static int sim_send(void *ctx, struct prober *p, uint32_t host, uint32_t item, uint8_t try)
{
    struct sim *s = ctx;
    (void)p;
    if (s->net.refuse && rng_below(&s->rng, 3) == 0) {
        s->refused++;
        return -EAGAIN;
    }
    uint64_t gap_ns = s->clock.fake_mono_ns - s->last_send_ns;
    if (s->sent && gap_ns < s->least_gap_ns)
        s->least_gap_ns = gap_ns;
    s->last_send_ns = s->clock.fake_mono_ns;
    clock_advance(&s->clock, send_cost_ns);
    s->sent++;
    if (++s->flying > s->flying_most)
        s->flying_most = s->flying;
    enum kind kind = kind_of(s, item);
    if (kind == MUTE || rng_below(&s->rng, 100) < s->net.loss ||
        rng_below(&s->rng, 100) < s->net.loss || limited(s, kind))
        return 0;
    uint64_t rtt_ns = s->net.rtt_ns + (s->net.jitter_ns ? rng_u64(&s->rng) % s->net.jitter_ns : 0);
    queue_put(s, (struct sim_event){s->clock.fake_mono_ns + rtt_ns, host, item, try, rtt_ns});
    return 0;
}

static void sim_forget(void *ctx, uint32_t host, uint32_t item)
{
    struct sim *s = ctx;
    (void)host, (void)item;
    s->forgotten++;
    s->flying--;
}

static int sim_wait(void *ctx, struct prober *p, uint64_t wait_ns, struct err *e)
{
    struct sim *s = ctx;
    (void)e;
    uint64_t until = s->clock.fake_mono_ns + wait_ns;
    if (s->queued && s->queue[0].due_ns < until)
        until = s->queue[0].due_ns;
    if (until > s->clock.fake_mono_ns)
        clock_advance(&s->clock, until - s->clock.fake_mono_ns);
    while (s->queued && s->queue[0].due_ns <= s->clock.fake_mono_ns) {
        struct sim_event ev = queue_take(s);
        enum kind kind = kind_of(s, ev.item);
        struct scan_verdict v = {
            kind == OPEN ? SCAN_OPEN : SCAN_CLOSED,
            {.reason = kind == OPEN ? SCAN_REASON_SYN_ACK : SCAN_REASON_RESET, .ttl = 64}};
        if (s->net.routed)
            v.because.from = addr_ip4(ev.item + 1);
        if (prober_result(p, ev.host, ev.item)->state == SCAN_UNKNOWN && s->flying)
            s->flying--;
        prober_answer(p, ev.host, ev.item, ev.try, &v, ev.rtt_ns);
    }
    return 0;
}

/* What a run has to show. */
struct expect {
    const char *what;
    uint32_t hosts, items;
    struct network net;
    int level;
    double seconds_max;
    double sends_max; /* per position */
    uint32_t wrong_max;
    double rate_max;
    uint64_t delay_ns;
    uint64_t timeouts_max; /* 0: any number */
};

static uint32_t count_wrong(const struct sim *s, const struct prober *p, uint32_t hosts,
                            uint32_t items)
{
    static const enum scan_state truth[] = {
        [OPEN] = SCAN_OPEN, [CLOSED] = SCAN_CLOSED, [MUTE] = SCAN_FILTERED};
    uint32_t wrong = 0;
    for (uint32_t h = 0; h < hosts; h++)
        for (uint32_t i = 0; i < items; i++)
            wrong += prober_result(p, h, i)->state != truth[kind_of(s, i)];
    return wrong;
}

/* Of how many answers is it not known who gave them? */
static uint32_t count_nameless(const struct prober *p, uint32_t hosts, uint32_t items)
{
    uint32_t nameless = 0;
    for (uint32_t h = 0; h < hosts; h++)
        for (uint32_t i = 0; i < items; i++) {
            struct addr want = addr_ip4(i + 1), have = prober_answered_by(p, h, i);
            nameless += !addr_equal(&want, &have);
        }
    return nameless;
}

static const struct scan_technique technique = {
    .name = "sim", .proto = SCAN_TCP, .silent = SCAN_FILTERED};

/* How far a run said it was: it never goes back, nor beyond the end. */
struct course {
    uint64_t done, total;
    uint32_t calls, moves;
    bool wrong;
};

static bool watch(void *ctx, uint64_t done, uint64_t total)
{
    struct course *c = ctx;
    c->wrong |= done > total || (c->calls && total != c->total);
    c->wrong |= done < c->done && done + total / 8 < c->done; /* given up, and taken up again */
    c->moves += done != c->done;
    c->done = done;
    c->total = total;
    c->calls++;
    return true;
}

static void check_run(const struct expect *x, size_t row, int *failures)
{
    int failed = 0;
    struct err e = {0};
    struct sim *s = mem_zero(sizeof *s);
    s->net = x->net;
    s->clock = clock_fake(NS_PER_S, 0);
    s->rng = rng_of(11 + row);
    s->tokens = 50;
    s->tokens_ns = NS_PER_S;
    s->least_gap_ns = UINT64_MAX;
    struct scan_timing timing = scan_timing_of(x->level);
    timing.rate_max = x->rate_max;
    timing.scan_delay_ns = x->delay_ns;
    struct probe_host host[HOSTS_MAX] = {0};
    for (uint32_t h = 0; h < x->hosts; h++)
        host[h].rtt = rtt_of(&timing);
    struct probe_item *item = mem_zero(x->items * sizeof *item);
    for (uint32_t i = 0; i < x->items; i++)
        item[i] = (struct probe_item){&technique, (uint16_t)i, 0};
    struct probe_transport transport = {s, 4096, sim_send, sim_forget, sim_wait};
    struct course course = {0};
    struct prober_setup setup = {
        .host = host,
        .host_count = x->hosts,
        .item = item,
        .item_count = x->items,
        .timing = &timing,
        .clock = &s->clock,
        .transport = &transport,
        .seed = 7,
        .progress = watch,
        .progress_ctx = &course,
    };
    struct prober *p = NULL;
    CHECK_ROW(row, prober_run(&setup, &p, &e) == 0);
    double seconds = (double)(s->clock.fake_mono_ns - NS_PER_S) / (double)NS_PER_S;
    double sends = (double)s->sent / ((double)x->hosts * x->items);
    uint32_t wrong = count_wrong(s, p, x->hosts, x->items);
    bool ok = CHECK_ROW(row, seconds <= x->seconds_max);
    ok &= CHECK_ROW(row, sends <= x->sends_max);
    ok &= CHECK_ROW(row, wrong <= x->wrong_max);
    ok &= CHECK_ROW(row, !course.wrong && (course.calls < 10 || course.moves >= 5));
    if (x->net.routed)
        ok &= CHECK_ROW(row, count_nameless(p, x->hosts, x->items) == 0);
    if (x->delay_ns)
        ok &= CHECK_ROW(row, s->least_gap_ns >= x->delay_ns - send_cost_ns);
    struct counter_set c = prober_counters(p);
    ok &= CHECK_ROW(row, counter_sum(&c, 1, "scan.probes_sent") == s->sent);
    if (x->timeouts_max)
        ok &= CHECK_ROW(row, counter_sum(&c, 1, "scan.timeouts") <= x->timeouts_max);
    if (!ok)
        printf("  %s: %.3f s, %.2f sends each, %u wrong, %u in flight, %lu refused\n", x->what,
               seconds, sends, wrong, s->flying_most, (unsigned long)s->refused);
    prober_free(p);
    mem_free(item);
    mem_free(s);
    *failures += failed;
}

static void check_one_answer(int *failures)
{
    int failed = 0;
    struct err e = {0};
    struct sim *s = mem_zero(sizeof *s);
    s->clock = clock_fake(NS_PER_S, 0);
    s->rng = rng_of(1);
    s->net.rtt_ns = NS_PER_MS;
    s->net.mute_from = 1; /* the first item answers, the others never */
    struct scan_timing timing = scan_timing_of(3);
    struct probe_host host[2] = {{.rtt = rtt_of(&timing)}, {.rtt = rtt_of(&timing)}};
    struct probe_item item[3] = {{&technique, 1, 0}, {&technique, 2, 0}, {&technique, 3, 0}};
    struct probe_transport transport = {s, 64, sim_send, sim_forget, sim_wait};
    struct prober_setup setup = {.host = host,
                                 .host_count = 2,
                                 .item = item,
                                 .item_count = 3,
                                 .one_answer = true,
                                 .timing = &timing,
                                 .clock = &s->clock,
                                 .transport = &transport};
    struct prober *p = NULL;
    CHECK(prober_run(&setup, &p, &e) == 0);
    CHECK(host[0].settled && host[1].settled && host[0].settled_by == 0);
    CHECK(s->clock.fake_mono_ns - NS_PER_S <
          10 * NS_PER_MS); /* nobody waited for the others' time-out */
    CHECK(s->flying == 0); /* and they were let go */
    prober_free(p);

    timing.host_timeout_ns = 100 * NS_PER_MS; /* shorter than the first time-out */
    s->net.mute_from = 0;
    host[0] = host[1] = (struct probe_host){.rtt = rtt_of(&timing)};
    uint64_t begin_ns = s->clock.fake_mono_ns;
    CHECK(prober_run(&setup, &p, &e) == 0);
    CHECK(host[0].timed_out && host[1].timed_out && !host[0].settled);
    CHECK(s->clock.fake_mono_ns - begin_ns < 150 * NS_PER_MS);
    prober_free(p);
    mem_free(s);
    *failures += failed;
}

static bool stop_at_once(void *ctx, uint64_t done, uint64_t total)
{
    ++*(int *)ctx;
    return done > total; /* never */
}

static void check_stop(int *failures)
{
    int failed = 0, calls = 0;
    struct err e = {0};
    struct sim *s = mem_zero(sizeof *s);
    s->clock = clock_fake(NS_PER_S, 0);
    struct scan_timing timing = scan_timing_of(3);
    struct probe_host host = {.rtt = rtt_of(&timing)};
    struct probe_item item = {&technique, 1, 0};
    struct probe_transport transport = {s, 64, sim_send, sim_forget, sim_wait};
    struct prober_setup setup = {.host = &host,
                                 .host_count = 1,
                                 .item = &item,
                                 .item_count = 1,
                                 .timing = &timing,
                                 .clock = &s->clock,
                                 .transport = &transport,
                                 .progress = stop_at_once,
                                 .progress_ctx = &calls};
    struct prober *p = NULL;
    CHECK(prober_run(&setup, &p, &e) == -ECANCELED && calls == 1);
    CHECK(s->flying == 0);
    prober_free(p);
    mem_free(s);
    *failures += failed;
}

/* No answer limit, nobody mute. */
#define NEVER UINT32_MAX

/* clang-format off */
static const struct expect runs[] = {
    /* what, hosts, items, network, level, seconds, sends each, wrong at most, rate, delay,
     * time-outs at most */
    {"65,535 ports next door", 1, 65535,
     {.rtt_ns = 100000, .open_every = 6000, .mute_from = NEVER}, 4, 0.6, 1.0, 0, 0, 0, 0},
    {"the same with 1 % loss each way", 1, 65535,
     {.rtt_ns = 100000, .loss = 1, .open_every = 6000, .mute_from = NEVER}, 4, 2.0, 1.1, 1,
     0, 0, 0},
    {"the same with 5 % loss each way", 1, 65535,
     {.rtt_ns = 100000, .loss = 5, .open_every = 6000, .mute_from = NEVER}, 4, 3.5, 1.3, 4,
     0, 0, 0},
    {"64 hosts", 64, 1000,
     {.rtt_ns = 200000, .open_every = 100, .mute_from = NEVER}, 4, 0.5, 1.0, 0, 0, 0, 0},
    {"far and shaky", 3, 1000,
     {.rtt_ns = 20 * NS_PER_MS, .jitter_ns = 30 * NS_PER_MS, .loss = 1, .open_every = 100,
      .mute_from = NEVER}, 4, 2.5, 1.2, 1, 0, 0, 0},
    {"mute", 1, 1000,
     {.rtt_ns = NS_PER_MS, .mute_from = 0}, 4, 6.0, 2.0, 0, 0, 0, 0},
    {"half filtered", 1, 2000,
     {.rtt_ns = NS_PER_MS, .open_every = 100, .mute_from = 1000}, 4, 2.0, 1.6, 0, 0, 0, 0},
    {"resets limited to 200 a second", 1, 1000,
     {.rtt_ns = NS_PER_MS, .answers_per_s = 200, .open_every = 100, .mute_from = NEVER},
     4, 6, 8.0, 0, 0, 0, 0},
    {"the same, and a hundred filtered", 1, 1000,
     {.rtt_ns = NS_PER_MS, .answers_per_s = 200, .open_every = 100, .mute_from = 900},
     4, 8.5, 10.0, 0, 0, 0, 0},
    {"a firewall in front of ten ports", 1, 20000,
     {.rtt_ns = NS_PER_MS, .mute_from = 10}, 4, 4.5, 2.0, 0, 0, 0, 0},
    {"a rate of 1,000", 4, 500,
     {.rtt_ns = NS_PER_MS, .open_every = 100, .mute_from = NEVER}, 3, 2.2, 1.0, 0, 1000, 0, 0},
    {"a delay of 10 ms", 1, 100,
     {.rtt_ns = NS_PER_MS, .open_every = 10, .mute_from = NEVER},
     3, 1.2, 1.0, 0, 0, 10 * NS_PER_MS, 0},
    {"paranoid: longer than the time kept for a probe", 1, 300,
     {.rtt_ns = NS_PER_MS, .open_every = 100, .mute_from = 298},
     0, 91000, 1.1, 0, 0, 300 * NS_PER_S, 4},
    {"routers answer", 2, 20000,
     {.rtt_ns = NS_PER_MS, .mute_from = NEVER, .routed = true}, 4, 1.0, 1.0, 0, 0, 0, 0},
    {"no room in the kernel", 2, 1000,
     {.rtt_ns = NS_PER_MS, .open_every = 100, .mute_from = NEVER, .refuse = true},
     3, 3.0, 1.0, 0, 0, 0, 0},
    {"one port", 1, 1,
     {.rtt_ns = NS_PER_MS, .open_every = 1, .mute_from = NEVER}, 3, 0.1, 1.0, 0, 0, 0, 0},
};
/* clang-format on */

int scan_prober_test(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(runs); i++)
        check_run(&runs[i], i, &failed);
    check_one_answer(&failed);
    check_stop(&failed);
    return failed;
}
