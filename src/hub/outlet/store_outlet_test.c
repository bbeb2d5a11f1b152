/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records through a real bus into a real store, and what comes back out of it. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "hub/outlet/store_outlet.h"
#include "hub/store/store.h"
#include "test_folder.h"

enum { FACTS = 2500 }; /* more than two batches */

struct seen {
    size_t facts, findings, events;
    char finding_name[32];
};

static bool count_fact(void *ctx, const struct fact *fact, uint64_t first_seen_ns)
{
    struct seen *s = ctx;
    (void)first_seen_ns;
    s->facts += fact->kind == FACT_PORT && strcmp(fact->value, "open") == 0;
    return true;
}

static bool count_finding(void *ctx, const struct finding *finding, uint64_t first_seen_ns)
{
    struct seen *s = ctx;
    (void)first_seen_ns;
    s->findings++;
    snprintf(s->finding_name, sizeof s->finding_name, "%s", finding->name);
    return true;
}

static bool count_event(void *ctx, const struct store_cursor *at, const struct event *event)
{
    struct seen *s = ctx;
    (void)at;
    s->events += event->kind == EVENT_SCAN;
    return true;
}

static void publish_all(struct bus_port *port)
{
    char value[] = "open"; /* overwritten at once: the record must not be kept by pointer */
    for (unsigned p = 1; p <= FACTS; p++) {
        struct record r = {.kind = RECORD_FACT,
                           .fact = {.seen_ns = NS_PER_S,
                                    .kind = FACT_PORT,
                                    .source = FACT_BY_PROBE,
                                    .host = addr_ip4(0xc0000201),
                                    .ip_proto = 6,
                                    .port = (uint16_t)p,
                                    .value = value,
                                    .observer = "test"}};
        memcpy(value, "open", 5);
        bus_publish_wait(port, &r);
        memcpy(value, "xxxx", 5);
    }
    struct record finding = {.kind = RECORD_FINDING,
                             .finding = {.seen_ns = 1,
                                         .tool = "audit",
                                         .test = "t",
                                         .host = addr_ip4(1),
                                         .severity = SEVERITY_HIGH,
                                         .cvss = -1,
                                         .name = "a name"}};
    bus_publish_wait(port, &finding);
    struct record event = {.kind = RECORD_EVENT,
                           .event = {.wall_ns = NS_PER_S, .kind = EVENT_SCAN}};
    bus_publish_wait(port, &event);
    struct record run = {.kind = RECORD_RUN,
                         .run = {.tool = "scan", .args = "a", .state = RUN_RUNNING}};
    bus_publish_wait(port, &run);
    run.run.state = RUN_DONE; /* the same run: one row, updated */
    bus_publish_wait(port, &run);
}

static bool count_run(void *ctx, const struct run *run)
{
    *(int *)ctx += run->state == RUN_DONE ? 1 : 100;
    return true;
}

int outlet_store_outlet_test(void)
{
    int failed = 0, runs = 0;
    struct err e = {0};
    char folder[TEST_FOLDER_MAX];
    struct store_outlet *o = NULL;
    struct store *s = NULL;
    struct seen seen = {0};
    if (!CHECK(test_folder_make(folder)))
        return failed;
    struct bus *bus = bus_new();
    CHECK(store_outlet_open(&o, folder, bus, &clock_system, &e) == 0);
    struct bus_port *port = bus_port_new(bus, 1 << 16);
    CHECK(bus_start(bus, &e) == 0);
    publish_all(port);
    bus_stop(bus);
    CHECK(store_outlet_close(o, &e) == 0);
    CHECK(store_open(&s, folder, STORE_READ, &clock_system, &e) == 0);
    struct store_cursor cursor = {0};
    CHECK(store_read_facts(s, NULL, count_fact, &seen, &e) == 0 && seen.facts == FACTS);
    CHECK(store_read_findings(s, NULL, count_finding, &seen, &e) == 0 && seen.findings == 1);
    CHECK(strcmp(seen.finding_name, "a name") == 0);
    CHECK(store_read_events(s, &cursor, 10, count_event, &seen, &e) == 0 && seen.events == 1);
    CHECK(store_read_runs(s, NULL, 10, count_run, &runs, &e) == 0 && runs == 1);
    store_close(s);
    CHECK(test_folder_remove(folder));
    bus = bus_new();
    CHECK(store_outlet_open(&o, "/proc/no/such", bus, &clock_system, &e) < 0 &&
          strstr(e.text, "/proc/no"));
    bus_stop(bus);
    return failed;
}
