/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nobody spins and nobody takes a lock: who has to wait says so in a flag, looks once more, and
 * sleeps on a semaphore; the other side looks at the flag after it has done its part.  The fences
 * make "write mine, then read yours" hold on both sides (Dekker), so that no waking is lost.
 * It does not order records of different ports. */
#include "hub/bus/bus.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/ring.h"

enum {
    RING_MIN = 4096,
    TURN_MAX = 256, /* records of one port before the next one has its turn */
};
#define WORK_MAX_NS (50 * NS_PER_MS)

/* One side sleeps, the other wakes it. */
struct doze {
    _Atomic bool asleep;
    sem_t wake;
};

enum bus_counter { BUS_PUBLISHED, BUS_DROPPED, BUS_WAITED, BUS_COUNTER_COUNT };

static const struct counter counters[BUS_COUNTER_COUNT] = {
    [BUS_PUBLISHED] = {"bus.published", "records handed to the bus"},
    [BUS_DROPPED] = {"bus.dropped", "records lost because the ring was full or they were too long"},
    [BUS_WAITED] = {"bus.waited", "times a publisher slept because the ring was full"},
};

struct bus_port {
    struct bus *bus;
    struct ring *ring;
    size_t record_max;
    struct doze publisher;
    uint64_t value[BUS_COUNTER_COUNT];
};

struct bus {
    struct {
        bus_listener_fn *fn;
        bus_pause_fn *pause;
        void *ctx;
    } listener[BUS_LISTENER_MAX];
    size_t listener_count, port_count;
    struct bus_port *port[BUS_PORT_MAX];
    struct doze writer;
    _Atomic bool stopping;
    bool started;
    pthread_t thread;
};

static void doze_init(struct doze *d)
{
    sem_init(&d->wake, 0, 0);
}

/* Say that we are about to sleep.  What we wait for has to be looked at once more now. */
static void doze_begin(struct doze *d)
{
    atomic_store_explicit(&d->asleep, true, memory_order_relaxed);
    atomic_thread_fence(memory_order_seq_cst);
}

/* Sleep, or (`needless`) take it back; a waking that is on its way already is used up. */
static void doze_end(struct doze *d, bool needless)
{
    if (needless && atomic_exchange(&d->asleep, false))
        return;
    while (sem_wait(&d->wake) != 0 && errno == EINTR)
        ;
}

static void doze_wake(struct doze *d)
{
    atomic_thread_fence(memory_order_seq_cst);
    if (atomic_load_explicit(&d->asleep, memory_order_relaxed) &&
        atomic_exchange(&d->asleep, false))
        sem_post(&d->wake);
}

struct bus *bus_new(void)
{
    struct bus *b = mem_zero(sizeof *b);
    doze_init(&b->writer);
    return b;
}

void bus_listen(struct bus *b, bus_listener_fn *fn, bus_pause_fn *pause, void *ctx)
{
    assert(!b->started && b->listener_count < BUS_LISTENER_MAX);
    size_t at = b->listener_count++;
    b->listener[at].fn = fn;
    b->listener[at].pause = pause;
    b->listener[at].ctx = ctx;
}

struct bus_port *bus_port_new(struct bus *b, size_t ring_bytes)
{
    assert(!b->started && b->port_count < BUS_PORT_MAX);
    size_t size = RING_MIN;
    while (size < ring_bytes)
        size *= 2;
    struct bus_port *p = mem_zero(sizeof *p);
    p->bus = b;
    p->ring = ring_new(size);
    p->record_max = size / 4; /* see ring_reserve */
    doze_init(&p->publisher);
    b->port[b->port_count++] = p;
    return p;
}

struct counter_set bus_port_counters(struct bus_port *p)
{
    return (struct counter_set){counters, BUS_COUNTER_COUNT, p->value};
}

/* ---- publishing thread ---- */

