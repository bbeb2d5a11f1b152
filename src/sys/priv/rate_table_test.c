/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "core/base/clock.h"
#include "sys/priv/rate_table.h"

static const struct {
    uint64_t at_ms;
    uid_t uid;
    uint16_t number;
    bool want;
} step[] = {
    {1000, 1, 5, true}, {1001, 1, 5, true}, {1999, 1, 5, false}, /* two a second */
    {1999, 1, 6, true},                                          /* another operation */
    {1999, 2, 5, true},                                          /* another user */
    {2000, 1, 5, true}, {2000, 1, 5, true}, {2999, 1, 5, false}, /* a second later */
    {9000, 1, 5, true},
};

int priv_rate_table_test(void)
{
    int failed = 0;
    struct rate_table t = {0};
    for (size_t i = 0; i < ARRAY_LEN(step); i++)
        CHECK_ROW(i, rate_table_take(&t, step[i].uid, step[i].number, 2,
                                     step[i].at_ms * NS_PER_MS) == step[i].want);
    for (uid_t uid = 0; uid < 3 * RATE_ROW_MAX; uid++) /* strangers do not fill the memory */
        CHECK_ROW(uid, rate_table_take(&t, uid, 1, 1, 20000 * NS_PER_MS + uid));
    CHECK(t.count == RATE_ROW_MAX);
    CHECK(!rate_table_take(&t, 3 * RATE_ROW_MAX - 1, 1, 1, 20000 * NS_PER_MS + 99999));
    rate_table_done(&t);
    CHECK(t.row == NULL);
    return failed;
}
