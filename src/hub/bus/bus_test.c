/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "hub/bus/bus.h"

enum { PORTS = 3, EACH = 20000 };

struct heard {
    uint64_t next[PORTS]; /* the number that has to come next from each port */
    uint64_t count, wrong, pauses, at_pause;
    unsigned slow_us;
};

static void hear(void *ctx, const struct record *r)
{
    struct heard *h = ctx;
    char want[32];
    snprintf(want, sizeof want, "p%u n%u", r->event.sid, r->event.rev);
    if (r->kind != RECORD_EVENT || r->event.sid >= PORTS || r->event.rev < h->next[r->event.sid] ||
        strcmp(r->event.summary, want) != 0)
        h->wrong++;
    else
        h->next[r->event.sid] = r->event.rev + 1U;
    h->count++;
    if (h->slow_us)
        usleep(h->slow_us);
}

static void pause_now(void *ctx)
{
    struct heard *h = ctx;
    h->pauses++;
    h->at_pause = h->count;
}

struct publisher {
    struct bus_port *port;
    uint32_t number, count, accepted;
    bool wait;
};

static struct record make(uint32_t port, uint32_t number, char text[32])
{
    snprintf(text, 32, "p%u n%u", port, number);
    return (struct record){.kind = RECORD_EVENT,
                           .event = {.sid = port, .rev = number, .summary = text}};
}

static void *publish(void *arg)
{
    struct publisher *p = arg;
    for (uint32_t i = 0; i < p->count; i++) {
        char text[32];
        struct record r = make(p->number, i, text);
        if (p->wait)
            bus_publish_wait(p->port, &r);
        p->accepted += p->wait || bus_publish(p->port, &r);
    }
    return NULL;
}

static uint64_t counter_of(struct bus_port *p, const char *name)
{
    struct counter_set set = bus_port_counters(p);
    return counter_sum(&set, 1, name);
}

/* Three threads, small rings, two listeners: all arrives, each port's in order. */
static int test_threads(bool wait)
{
    int failed = 0;
    struct err e = {0};
    struct heard heard = {0}, second = {0};
    struct bus *b = bus_new();
    struct publisher p[PORTS];
    pthread_t thread[PORTS];
    bus_listen(b, hear, pause_now, &heard);
    bus_listen(b, hear, NULL, &second);
    for (uint32_t i = 0; i < PORTS; i++)
        p[i] = (struct publisher){bus_port_new(b, 5000), i, EACH, 0, wait};
    CHECK(bus_start(b, &e) == 0);
    for (int i = 0; i < PORTS; i++)
        CHECK(pthread_create(&thread[i], NULL, publish, &p[i]) == 0);
    uint64_t published = 0, dropped = 0, accepted = 0;
    for (int i = 0; i < PORTS; i++) {
        pthread_join(thread[i], NULL);
        published += counter_of(p[i].port, "bus.published");
        dropped += counter_of(p[i].port, "bus.dropped");
        accepted += p[i].accepted;
    }
    CHECK(published + dropped == PORTS * EACH && accepted == published);
    CHECK(!wait || dropped == 0);
    bus_stop(b);
    CHECK(heard.count == published && heard.wrong == 0);
    CHECK(second.count == published && second.wrong == 0);
    CHECK(heard.pauses >= 2 && heard.at_pause == heard.count); /* the last one after all */
    return failed;
}

/* A listener that is slow does not stop a publisher that may lose, and pauses come all the same. */
static int test_slow_listener(void)
{
    int failed = 0;
    struct err e = {0};
    struct heard heard = {.slow_us = 1000};
    struct bus *b = bus_new();
    bus_listen(b, hear, pause_now, &heard);
    struct publisher p = {.port = bus_port_new(b, 65536), .count = 1000};
    CHECK(bus_start(b, &e) == 0);
    uint64_t from_ns = clock_mono_ns(&clock_system);
    publish(&p);
    CHECK(clock_mono_ns(&clock_system) - from_ns < NS_PER_S / 2);
    CHECK(counter_of(p.port, "bus.dropped") == p.count - p.accepted && p.accepted < p.count);
    bus_stop(b);
    CHECK(heard.count == p.accepted && heard.wrong == 0);
    CHECK(heard.pauses >= heard.count / 100); /* a millisecond each, a pause at 50 */
    return failed;
}

/* An idle bus sleeps: one record wakes it, and it pauses once, not over and over. */
static int test_idle(void)
{
    int failed = 0;
    struct err e = {0};
    struct heard heard = {0};
    struct bus *b = bus_new();
    bus_listen(b, hear, pause_now, &heard);
    struct bus_port *port = bus_port_new(b, 0);
    CHECK(bus_start(b, &e) == 0);
    for (uint32_t i = 0; i < 5; i++) {
        char text[32];
        struct record r = make(0, i, text);
        CHECK(bus_publish(port, &r));
        usleep(10000);
    }
    bus_stop(b);
    CHECK(heard.count == 5 && heard.wrong == 0 && heard.pauses <= 7);
    return failed;
}

/* What can never fit is dropped and counted, also by who would wait. */
static int test_too_long(void)
{
    int failed = 0;
    struct heard heard = {0};
    struct bus *b = bus_new();
    bus_listen(b, hear, NULL, &heard);
    struct bus_port *port = bus_port_new(b, 4096);
    char *text = mem_zero(2000);
    memset(text, 'x', 1999);
    struct record r = {.kind = RECORD_EVENT, .event.summary = text};
    CHECK(!bus_publish(port, &r));
    bus_publish_wait(port, &r);
    CHECK(counter_of(port, "bus.dropped") == 2 && counter_of(port, "bus.published") == 0);
    char small[32];
    r = make(0, 0, small);
    CHECK(bus_publish(port, &r));
    bus_stop(b); /* never started: delivered all the same */
    CHECK(heard.count == 1 && heard.wrong == 0);
    mem_free(text);
    bus_stop(NULL);
    return failed;
}

int bus_bus_test(void)
{
    return test_threads(true) + test_threads(false) + test_slow_listener() + test_idle() +
           test_too_long();
}
