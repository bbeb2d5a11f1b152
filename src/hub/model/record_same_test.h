/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests: are two records the same, field by field?  (The bytes are not: there is padding.) */
#pragma once

#include <stdbool.h>
#include <string.h>

#include "hub/model/record.h"

static inline bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static inline bool same_endpoint(const struct endpoint *a, const struct endpoint *b)
{
    return addr_equal(&a->addr, &b->addr) && a->port == b->port;
}

static inline bool same_event(const struct event *a, const struct event *b)
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

static inline bool same_fact(const struct fact *a, const struct fact *b)
{
    return a->seen_ns == b->seen_ns && a->kind == b->kind && a->source == b->source &&
           a->confidence == b->confidence && addr_equal(&a->host, &b->host) &&
           a->ip_proto == b->ip_proto && a->port == b->port && same_text(a->value, b->value) &&
           same_text(a->detail, b->detail) && same_text(a->observer, b->observer);
}

static inline bool same_finding(const struct finding *a, const struct finding *b)
{
    return a->seen_ns == b->seen_ns && same_text(a->tool, b->tool) && same_text(a->test, b->test) &&
           addr_equal(&a->host, &b->host) && a->ip_proto == b->ip_proto && a->port == b->port &&
           a->severity == b->severity && a->cvss == b->cvss && a->quality == b->quality &&
           same_text(a->name, b->name) && same_text(a->evidence, b->evidence) &&
           same_text(a->cure, b->cure) && same_text(a->refs, b->refs) &&
           same_text(a->detail, b->detail);
}

static inline bool same_run(const struct run *a, const struct run *b)
{
    return a->id == b->id && same_text(a->tool, b->tool) && same_text(a->args, b->args) &&
           a->started_ns == b->started_ns && a->ended_ns == b->ended_ns && a->state == b->state &&
           a->progress == b->progress && a->hosts_total == b->hosts_total &&
           a->hosts_up == b->hosts_up && a->ports_open == b->ports_open &&
           a->findings == b->findings && same_text(a->error, b->error);
}

static inline bool same_record(const struct record *a, const struct record *b)
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