static bool put(struct bus_port *p, const struct record *record, size_t len)
{
    void *room = ring_reserve(p->ring, len);
    if (!room)
        return false;
    record_pack(record, room, len);
    ring_commit(p->ring);
    counter_add(&p->value[BUS_PUBLISHED], 1);
    doze_wake(&p->bus->writer);
    return true;
}

bool bus_publish(struct bus_port *p, const struct record *record)
{
    bool done = put(p, record, record_pack(record, NULL, 0));
    if (!done)
        counter_add(&p->value[BUS_DROPPED], 1);
    return done;
}

void bus_publish_wait(struct bus_port *p, const struct record *record)
{
    size_t len = record_pack(record, NULL, 0);
    if (len > p->record_max) { /* there would never be room */
        counter_add(&p->value[BUS_DROPPED], 1);
        return;
    }
    for (bool done = put(p, record, len); !done;) {
        counter_add(&p->value[BUS_WAITED], 1);
        doze_begin(&p->publisher);
        done = put(p, record, len);
        doze_end(&p->publisher, done);
        done = done || put(p, record, len);
    }
}

/* ---- writer thread ---- */

static void deliver(const struct bus *b, const void *packed)
{
    struct record record;
    record_unpack(&record, packed);
    for (size_t i = 0; i < b->listener_count; i++)
        b->listener[i].fn(b->listener[i].ctx, &record);
}

static void call_pauses(const struct bus *b)
{
    for (size_t i = 0; i < b->listener_count; i++)
        if (b->listener[i].pause)
            b->listener[i].pause(b->listener[i].ctx);
}

static bool is_work_left(const struct bus *b)
{
    size_t len;
    for (size_t i = 0; i < b->port_count; i++)
        if (ring_peek(b->port[i]->ring, &len))
            return true;
    return false;
}

/* One turn of a port; returns the number of records. */
static size_t serve_port(const struct bus *b, struct bus_port *p, uint64_t end_ns)
{
    size_t count = 0, len;
    const void *packed;
    while (count < TURN_MAX && (packed = ring_peek(p->ring, &len))) {
        deliver(b, packed);
        ring_release(p->ring);
        count++;
        if (clock_mono_ns(&clock_system) >= end_ns)
            break;
    }
    if (count)
        doze_wake(&p->publisher);
    return count;
}

/* Serve all ports in turn until they are empty or it is time for a pause.  Returns the number of
 * records. */
static size_t work(const struct bus *b)
{
    uint64_t end_ns = clock_mono_ns(&clock_system) + WORK_MAX_NS;
    size_t sum = 0, count;
    do {
        count = 0;
        for (size_t i = 0; i < b->port_count; i++)
            count += serve_port(b, b->port[i], end_ns);
        sum += count;
    } while (count && clock_mono_ns(&clock_system) < end_ns);
    return sum;
}

static void *writer_main(void *arg)
{
    struct bus *b = arg;
    for (;;) {
        bool stopping = atomic_load(&b->stopping); /* before the work: what came first is seen */
        if (work(b)) {
            call_pauses(b);
            continue;
        }
        if (stopping)
            return NULL;
        doze_begin(&b->writer);
        doze_end(&b->writer, is_work_left(b) || atomic_load(&b->stopping));
    }
}

/* Signals are for the threads that have a loop. */
int bus_start(struct bus *b, struct err *e)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int rc = pthread_create(&b->thread, NULL, writer_main, b);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (rc)
        return err_set(e, -rc, "writer thread: %s", strerror(rc));
    b->started = true;
    return 0;
}

void bus_stop(struct bus *b)
{
    if (!b)
        return;
    atomic_store(&b->stopping, true);
    doze_wake(&b->writer);
    if (b->started)
        pthread_join(b->thread, NULL);
    else
        writer_main(b);
    call_pauses(b);
    for (size_t i = 0; i < b->port_count; i++) {
        ring_free(b->port[i]->ring);
        sem_destroy(&b->port[i]->publisher.wake);
        mem_free(b->port[i]);
    }
    sem_destroy(&b->writer.wake);
    mem_free(b);
}
