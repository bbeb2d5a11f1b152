/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>

#include "check.h"
#include "hub/model/record_same_test.h"
#include "hub/store/store_fixture_test.h"
#include "hub/store/store_private.h"

struct walk {
    int64_t id[8];
    size_t count, stop_at;
    const struct run *want;
    bool same;
};

static bool note(void *ctx, const struct run *run)
{
    struct walk *w = ctx;
    w->id[w->count++] = run->id;
    w->same = w->want && same_run(run, w->want);
    return w->count != w->stop_at;
}

int store_store_run_test(void)
{
    int failed = 0;
    char path[TEST_FOLDER_MAX];
    struct err e = {0};
    struct store *s = NULL;
    CHECK(fixture_open(path) && store_open(&s, "store", STORE_WRITE, &clock_system, &e) == 0);
    struct run run = {.tool = "scan", .args = "picket scan a", .started_ns = 5};
    int64_t first = 0, second = 0, third = 0, same = 0;
    CHECK(store_put_run(s, &run, &first, &e) == 0 && first > 0);
    CHECK(store_put_run(s, &run, &second, &e) == 0 && second > first);
    struct run other = {.tool = "audit"};
    CHECK(store_put_run(s, &other, &third, &e) == 0);
    struct run done = {first, "scan", "picket scan a", 5, 9, RUN_FAILED, 0.5, 1, 2, 3, 4, "why"};
    CHECK(store_put_run(s, &done, &same, &e) == 0 && same == first);
    done.id = 999;
    CHECK(store_put_run(s, &done, &same, &e) == -ENOENT && strstr(e.text, "no run 999"));
    CHECK(same == first);
    done.id = first;

    struct walk all = {0}, scans = {.want = &done}, two = {0}, stopped = {.stop_at = 1};
    CHECK(store_read_runs(s, NULL, 99, note, &all, &e) == 0 && all.count == 3);
    CHECK(all.id[0] == third && all.id[2] == first);
    CHECK(store_read_runs(s, "scan", 99, note, &scans, &e) == 0 && scans.count == 2);
    CHECK(scans.id[0] == second && scans.same);
    CHECK(store_read_runs(s, NULL, 2, note, &two, &e) == 0 && two.count == 2);
    CHECK(store_read_runs(s, NULL, 99, note, &stopped, &e) == 0 && stopped.count == 1);
    CHECK(store_read_runs(s, "none", 99, note, &all, &e) == 0 && all.count == 3);
    store_close(s);
    CHECK(fixture_close(path));
    return failed;
}
