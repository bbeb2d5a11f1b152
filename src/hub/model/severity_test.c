/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "check.h"
#include "hub/model/severity.h"

static int test_names(void)
{
    int failed = 0;
    for (int i = 0; i < SEVERITY_COUNT; i++)
        CHECK_ROW(i, severity_from_name(severity_name((enum severity)i)) == i);
    for (int i = 0; i < STRENGTH_COUNT; i++)
        CHECK_ROW(i, strength_from_name(strength_name((enum strength)i)) == i);
    for (int i = 0; i < WISH_COUNT; i++)
        CHECK_ROW(i, wish_from_name(wish_name((enum wish_action)i)) == i);
    CHECK(strcmp(severity_name(SEVERITY_CRITICAL), "critical") == 0);
    CHECK(strcmp(severity_name(SEVERITY_COUNT), "?") == 0);
    CHECK(severity_from_name("") == -1 && severity_from_name("High") == -1);
    CHECK(strength_from_name("hel") == -1 && wish_from_name("?") == -1);
    return failed;
}

static int test_cvss(void)
{
    static const struct {
        double score;
        enum severity want;
    } row[] = {
        {-1.0, SEVERITY_INFO},    {0.0, SEVERITY_INFO},   {0.1, SEVERITY_LOW},
        {3.9, SEVERITY_LOW},      {4.0, SEVERITY_MEDIUM}, {6.9, SEVERITY_MEDIUM},
        {7.0, SEVERITY_HIGH},     {8.9, SEVERITY_HIGH},   {9.0, SEVERITY_CRITICAL},
        {10., SEVERITY_CRITICAL}, {NAN, SEVERITY_INFO},
    };
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++)
        CHECK_ROW(i, severity_from_cvss(row[i].score) == row[i].want);
    return failed;
}

static int test_eve(void)
{
    static const struct {
        enum severity severity;
        unsigned eve;
        enum severity back;
    } row[] = {
        {SEVERITY_CRITICAL, 1, SEVERITY_HIGH}, /* EVE has no step above high */
        {SEVERITY_HIGH, 1, SEVERITY_HIGH},     {SEVERITY_MEDIUM, 2, SEVERITY_MEDIUM},
        {SEVERITY_LOW, 3, SEVERITY_LOW},       {SEVERITY_INFO, 4, SEVERITY_INFO},
    };
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++)
        CHECK_ROW(i, severity_to_eve(row[i].severity) == row[i].eve &&
                         severity_from_eve(row[i].eve) == row[i].back);
    CHECK(severity_from_eve(0) == SEVERITY_INFO && severity_from_eve(255) == SEVERITY_INFO);
    return failed;
}

int model_severity_test(void)
{
    return test_names() + test_cvss() + test_eve();
}
