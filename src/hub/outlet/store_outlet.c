/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/outlet/store_outlet.h"

#include "core/base/arena.h"
#include "core/base/mem.h"
#include "hub/store/store.h"

struct store_outlet {
    struct store *store;
    struct arena arena; /* of the batch: the records' texts */
    struct event *event;
    struct fact *fact;
    struct finding *finding;
    size_t event_count, fact_count, finding_count;
    int64_t run_id; /* the run of this process; 0: not written yet */
    struct err error;
};

static void flush(void *ctx)
{
    struct store_outlet *o = ctx;
    struct err e = {0};
    int rc = 0;
    if (o->event_count)
        rc = store_add_events(o->store, o->event, o->event_count, &e);
    if (rc == 0 && o->fact_count)
        rc = store_add_facts(o->store, o->fact, o->fact_count, &e);
    if (rc == 0 && o->finding_count)
        rc = store_add_findings(o->store, o->finding, o->finding_count, &e);
    if (rc < 0 && !o->error.code)
        o->error = e;
    o->event_count = o->fact_count = o->finding_count = 0;
    arena_reset(&o->arena);
}

static void put_run(struct store_outlet *o, const struct run *run)
{
    struct run copy = *run;
    struct err e = {0};
    if (!copy.id)
        copy.id = o->run_id;
    if (store_put_run(o->store, &copy, &o->run_id, &e) < 0 && !o->error.code)
        o->error = e;
}

/* The record lives for the call only: its texts move into the batch's arena. */
static void take(void *ctx, const struct record *record)
{
    struct store_outlet *o = ctx;
    struct record kept;
    if (record->kind == RECORD_RUN) {
        put_run(o, &record->run);
        return;
    }
    size_t size = record_pack(record, NULL, 0);
    void *block = arena_take(&o->arena, size);
    record_pack(record, block, size);
    record_unpack(&kept, block);
    switch (record->kind) {
    case RECORD_EVENT:
        o->event[o->event_count++] = kept.event;
        break;
    case RECORD_FACT:
        o->fact[o->fact_count++] = kept.fact;
        break;
    case RECORD_FINDING:
        o->finding[o->finding_count++] = kept.finding;
        break;
    case RECORD_RUN:
        break;
    }
    if (o->event_count == STORE_OUTLET_BATCH || o->fact_count == STORE_OUTLET_BATCH ||
        o->finding_count == STORE_OUTLET_BATCH)
        flush(o);
}

int store_outlet_open(struct store_outlet **out, const char *folder, struct bus *bus,
                      const struct clock *clock, struct err *e)
{
    struct store_outlet *o = mem_zero(sizeof *o);
    if (store_open(&o->store, folder, STORE_WRITE, clock, e) < 0) {
        mem_free(o);
        return e->code;
    }
    o->event = mem_zero(STORE_OUTLET_BATCH * sizeof *o->event);
    o->fact = mem_zero(STORE_OUTLET_BATCH * sizeof *o->fact);
    o->finding = mem_zero(STORE_OUTLET_BATCH * sizeof *o->finding);
    bus_listen(bus, take, flush, o);
    *out = o;
    return 0;
}

int store_outlet_close(struct store_outlet *o, struct err *e)
{
    int rc = o->error.code;
    if (rc < 0)
        *e = o->error;
    store_close(o->store);
    arena_done(&o->arena);
    mem_free(o->event);
    mem_free(o->fact);
    mem_free(o->finding);
    mem_free(o);
    return rc;
}
