/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "hub/model/record_same_test.h"
#include "hub/store/store_fixture_test.h"
#include "hub/store/store_private.h"

#define HOST(last)                                                                                 \
    {                                                                                              \
        ADDR_IP4, {192, 0, 2, last}, 0                                                             \
    }

/* Worst first: the order in which they are read. */
static const struct finding worst_first[] = {
    {10, "assess", "1.2", HOST(9), 6, 443, SEVERITY_CRITICAL, 9.8, 97, "n", "e", "c", "CVE-1",
     "{}"},
    {10, "advisory", "DSA-1", HOST(1), 0, 0, SEVERITY_HIGH, 8.1, 80, "n", NULL, NULL, NULL, NULL},
    {10, "advisory", "DSA-2", HOST(1), 0, 0, SEVERITY_HIGH, 7.5, 80, "n", NULL, NULL, NULL, NULL},
    {10, "audit", "exposure", HOST(1), 6, 25, SEVERITY_LOW, -1, 100, "n", "", "", "", NULL},
    {10, "audit", "exposure", HOST(1), 17, 25, SEVERITY_LOW, -1, 100, "n", "", "", "", NULL},
    {10, "relay", "exposure", HOST(1), 6, 25, SEVERITY_LOW, -1, 100, "n", "", "", "", NULL},
    {10, "audit", "x", HOST(2), 0, 0, SEVERITY_INFO, 0, 0, NULL, NULL, NULL, NULL, NULL},
};

struct walk {
    size_t at, wrong;
    uint64_t first_seen_ns;
    struct finding last;
    char name[32];
};

static bool check_next(void *ctx, const struct finding *f, uint64_t first_seen_ns)
{
    struct walk *w = ctx;
    w->wrong += w->at >= ARRAY_LEN(worst_first) || !same_finding(f, &worst_first[w->at]);
    w->at++;
    w->first_seen_ns = first_seen_ns;
    return true;
}

static bool keep_last(void *ctx, const struct finding *f, uint64_t first_seen_ns)
{
    struct walk *w = ctx;
    w->at++;
    w->last = *f;
    w->first_seen_ns = first_seen_ns;
    snprintf(w->name, sizeof w->name, "%s", f->name ? f->name : "");
    return false;
}

static int test_order(struct store *s)
{
    enum { COUNT = ARRAY_LEN(worst_first) };
    int failed = 0;
    struct err e = {0};
    struct walk all = {0}, one = {0};
    struct finding reversed[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        reversed[i] = worst_first[COUNT - 1 - i];
    CHECK(store_add_findings(s, reversed, COUNT, &e) == 0);
    CHECK(store_add_findings(s, reversed, 0, &e) == 0);
    CHECK(store_read_findings(s, NULL, check_next, &all, &e) == 0);
    CHECK(all.at == COUNT && all.wrong == 0);
    CHECK(store_read_findings(s, &worst_first[1].host, keep_last, &one, &e) == 0);
    CHECK(one.at == 1 && strcmp(one.name, "n") == 0 && one.last.cvss == 8.1);
    return failed;
}

/* Found again: the newest words, the first moment; an older report that comes late changes nothing.
 */
static int test_again(struct store *s)
{
    int failed = 0;
    struct err e = {0};
    struct finding f = worst_first[0];
    struct walk got = {0};
    f.seen_ns = 20;
    f.severity = SEVERITY_INFO;
    f.name = "newer";
    CHECK(store_add_findings(s, &f, 1, &e) == 0);
    f.seen_ns = 15;
    f.name = "late";
    CHECK(store_add_findings(s, &f, 1, &e) == 0);
    CHECK(store_read_findings(s, &f.host, keep_last, &got, &e) == 0 && got.at == 1);
    CHECK(strcmp(got.name, "newer") == 0 && got.last.severity == SEVERITY_INFO);
    CHECK(got.last.seen_ns == 20 && got.first_seen_ns == 10);
    return failed;
}

int store_store_finding_test(void)
{
    int failed = 0;
    char path[TEST_FOLDER_MAX];
    struct err e = {0};
    struct store *s = NULL;
    CHECK(fixture_open(path) && store_open(&s, "store", STORE_WRITE, &clock_system, &e) == 0);
    failed += test_order(s) + test_again(s);
    store_close(s);
    CHECK(fixture_close(path));
    return failed;
}
