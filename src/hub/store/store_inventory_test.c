/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "core/base/clock.h"
#include "hub/model/record_same_test.h"
#include "hub/store/store_fixture_test.h"
#include "hub/store/store_private.h"

#define DAY (UINT64_C(86400) * NS_PER_S)

/* Claims about one port in their order; after each: what is believed. */
static const struct {
    enum fact_source source;
    uint64_t seen_day;
    const char *value;
    const char *believed;
    uint64_t first_day, last_day;
} claim[] = {
    {FACT_BY_BANNER, 100, "http", "http", 100, 100},
    {FACT_BY_BANNER, 101, "https", "https", 100, 101}, /* as strong and later */
    {FACT_BY_BANNER, 99, "smtp", "https", 100, 101},   /* as strong, but came late */
    {FACT_BY_PROBE, 102, "ssh", "ssh", 100, 102},      /* stronger */
    {FACT_BY_PASSIVE, 120, "http", "ssh", 100, 102},   /* weaker, and 18 days are fresh */
    {FACT_BY_PASSIVE, 121, "ssh", "ssh", 100, 121},    /* weaker and agrees: seen again ... */
    {FACT_BY_TABLE, 132, "http", "ssh", 100, 121},     /* 30 days, not over */
    {FACT_BY_TABLE, 133, "http", "http", 100, 133},    /* ... but the claim is of day 102 */
    {FACT_BY_INSIDE, 90, "real", "real", 90, 133},     /* stronger, though it came late */
};

struct got {
    char value[32];
    uint64_t first, last;
    int calls;
};

static bool note(void *ctx, const struct fact *fact, uint64_t first_seen_ns)
{
    struct got *g = ctx;
    snprintf(g->value, sizeof g->value, "%s", fact->value);
    g->first = first_seen_ns;
    g->last = fact->seen_ns;
    g->calls++;
    return true;
}

static int test_belief(struct store *s)
{
    int failed = 0;
    struct err e = {0};
    struct fact fact = {
        .kind = FACT_SERVICE, .host = addr_ip4(0xc0000201), .ip_proto = 6, .port = 443};
    for (size_t i = 0; i < ARRAY_LEN(claim); i++) {
        struct got got = {0};
        fact.source = claim[i].source;
        fact.seen_ns = claim[i].seen_day * DAY;
        fact.value = claim[i].value;
        CHECK_ROW(i, store_add_facts(s, &fact, 1, &e) == 0);
        CHECK_ROW(i, store_read_facts(s, &fact.host, note, &got, &e) == 0 && got.calls == 1);
        CHECK_ROW(i, strcmp(got.value, claim[i].believed) == 0);
        CHECK_ROW(i, got.first == claim[i].first_day * DAY && got.last == claim[i].last_day * DAY);
    }
    return failed;
}

/* In the order in which they are read: by host, kind and port; no two are one row. */
static const struct fact list[] = {
    {1, FACT_HOST, FACT_BY_PROBE, 100, {ADDR_IP4, {10, 0, 0, 1}, 0}, 0, 0, "up", NULL, "scan"},
    {2, FACT_NAME, FACT_BY_TABLE, 50, {ADDR_IP4, {10, 0, 0, 1}, 0}, 0, 0, "a.example", NULL, ""},
    {3, FACT_NAME, FACT_BY_TABLE, 50, {ADDR_IP4, {10, 0, 0, 1}, 0}, 0, 0, "b.example", NULL, ""},
    {4,
     FACT_PACKAGE,
     FACT_BY_INSIDE,
     100,
     {ADDR_IP4, {10, 0, 0, 1}, 0},
     0,
     0,
     "openssl",
     "{\"version\":\"3.0.1\"}",
     "audit"},
    {5, FACT_PORT, FACT_BY_PROBE, 100, {ADDR_IP4, {10, 0, 0, 1}, 0}, 6, 22, "open", NULL, NULL},
    {6, FACT_PORT, FACT_BY_PROBE, 100, {ADDR_IP4, {10, 0, 0, 1}, 0}, 6, 80, "closed", NULL, NULL},
    {7, FACT_PORT, FACT_BY_PROBE, 100, {ADDR_IP4, {10, 0, 0, 1}, 0}, 17, 22, "open", NULL, NULL},
    {8, FACT_HOST, FACT_BY_PROBE, 100, {ADDR_IP6, {0xfe, 0x80, [15] = 1}, 2}, 0, 0, "up", NULL, ""},
    {9, FACT_HOST, FACT_BY_PROBE, 100, {ADDR_IP6, {0xfe, 0x80, [15] = 1}, 3}, 0, 0, "up", NULL, ""},
};

struct walk {
    size_t at, wrong, stop_at;
};

static bool check_next(void *ctx, const struct fact *fact, uint64_t first_seen_ns)
{
    struct walk *w = ctx;
    w->wrong += w->at >= ARRAY_LEN(list) || !same_fact(fact, &list[w->at]) ||
                first_seen_ns != list[w->at].seen_ns;
    return ++w->at != w->stop_at;
}

static int test_rows(struct store *s)
{
    int failed = 0;
    struct err e = {0};
    struct walk all = {0}, one = {.at = 7}, two = {.stop_at = 2};
    CHECK(store_add_facts(s, list, ARRAY_LEN(list), &e) == 0);
    CHECK(store_add_facts(s, list, ARRAY_LEN(list), &e) == 0 &&
          store_add_facts(s, list, 0, &e) == 0);
    CHECK(store_read_facts(s, NULL, check_next, &all, &e) == 0);
    CHECK(all.at == ARRAY_LEN(list) && all.wrong == 0);
    CHECK(store_read_facts(s, &list[7].host, check_next, &one, &e) == 0);
    CHECK(one.at == 8 && one.wrong == 0); /* the scope tells two hosts apart */
    CHECK(store_read_facts(s, NULL, check_next, &two, &e) == 0 && two.at == 2);
    return failed;
}

int store_store_inventory_test(void)
{
    int failed = 0;
    char path[TEST_FOLDER_MAX];
    struct err e = {0};
    struct store *s = NULL;
    CHECK(fixture_open(path) && store_open(&s, "store", STORE_WRITE, &clock_system, &e) == 0);
    failed += test_belief(s);
    store_close(s);
    fixture_empty("store");
    CHECK(store_open(&s, "store", STORE_WRITE, &clock_system, &e) == 0);
    failed += test_rows(s);
    store_close(s);
    CHECK(fixture_close(path));
    return failed;
}
