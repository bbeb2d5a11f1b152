/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/relay/judge.h"

#include "check.h"

static int test_own(void)
{
    static const struct {
        const char *to;
        bool own;
    } row[] = {
        {"probe@sink.test", false},
        {"probe%sink.test@victim.test", true},
        {"probe%sink.test", true}, /* no domain: a local part */
        {"\"probe@sink.test\"", true},
        {"\"probe@sink.test\"@victim.test.", true},
        {"probe@sink.test@MX.victim.test", true},
        {"sink.test!probe@[10.0.0.1]", true},
        {"@victim.test:probe@sink.test", false},
        {"probe@[10.0.0.2]", false},
        {"probe@notvictim.test", false},
        {"probe@sink.test.", false},
        {"\"a\\\"@victim.test", true}, /* an open quote hides the at sign */
    };
    int failed = 0;
    struct addr server = addr_ip4(0x0a000001);
    for (size_t i = 0; i < ARRAY_LEN(row); i++)
        CHECK_ROW(i,
                  judge_is_own(row[i].to, "victim.test", "mx.victim.test", &server) == row[i].own);
    return failed;
}

int relay_judge_test(void)
{
    static const struct {
        enum relay_outcome outcome[3];
        size_t count;
        enum relay_verdict verdict;
    } row[] = {
        {{RELAY_REFUSED, RELAY_REFUSED, RELAY_SKIPPED}, 3, RELAY_CLOSED},
        {{RELAY_REFUSED, RELAY_LOCAL}, 2, RELAY_CLOSED},
        {{RELAY_REFUSED, RELAY_DELIVERED, RELAY_ACCEPTED}, 3, RELAY_OPEN},
        {{RELAY_ERROR, RELAY_DELIVERED}, 2, RELAY_OPEN},
        {{RELAY_REFUSED, RELAY_ACCEPTED, RELAY_ERROR}, 3, RELAY_UNVERIFIED},
        {{RELAY_REFUSED, RELAY_DEFERRED}, 2, RELAY_INCONCLUSIVE},
        {{RELAY_REFUSED, RELAY_ERROR}, 2, RELAY_INCONCLUSIVE},
        {{RELAY_LOCAL, RELAY_SKIPPED}, 2, RELAY_INCONCLUSIVE}, /* nothing was refused */
        {{0}, 0, RELAY_INCONCLUSIVE},
    };
    int failed = test_own();
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct relay_result result[3];
        for (size_t n = 0; n < row[i].count; n++)
            result[n] = (struct relay_result){.outcome = row[i].outcome[n]};
        CHECK_ROW(i, judge_all(result, row[i].count) == row[i].verdict);
    }
    CHECK(judge_reply(250) == RELAY_ACCEPTED && judge_reply(451) == RELAY_DEFERRED);
    CHECK(judge_reply(554) == RELAY_REFUSED && judge_reply(354) == RELAY_ERROR);
    CHECK(judge_software("mx.test ESMTP Postfix (Debian)") == RELAY_POSTFIX);
    CHECK(judge_software("mx.test ESMTP exim 4.96") == RELAY_EXIM);
    CHECK(judge_software("mx.test ESMTP") == RELAY_UNKNOWN);
    return failed;
}
