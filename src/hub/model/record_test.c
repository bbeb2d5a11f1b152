/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "hub/model/record.h"
#include "hub/model/record_same_test.h"

/* A new field changes a size here: pack it, compare it below, then correct the number. */
_Static_assert(sizeof(struct event) == 152, "event has changed");
_Static_assert(sizeof(struct fact) == 72, "fact has changed");
_Static_assert(sizeof(struct finding) == 112, "finding has changed");
_Static_assert(sizeof(struct run) == 96, "run has changed");

static const struct record full[] = {
    {.kind = RECORD_EVENT,
     .event = {.id = 1,
               .wall_ns = 2,
               .kind = EVENT_TRAP,
               .severity = SEVERITY_HIGH,
               .strength = STRENGTH_ECHOED,
               .wish = {WISH_BAN, 3600},
               .src = {{ADDR_IP6, {1, [15] = 2}, 3}, 4},
               .dst = {{ADDR_IP4, {5, 6, 7, 8}, 0}, 9},
               .ip_proto = 17,
               .flow_id = 10,
               .gid = 11,
               .sid = 12,
               .rev = 13,
               .type = "type",
               .sensor = "sensor",
               .summary = "",
               .json = "{\"a\":1}"}},
    {.kind = RECORD_FACT,
     .fact = {.seen_ns = 1,
              .kind = FACT_SERVICE,
              .source = FACT_BY_PROBE,
              .confidence = 90,
              .host = {ADDR_IP4, {192, 0, 2, 1}, 0},
              .ip_proto = 6,
              .port = 80,
              .value = "http",
              .detail = "{}",
              .observer = "scan"}},
    {.kind = RECORD_FINDING,
     .finding = {.seen_ns = 1,
                 .tool = "assess",
                 .test = "1.2.3",
                 .host = {ADDR_IP4, {192, 0, 2, 2}, 0},
                 .ip_proto = 6,
                 .port = 443,
                 .severity = SEVERITY_CRITICAL,
                 .cvss = 9.8,
                 .quality = 97,
                 .name = "name",
                 .evidence = "evidence\n\xff",
                 .cure = "cure",
                 .refs = "CVE-2014-0160",
                 .detail = "{\"b\":2}"}},
    {.kind = RECORD_RUN,
     .run = {.id = -1,
             .tool = "scan",
             .args = "picket scan x",
             .started_ns = 1,
             .ended_ns = 2,
             .state = RUN_FAILED,
             .progress = 0.25,
             .hosts_total = 3,
             .hosts_up = 4,
             .ports_open = 5,
             .findings = 6,
             .error = "why"}},
    {.kind = RECORD_EVENT, .event = {.id = 7}}, /* every text NULL */
    {.kind = RECORD_FACT},
    {.kind = RECORD_FINDING},
    {.kind = RECORD_RUN},
};

int model_record_test(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(full); i++) {
        struct record out;
        size_t need = record_pack(&full[i], NULL, 0);
        char *block = malloc(need), *moved = malloc(need); /* exact: a byte more is seen */
        memset(block, 'x', need);
        CHECK_ROW(i, record_pack(&full[i], block, need - 1) == need && block[0] == 'x');
        CHECK_ROW(i, record_pack(&full[i], block, need) == need);
        memcpy(moved, block, need); /* the block may travel */
        memset(block, 'y', need);
        record_unpack(&out, moved);
        CHECK_ROW(i, same_record(&full[i], &out));
        free(block);
        free(moved);
    }
    return failed;
}
