/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of all nouns: each value has a name, no two have the same. */
#include <string.h>

#include "check.h"
#include "hub/model/exposure.h"
#include "hub/model/fact.h"
#include "hub/model/name_table.h"
#include "hub/model/run.h"
#include "hub/model/scan_report.h"

static const char *fact_kind(size_t i)
{
    return fact_kind_name((enum fact_kind)i);
}

static const char *fact_source(size_t i)
{
    return fact_source_name((enum fact_source)i);
}

static const char *reach(size_t i)
{
    return reach_name((enum reach)i);
}

static const char *run_state(size_t i)
{
    return run_state_name((enum run_state)i);
}

static const char *scan_proto(size_t i)
{
    return scan_proto_name((enum scan_proto)i);
}

static const char *scan_state(size_t i)
{
    return scan_state_name((enum scan_state)i);
}

static const char *scan_host_state(size_t i)
{
    return scan_host_state_name((enum scan_host_state)i);
}

static const char *scan_reason(size_t i)
{
    return scan_reason_name((enum scan_reason)i, 1);
}

static const char *scan_reasons(size_t i)
{
    return scan_reason_name((enum scan_reason)i, 0);
}

static const struct {
    const char *(*name)(size_t value);
    size_t count, one;
    const char *want; /* the name of value `one` */
} table[] = {
    {fact_kind, FACT_KIND_COUNT, FACT_HOP, "hop"},
    {fact_source, FACT_SOURCE_COUNT, FACT_BY_BANNER, "banner"},
    {reach, REACH_COUNT, REACH_ANYONE, "reachable"},
    {run_state, RUN_STATE_COUNT, RUN_STOPPED, "stopped"},
    {scan_proto, SCAN_PROTO_COUNT, SCAN_IP, "ip"},
    {scan_state, SCAN_STATE_COUNT, SCAN_OPEN_FILTERED, "open|filtered"},
    {scan_host_state, SCAN_HOST_STATE_COUNT, SCAN_HOST_UP, "up"},
    {scan_reason, SCAN_REASON_COUNT, SCAN_REASON_RESET, "reset"},
    {scan_reasons, SCAN_REASON_COUNT, SCAN_REASON_RESET, "resets"},
};

int model_name_table_test(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        CHECK_ROW(i, strcmp(table[i].name(table[i].one), table[i].want) == 0);
        CHECK_ROW(i, strcmp(table[i].name(table[i].count), "?") == 0); /* one past the last */
        for (size_t a = 0; a < table[i].count; a++) {
            CHECK_ROW(i, strcmp(table[i].name(a), "?") != 0);
            for (size_t b = 0; b < a; b++)
                CHECK_ROW(i, strcmp(table[i].name(a), table[i].name(b)) != 0);
        }
    }
    static const char *const names[] = {"a", NULL, "c"};
    CHECK(name_table_find(names, 3, "c") == 2 && name_table_find(names, 3, "") == -1);
    CHECK(name_table_find(names, 0, "a") == -1 && strcmp(name_table_name(names, 3, 1), "?") == 0);
    return failed;
}
