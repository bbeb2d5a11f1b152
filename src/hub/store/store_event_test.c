/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>

#include "check.h"
#include "core/base/clock.h"
#include "hub/model/record_same_test.h"
#include "hub/store/store_fixture_test.h"
#include "hub/store/store_private.h"

#define DAY_NS      (UINT64_C(86400) * NS_PER_S)
#define FIRST_DAY   20500
#define NOON_NS     (FIRST_DAY * DAY_NS + DAY_NS / 2)
#define MIDNIGHT_NS ((FIRST_DAY + 1) * DAY_NS)

struct collected {
    uint32_t sid[64], day[64];
    size_t count, stop_at; /* stop after that many; 0: never */
};

static bool collect(void *ctx, const struct store_cursor *at, const struct event *event)
{
    struct collected *c = ctx;
    c->sid[c->count] = event->sid;
    c->day[c->count++] = at->day;
    return c->count != c->stop_at;
}

static int add(struct store *s, uint32_t sid)
{
    struct err e = {0};
    struct event event = {.kind = EVENT_TRAP, .sid = sid};
    return store_add_events(s, &event, 1, &e);
}

struct compared {
    const struct event *want;
    bool same;
};

static bool compare(void *ctx, const struct store_cursor *at, const struct event *event)
{
    (void)at;
    struct compared *c = ctx;
    c->same = same_event(c->want, event);
    return true;
}

static const struct event whole[] = {
    {.id = 77,
     .wall_ns = 1,
     .kind = EVENT_ALERT,
     .severity = SEVERITY_CRITICAL,
     .strength = STRENGTH_HELD,
     .wish = {WISH_BAN, UINT32_MAX},
     .src = {{ADDR_IP6, {0xfe, 0x80, [15] = 9}, 4}, 65535},
     .dst = {{ADDR_IP4, {192, 0, 2, 1}, 0}, 22},
     .ip_proto = 6,
     .flow_id = UINT64_MAX,
     .gid = 1,
     .sid = UINT32_MAX,
     .rev = 3,
     .type = "http",
     .sensor = "eth0",
     .summary = "a \"stranger's\" words \xff\n",
     .json = "{\"http\":{\"url\":\"/\"}}"},
    {.id = 78, .wall_ns = INT64_MAX, .kind = EVENT_KIND_COUNT - 1}, /* nothing set */
    {.id = 79, .kind = EVENT_PROTOCOL, .summary = "", .json = "", .sensor = "", .type = ""},
};

static int test_every_field(void)
{
    int failed = 0;
    struct err e = {0};
    struct clock clock = clock_fake(0, NOON_NS);
    struct store *s = NULL;
    struct store_cursor at = {0};
    CHECK(store_open(&s, "store", STORE_WRITE, &clock, &e) == 0);
    for (size_t i = 0; i < ARRAY_LEN(whole); i++) {
        struct event event = whole[i];
        struct compared c = {.want = &whole[i]};
        CHECK_ROW(i, store_add_events(s, &event, 1, &e) == 0);
        CHECK_ROW(i, store_read_events(s, &at, 9, compare, &c, &e) == 0 && c.same);
    }
    store_close(s);
    fixture_empty("store");
    return failed;
}

static int test_cursor(void)
{
    int failed = 0;
    struct err e = {0};
    struct clock clock = clock_fake(0, NOON_NS);
    struct store *s = NULL;
    struct store_cursor at = {0};
    struct collected all = {0}, some = {0}, stopped = {.stop_at = 2};
    CHECK(store_open(&s, "store", STORE_WRITE, &clock, &e) == 0);
    CHECK(store_read_events(s, &at, 9, collect, &all, &e) == 0 && all.count == 0 && at.day == 0);
    struct event event[5];
    for (uint32_t i = 0; i < 5; i++)
        event[i] = (struct event){.kind = EVENT_TRAP, .sid = i};
    CHECK(store_add_events(s, event, 5, &e) == 0 && store_add_events(s, event, 0, &e) == 0);
    for (int i = 1; i < 5; i++)
        CHECK_ROW(i, event[i].id > event[i - 1].id);
    CHECK(store_read_events(s, &at, 2, collect, &some, &e) == 0 && some.count == 2);
    CHECK(at.row == 2 && at.day == store_day_of(NOON_NS));
    CHECK(store_read_events(s, &at, 9, collect, &stopped, &e) == 0 && stopped.count == 2);
    CHECK(store_read_events(s, &at, 9, collect, &some, &e) == 0 && some.count == 3);
    CHECK(some.sid[0] == 0 && some.sid[1] == 1 && some.sid[2] == 4 && stopped.sid[1] == 3);
    CHECK(store_read_events(s, &at, 0, collect, &some, &e) == 0 && some.count == 3);
    CHECK(store_read_events(s, &at, 9, collect, &some, &e) == 0 && some.count == 3);
    store_close(s);
    fixture_empty("store");
    return failed;
}

/* Days change under two writers and a reader who stands in the midst of the old day.  Writer b's
 * clock lags behind: it finds its file sealed and goes on in the new one. */
