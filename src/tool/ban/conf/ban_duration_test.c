/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "check.h"
#include "tool/ban/conf/ban_duration.h"

static const struct {
    const char *text;
    double seconds; /* NAN: refused */
    bool is_whole;
} rows[] = {
    {"600", 600, true},
    {"1d12h", 129600, true},
    {"1h30", 3630, true},
    {" 7 ", 7, true},
    {"-1", -1, true},
    {"1.5h", 5400, false},
    {"1 year", 31557600, false},
    {"1 mon", 2629800, false},
    {"(1+2)*3m", 540, true},
    {"1d-1h", 82800, true},
    {"3*1/3w", 604800, false},
    {"", NAN, false},
    {"1x", NAN, false},
    {"10 mins", NAN, false},
    {"1e3", NAN, false},
    {"08", NAN, false},
    {"1/0", NAN, false},
    {"(1", NAN, false},
    {"((((((((((((((((((((((((((((((((((((1))))))))))))))))))))))))))))))))))))", NAN, false},
};

static const struct {
    double seconds;
    const char *text;
} printed[] = {
    {0, "0"},
    {59, "59s"},
    {3590, "59m 50s"},
    {3599, "1h"},
    {86400 * 2 + 3600 * 7 + 60 * 15, "2d 7h 15m"},
    {86400 * 368, "1y 3d"},
};

int conf_ban_duration_test(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct err e = {0};
        double seconds = 0;
        bool whole = false;
        int rc = ban_duration_parse(rows[i].text, &seconds, &whole, &e);
        CHECK_ROW(i, (rc < 0) == isnan(rows[i].seconds));
        CHECK_ROW(i,
                  rc < 0 || (fabs(seconds - rows[i].seconds) < 1e-6 && whole == rows[i].is_whole));
    }
    for (size_t i = 0; i < ARRAY_LEN(printed); i++) {
        struct str s = str_of(64);
        ban_duration_print(printed[i].seconds, &s);
        CHECK_ROW(i, strcmp(str_text(&s), printed[i].text) == 0);
        str_done(&s);
    }
    return failed;
}
