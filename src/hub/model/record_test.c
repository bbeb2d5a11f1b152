/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "hub/model/record.h"

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

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 && a != b : a == b;
}

static bool same_endpoint(const struct endpoint *a, const struct endpoint *b)
{
    return addr_equal(&a->addr, &b->addr) && a->port == b->port;
}

static bool same_event(const struct event *a, const struct event *b)
{
    return a->id == b->id && a->wall_ns == b->wall_ns && a->kind == b->kind &&
           a->severity == b->severity && a->strength == b->strength &&
           a->wish.action == b->wish.action && a->wish.ban_s == b->wish.ban_s &&
           same_endpoint(&a->src, &b->src) && same_endpoint(&a->dst, &b->dst) &&
           a->ip_proto == b->ip_proto && a->flow_id == b->flow_id && a->gid == b->gid &&
           a->sid == b->sid && a->rev == b->rev && same_text(a->type, b->type) &&
           same_text(a->sensor, b->sensor) && same_text(a->summary, b->summary) &&
           same_text(a->json, b->json);
}

static bool same_fact(const struct fact *a, const struct fact *b)
{
    return a->seen_ns == b->seen_ns && a->kind == b->kind && a->source == b->source &&
           a->confidence == b->confidence && addr_equal(&a->host, &b->host) &&
           a->ip_proto == b->ip_proto && a->port == b->port && same_text(a->value, b->value) &&
           same_text(a->detail, b->detail) && same_text(a->observer, b->observer);
}

static bool same_finding(const struct finding *a, const struct finding *b)
{
    return a->seen_ns == b->seen_ns && same_text(a->tool, b->tool) && same_text(a->test, b->test) &&
           addr_equal(&a->host, &b->host) && a->ip_proto == b->ip_proto && a->port == b->port &&
           a->severity == b->severity && a->cvss == b->cvss && a->quality == b->quality &&
           same_text(a->name, b->name) && same_text(a->evidence, b->evidence) &&
           same_text(a->cure, b->cure) && same_text(a->refs, b->refs) &&
           same_text(a->detail, b->detail);
}

static bool same_run(const struct run *a, const struct run *b)
{
    return a->id == b->id && same_text(a->tool, b->tool) && same_text(a->args, b->args) &&
           a->started_ns == b->started_ns && a->ended_ns == b->ended_ns && a->state == b->state &&
           a->progress == b->progress && a->hosts_total == b->hosts_total &&
           a->hosts_up == b->hosts_up && a->ports_open == b->ports_open &&
           a->findings == b->findings && same_text(a->error, b->error);
}

static bool same_record(const struct record *a, const struct record *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case RECORD_EVENT:
        return same_event(&a->event, &b->event);
    case RECORD_FACT:
        return same_fact(&a->fact, &b->fact);
    case RECORD_FINDING:
        return same_finding(&a->finding, &b->finding);
    case RECORD_RUN:
        return same_run(&a->run, &b->run);
    }
    return false;
}

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
