/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "core/base/log.h"

static void keep(void *ctx, enum log_level level, const char *line)
{
    snprintf(ctx, 64, "%d %.50s", (int)level, line);
}

int base_log_test(void)
{
    int failed = 0;
    char last[64] = "";
    log_at(LOG_LEVEL_ERROR, "goes nowhere");
    log_open(keep, last, LOG_LEVEL_WARN);
    log_at(LOG_LEVEL_INFO, "below the level");
    CHECK(strcmp(last, "") == 0);
    log_at(LOG_LEVEL_WARN, "user %s", "x\nforged line\x7f");
    CHECK(strcmp(last, "1 user x\\x0aforged line\\x7f") == 0);
    log_open(NULL, NULL, LOG_LEVEL_ERROR);
    return failed;
}
