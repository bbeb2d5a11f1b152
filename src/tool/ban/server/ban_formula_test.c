/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stddef.h>

#include "check.h"
#include "tool/ban/server/ban_formula.h"

static const struct {
    const char *text;
    double count, value; /* value NAN: refused */
} rows[] = {
    {"ban.Time * (1<<(ban.Count if ban.Count<20 else 20)) * banFactor", 3, 9600},
    {"ban.Time * (1<<(ban.Count if ban.Count<20 else 20)) * banFactor", 50, 600 * 1048576.0 * 2},
    {"ban.Time * math.exp(float(ban.Count+1)*banFactor)/math.exp(1*banFactor)", 0, 600},
    {"min(ban.Time * 2, 700)", 1, 700},
    {"7 // 2 + 7 % 4 - -1", 0, 7},
    {"2 ** 3 ** 2", 0, 512},
    {"1 if ban.Count >= 2 and not ban.Count == 3 else 0", 2, 1},
    {"1 if ban.Count >= 2 and not ban.Count == 3 else 0", 3, 0},
    {"0 or 5", 0, 5},
    {"__import__('os')", 0, NAN},
    {"ban.Time.__class__", 0, NAN},
    {"1/0", 0, NAN},
    {"1 +", 0, NAN},
    {"", 0, NAN},
    {"10**1000", 0, NAN},
};

int server_ban_formula_test(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct ban_formula_values v = {600, rows[i].count, 2};
        struct err e = {0};
        double value = 0;
        int rc = ban_formula_eval(rows[i].text, &v, &value, &e);
        CHECK_ROW(i, (rc < 0) == isnan(rows[i].value));
        CHECK_ROW(i, rc < 0 || fabs(value - rows[i].value) < 1e-6 * fabs(rows[i].value) + 1e-9);
    }
    return failed;
}
