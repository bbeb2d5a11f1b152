/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>

#include "check.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "hub/store/store_fixture_test.h"
#include "hub/store/store_private.h"

#define SECOND(n) (UINT64_C(n) * NS_PER_S)

static int test_day_of(void)
{
    static const struct {
        uint64_t wall_ns;
        uint32_t day;
    } row[] = {
        {0, 19700101},
        {SECOND(86400) - 1, 19700101},
        {SECOND(86400), 19700102},
        {SECOND(951782400), 20000229}, /* a leap day */
        {SECOND(1798761599), 20261231},
        {SECOND(1798761600), 20270101},
    };
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++)
        CHECK_ROW(i, store_day_of(row[i].wall_ns) == row[i].day);
    return failed;
}

static int test_list(struct store *s)
{
    static const char *const files[] = {
        "events-20261125.db", "events-20261124.db", "events-20250101.db",  "events-20261124.db-wal",
        "events-2026112.db",  "events-2026112x.db", "events-20261126.dbx", "xevents-20261126.db"};
    int failed = 0;
    struct err e = {0};
    uint32_t *day = NULL;
    size_t count = 9;
    CHECK(store_day_list(s, &day, &count, &e) == 0 && count == 0);
    mem_free(day);
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        char path[TEST_FOLDER_MAX];
        snprintf(path, sizeof path, "store/%s", files[i]);
        close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    }
    CHECK(store_day_list(s, &day, &count, &e) == 0 && count == 3);
    CHECK(day[0] == 20250101 && day[1] == 20261124 && day[2] == 20261125);
    mem_free(day);
    return failed;
}

int store_store_day_test(void)
{
    int failed = 0;
    char path[TEST_FOLDER_MAX];
    struct err e = {0};
    struct store *s = NULL;
    CHECK(fixture_open(path) && store_open(&s, "store", STORE_WRITE, &clock_system, &e) == 0);
    failed += test_day_of() + test_list(s);
    store_close(s);
    CHECK(fixture_close(path));
    return failed;
}
