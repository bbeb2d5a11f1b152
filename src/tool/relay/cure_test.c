/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/relay/cure.h"

#include <string.h>

#include "check.h"

static bool holds(const struct relay_cure *cure, size_t count, const char *words)
{
    for (size_t i = 0; i < count; i++)
        if (strstr(cure[i].what, words) || (cure[i].command && strstr(cure[i].command, words)))
            return true;
    return false;
}

int relay_cure_test(void)
{
    static const struct relay_test plain = {"plain", "", "{to_user}@{to_domain}", 0, ""},
                                   percent = {"percent", "", "{to_user}%{to_domain}", 0, ""};
    static const struct {
        enum relay_verdict verdict;
        enum relay_software software;
        const struct relay_test *test;
        const char *allowed, *words, *never;
        size_t count;
    } row[] = {
        {RELAY_CLOSED, RELAY_POSTFIX, &plain, NULL, NULL, NULL, 0},
        {RELAY_INCONCLUSIVE, RELAY_EXIM, &plain, NULL, NULL, NULL, 0},
        {RELAY_OPEN, RELAY_POSTFIX, &plain, NULL, "mynetworks = 127.0.0.0/8 [::1]/128'", "percent",
         1},
        {RELAY_OPEN, RELAY_POSTFIX, &percent, NULL, "allow_percent_hack = no", "nft", 2},
        {RELAY_OPEN, RELAY_POSTFIX, &plain, "10.1.0.0/16, fd00::/8,192.0.2.7",
         " [::1]/128 10.1.0.0/16 [fd00::]/8 192.0.2.7/32'", "percent", 2},
        {RELAY_OPEN, RELAY_POSTFIX, &plain, "10.1.0.0/16,fd00::/8",
         "ip saddr != { 127.0.0.0/8, 10.1.0.0/16 } drop", "ip saddr != { ::1", 2},
        {RELAY_OPEN, RELAY_POSTFIX, &plain, "10.1.0.0/16,fd00::/8",
         "ip6 saddr != { ::1, fd00::/8 } drop", NULL, 2},
        {RELAY_UNVERIFIED, RELAY_EXIM, &percent, "10.1.0.0/16", " ; 10.1.0.0/16'", NULL, 3},
        {RELAY_OPEN, RELAY_SENDMAIL, &plain, NULL, "promiscuous_relay", NULL, 1},
        {RELAY_OPEN, RELAY_UNKNOWN, &plain, "$(reboot)", "did not say", "reboot", 2},
    };
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct arena arena = {0};
        struct relay_cure cure[RELAY_CURES_MAX];
        struct relay_result result = {.test = row[i].test, .outcome = RELAY_DELIVERED};
        struct relay_report report = {
            .verdict = row[i].verdict, .software = row[i].software, .result = &result, .count = 1};
        size_t count = relay_cures(&report, row[i].allowed, &arena, cure);
        CHECK_ROW(i, count == row[i].count);
        CHECK_ROW(i, !row[i].words || holds(cure, count, row[i].words));
        CHECK_ROW(i, !row[i].never || !holds(cure, count, row[i].never));
        arena_done(&arena);
    }
    return failed;
}