static int test_midnight(void)
{
    int failed = 0;
    struct err e = {0};
    struct clock clock = clock_fake(0, MIDNIGHT_NS - 1), late = clock;
    struct store *a = NULL, *b = NULL, *reader = NULL;
    struct store_cursor at = {0};
    struct collected seen = {0};
    CHECK(store_open(&a, "store", STORE_WRITE, &clock, &e) == 0);
    CHECK(store_open(&b, "store", STORE_WRITE, &late, &e) == 0);
    CHECK(store_open(&reader, "store", STORE_READ, &clock, &e) == 0);
    CHECK(add(a, 0) == 0 && add(b, 1) == 0);
    CHECK(store_read_events(reader, &at, 1, collect, &seen, &e) == 0 && seen.count == 1);
    clock_advance(&clock, 1);
    CHECK(add(a, 2) == 0 && add(b, 3) == 0 && add(a, 4) == 0);
    CHECK(store_read_events(reader, &at, 2, collect, &seen, &e) == 0 && seen.count == 3);
    CHECK(store_read_events(reader, &at, 9, collect, &seen, &e) == 0 && seen.count == 5);
    for (uint32_t i = 0; i < 5; i++) {
        CHECK_ROW(i, seen.sid[i] == i);
        CHECK_ROW(i, seen.day[i] == store_day_of(MIDNIGHT_NS - (i < 2)));
    }
    clock.fake_wall_ns -= 3 * DAY_NS; /* somebody sets the clock back: the newest file goes on */
    CHECK(add(a, 5) == 0);
    clock.fake_wall_ns += 10 * DAY_NS; /* and far ahead: days without a file between */
    CHECK(add(a, 6) == 0 && add(b, 7) == 0);
    CHECK(store_read_events(reader, &at, 9, collect, &seen, &e) == 0 && seen.count == 8);
    for (uint32_t i = 5; i < 8; i++)
        CHECK_ROW(i, seen.sid[i] == i);
    CHECK(seen.day[5] == store_day_of(MIDNIGHT_NS) &&
          seen.day[7] == store_day_of(MIDNIGHT_NS + 7 * DAY_NS));
    store_close(a);
    store_close(b);
    store_close(reader);
    fixture_empty("store");
    return failed;
}

/* A writer that died after it made the new day's file left the old one unsealed; so did one that
 * never came back.  The next writer seals both, and a reader gets through. */
static int test_unsealed(void)
{
    int failed = 0;
    struct err e = {0};
    struct clock clock = clock_fake(0, NOON_NS);
    struct store *s = NULL;
    struct store_cursor at = {0};
    struct collected seen = {0};
    for (uint32_t i = 0; i < 3; i++) {
        CHECK_ROW(i, store_open(&s, "store", STORE_WRITE, &clock, &e) == 0 && add(s, i) == 0);
        store_close(s);
        clock_advance(&clock, DAY_NS);
    }
    CHECK(store_open(&s, "store", STORE_WRITE, &clock, &e) == 0);
    CHECK(store_day_open_reading(s, store_day_of(NOON_NS + 2 * DAY_NS), &e) == 0);
    bool sealed = true;
    CHECK(store_day_is_sealed(s->reading.db, &sealed, &e) == 0 && !sealed);
    CHECK(add(s, 3) == 0 && store_day_is_sealed(s->reading.db, &sealed, &e) == 0 && sealed);
    CHECK(store_read_events(s, &at, 9, collect, &seen, &e) == 0 && seen.count == 4);
    size_t removed = 0;
    CHECK(store_remove_before(s, store_day_of(NOON_NS + 2 * DAY_NS), &removed, &e) == 0);
    CHECK(removed == 2 && access("store/events-20260216.db", F_OK) != 0);
    at = (struct store_cursor){.day = store_day_of(NOON_NS), .row = 0};
    seen.count = 0; /* a cursor into a removed file goes on at the first there is */
    CHECK(store_read_events(s, &at, 9, collect, &seen, &e) == 0 && seen.count == 2);
    CHECK(seen.sid[0] == 2 && seen.sid[1] == 3);
    CHECK(store_remove_before(s, 99991231, &removed, &e) == 0 && removed == 1);
    CHECK(add(s, 4) == 0); /* the newest stays: it is being written to */
    CHECK(store_read_events(s, &at, 9, collect, &seen, &e) == 0 && seen.count == 3);
    store_close(s);
    fixture_empty("store");
    return failed;
}

/* A broken day file names itself; the others stay readable. */
static int test_broken_day(void)
{
    int failed = 0;
    struct err e = {0};
    struct clock clock = clock_fake(0, NOON_NS);
    struct store *s = NULL;
    struct store_cursor at = {0};
    struct collected seen = {0};
    char name[64];
    CHECK(store_open(&s, "store", STORE_WRITE, &clock, &e) == 0);
    snprintf(name, sizeof name, "store/events-%u.db", store_day_of(NOON_NS));
    FILE *f = fopen(name, "w");
    for (int i = 0; i < 300; i++)
        fputs("garbage all the way down ", f);
    fclose(f);
    CHECK(add(s, 0) == -EBADMSG);
    CHECK(store_read_events(s, &at, 9, collect, &seen, &e) == -EBADMSG && strstr(e.text, name));
    CHECK(unlink(name) == 0 && add(s, 1) == 0);
    CHECK(store_read_events(s, &at, 9, collect, &seen, &e) == 0 && seen.count == 1);
    f = fopen("store/events-2026.db", "w"); /* names that are none of ours are left alone */
    fclose(f);
    CHECK(add(s, 2) == 0);
    store_close(s);
    fixture_empty("store");
    return failed;
}

int store_store_event_test(void)
{
    int failed = 0;
    char path[TEST_FOLDER_MAX];
    CHECK(fixture_open(path));
    failed += test_every_field() + test_cursor() + test_midnight() + test_unsealed();
    failed += test_broken_day();
    CHECK(fixture_close(path));
    return failed;
}
