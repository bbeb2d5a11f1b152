/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a host's report lists, what it only counts, and what --open hides.  The results come from
 * the prober itself, over a transport that answers by a script on a fake clock. */
#include "tool/scan/host_report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "core/base/mem.h"

enum { ITEMS_MAX = 1200, SCRIPT_MAX = 4 };

static const struct scan_technique tcp = {.name = "t", .proto = SCAN_TCP, .silent = SCAN_FILTERED};
static const struct scan_technique udp = {
    .name = "u", .proto = SCAN_UDP, .silent = SCAN_OPEN_FILTERED};

/* Ports first..last answer so; others are silent. */
struct line {
    uint16_t first, last;
    enum scan_state state;
    enum scan_reason reason;
    uint32_t from; /* an IPv4 address; 0: the host itself */
};

struct script {
    const struct scan_technique *technique;
    uint16_t ports; /* 1 to this */
    struct line line[SCRIPT_MAX];
};

static int scripted_send(void *ctx, struct prober *p, uint32_t host, uint32_t item, uint8_t try)
{
    const struct script *s = ctx;
    uint16_t port = prober_item(p, item)->port;
    for (const struct line *l = s->line; l < s->line + SCRIPT_MAX; l++) {
        if (port < l->first || port > l->last)
            continue;
        struct scan_verdict v = {l->state, {.reason = l->reason, .ttl = 64}};
        if (l->from)
            v.because.from = addr_ip4(l->from);
        prober_answer(p, host, item, try, &v, 1000);
        return 0;
    }
    return 0;
}

static void scripted_forget(void *ctx, uint32_t host, uint32_t item)
{
    (void)ctx, (void)host, (void)item;
}

static struct clock test_clock;

static int scripted_wait(void *ctx, struct prober *p, uint64_t wait_ns, struct err *e)
{
    (void)ctx, (void)p, (void)e;
    clock_advance(&test_clock, wait_ns);
    return 0;
}

static bool stop_now(void *ctx, uint64_t done, uint64_t total)
{
    (void)ctx, (void)done, (void)total;
    return false;
}

/* Scan one host by the script and add the results to the group. */
static int run_script(struct group *g, const struct script *script, bool stopped)
{
    struct scan_timing timing = scan_timing_of(3);
    struct group_scan *s = &g->scan[g->scan_count++];
    *s = (struct group_scan){.technique = script->technique, .item_count = script->ports};
    s->item = arena_array(&g->arena, script->ports, sizeof *s->item);
    for (uint16_t i = 0; i < script->ports; i++)
        s->item[i] = (struct probe_item){script->technique, (uint16_t)(i + 1), 0};
    struct probe_host host = {.addr = addr_ip4(0xc0000202), .rtt = rtt_of(&timing)};
    struct probe_transport transport = {(void *)script, 64, scripted_send, scripted_forget,
                                        scripted_wait};
    struct prober_setup setup = {.host = &host,
                                 .host_count = 1,
                                 .item = s->item,
                                 .item_count = s->item_count,
                                 .timing = &timing,
                                 .clock = &test_clock,
                                 .transport = &transport,
                                 .progress = stopped ? stop_now : NULL};
    struct err e = {0};
    return prober_run(&setup, &s->prober, &e);
}

/* "22/tcp open syn-ack ssh" for a listed port; "closed 26: 26 tcp resets 1-26" for counted ones. */
static void print_report(const struct scan_host *h, struct str *out)
{
    char from[ADDR_TEXT_MAX];
    for (size_t i = 0; i < h->port_count; i++) {
        const struct scan_port *p = &h->port[i];
        str_addf(out, "%u/%s %s %s%s%s %s\n", p->number, scan_proto_name(p->proto),
                 scan_state_name(p->state), scan_reason_name(p->because.reason, 1),
                 p->because.from.family ? " from " : "", addr_format(&p->because.from, from),
                 p->service.name ? p->service.name : "-");
    }
    for (size_t i = 0; i < h->extra_count; i++) {
        const struct scan_extra *x = &h->extra[i];
        str_addf(out, "%s %zu:", scan_state_name(x->state), x->count);
        for (size_t r = 0; r < x->reason_count; r++) {
            const struct scan_extra_reason *why = &x->reason[r];
            str_addf(out, "%s %zu %s %s ", r ? "," : "", why->count, scan_proto_name(why->proto),
                     scan_reason_name(why->reason, why->count));
            port_set_format(why->ports, out);
        }
        str_add_char(out, '\n');
    }
}

#define RST(from, to)                                                                              \
    {                                                                                              \
        from, to, SCAN_CLOSED, SCAN_REASON_RESET, 0                                                \
    }
#define OPEN(port)                                                                                 \
    {                                                                                              \
        port, port, SCAN_OPEN, SCAN_REASON_SYN_ACK, 0                                              \
    }
#define ROUTER(from, to)                                                                           \
    {                                                                                              \
        from, to, SCAN_FILTERED, SCAN_REASON_ADMIN_PROHIBITED, 0xc6336401                          \
    }

static const struct {
    const char *what;
    struct script script[2];
    int verbosity, debugging;
    bool open_only, hidden;
    size_t listed;    /* ports */
    const char *text; /* of the report; NULL: not looked at */
} row[] = {
    {"few ports are listed, whatever their state",
     {{&tcp, 4, {OPEN(1), RST(2, 2), ROUTER(3, 3)}}},
     0,
     0,
     false,
     false,
     4,
     "1/tcp open syn-ack tcpmux\n2/tcp closed reset -\n"
     "3/tcp filtered admin-prohibited from 198.51.100.1 -\n4/tcp filtered no-response -\n"},
    {"25 of a state still are", {{&tcp, 26, {OPEN(1), RST(2, 26)}}}, 0, 0, false, false, 26, NULL},
    {"26 are not",
     {{&tcp, 27, {OPEN(1), RST(2, 27)}}},
     0,
     0,
     false,
     false,
     1,
     "1/tcp open syn-ack tcpmux\nclosed 26: 26 tcp resets 2-27\n"},
    {"-v: 50", {{&tcp, 50, {RST(1, 50)}}}, 1, 0, false, false, 50, NULL},
    {"-v: 51",
     {{&tcp, 51, {RST(1, 51)}}},
     1,
     0,
     false,
     false,
     0,
     "closed 51: 51 tcp resets 1-51\n"},
    {"-vv: 500", {{&tcp, 500, {RST(1, 500)}}}, 2, 0, false, false, 500, NULL},
    {"-vv: 501", {{&tcp, 501, {RST(1, 501)}}}, 2, 0, false, false, 0, NULL},
    {"-d counts as -v", {{&tcp, 50, {RST(1, 50)}}}, 0, 1, false, false, 50, NULL},
    {"-d3: all of them", {{&tcp, 1200, {RST(1, 1200)}}}, 0, 3, false, false, 1200, NULL},
    {"open ports are never only counted",
     {{&tcp, 100, {{1, 100, SCAN_OPEN, SCAN_REASON_SYN_ACK, 0}}}},
     0,
     0,
     false,
     false,
     100,
     NULL},
    {"the larger state first, in it the commoner reason",
     {{&tcp, 200, {RST(1, 40), ROUTER(41, 80)}}},
     0,
     0,
     false,
     false,
     0,
     "filtered 160: 120 tcp no-responses 81-200, 40 tcp admin-prohibiteds 41-80\n"
     "closed 40: 40 tcp resets 1-40\n"},
    {"two protocols share a count and keep their reasons apart",
     {{&tcp, 30, {RST(1, 30)}}, {&udp, 40, {{1, 40, SCAN_CLOSED, SCAN_REASON_PORT_UNREACH, 0}}}},
     0,
     0,
     false,
     false,
     0,
     "closed 70: 40 udp port-unreaches 1-40, 30 tcp resets 1-30\n"},
    {"two protocols in one list",
     {{&udp, 1, {{1, 1, SCAN_OPEN, SCAN_REASON_UDP_RESPONSE, 0}}}, {&tcp, 1, {OPEN(1)}}},
     0,
     0,
     false,
     false,
     2,
     "1/tcp open syn-ack tcpmux\n1/udp open udp-response -\n"},
    {"--open lists what is or may be open",
     {{&tcp, 3, {OPEN(1), RST(2, 3)}}, {&udp, 1, {{0}}}},
     0,
     0,
     true,
     false,
     2,
     "1/tcp open syn-ack tcpmux\n1/udp open|filtered no-response -\n"
     "closed 2: 2 tcp resets 2-3\n"},
    {"--open takes unfiltered for that",
     {{&tcp, 1, {{1, 1, SCAN_UNFILTERED, SCAN_REASON_RESET, 0}}}},
     0,
     0,
     true,
     false,
     1,
     NULL},
    {"--open hides a host without any", {{&tcp, 3, {RST(1, 3)}}}, 0, 0, true, true, 0, NULL},
};

static void check_row(size_t i, const struct service_table *services, int *failures)
{
    int failed = 0;
    struct group g = {0};
    struct arena arena = {0};
    struct group_host host = {.addr = addr_ip4(0xc0000202), .state = SCAN_HOST_UP};
    struct scan_options o = {.services = services,
                             .verbosity = row[i].verbosity,
                             .debugging = row[i].debugging,
                             .open_only = row[i].open_only};
    struct scan_host report;
    struct str text = str_of(0);
    for (size_t s = 0; s < ARRAY_LEN(row[i].script) && row[i].script[s].technique; s++)
        CHECK_ROW(i, run_script(&g, &row[i].script[s], false) == 0);
    bool shown = host_report_make(&g, &host, &o, &arena, &report);
    CHECK_ROW(i, shown != row[i].hidden);
    CHECK_ROW(i, report.port_count == row[i].listed && report.ports_scanned == shown);
    print_report(&report, &text);
    bool same = !row[i].text || strcmp(str_text(&text), row[i].text) == 0;
    if (!CHECK_ROW(i, same))
        printf("  %s:\n%s", row[i].what, str_text(&text));
    str_done(&text);
    arena_done(&arena);
    group_done(&g);
    *failures += failed;
}

/* A run that was stopped leaves ports without a result: they are neither listed nor counted. */
static void check_stopped(const struct service_table *services, int *failures)
{
    int failed = 0;
    struct group g = {0};
    struct arena arena = {0};
    struct group_host host = {.state = SCAN_HOST_UP};
    struct scan_options o = {.services = services};
    struct scan_host report;
    struct script script = {&tcp, 100, {OPEN(1), RST(2, 50)}};
    CHECK(run_script(&g, &script, true) == -ECANCELED);
    CHECK(host_report_make(&g, &host, &o, &arena, &report));
    CHECK(report.port_count == 1 && report.extra_count == 1 && report.extra[0].count == 49);
    arena_done(&arena);
    group_done(&g);
    *failures += failed;
}

/* Hosts whose ports nobody asked: down, timed out, listed only. */
static void check_unscanned(int *failures)
{
    int failed = 0;
    struct group g = {0};
    struct arena arena = {0};
    struct scan_host report;
    static const struct {
        bool no_ports, open_only, timed_out, shown;
    } unscanned[] = {
        {false, false, false, true}, {false, true, false, false}, {true, true, false, true},
        {false, false, true, true},  {false, true, true, true}, /* nmap, too, always says so */
    };
    for (size_t i = 0; i < ARRAY_LEN(unscanned); i++) {
        struct group_host host = {.number = GROUP_NOT_PROBED, .timed_out = unscanned[i].timed_out};
        struct scan_options o = {.no_ports = unscanned[i].no_ports,
                                 .open_only = unscanned[i].open_only};
        CHECK_ROW(i, host_report_make(&g, &host, &o, &arena, &report) == unscanned[i].shown);
        CHECK_ROW(i, !report.ports_scanned && report.timed_out == unscanned[i].timed_out);
    }
    arena_done(&arena);
    *failures += failed;
}

static void check_head(int *failures)
{
    int failed = 0;
    struct group g = {0};
    struct arena arena = {0};
    struct scan_host report;
    struct addr other[2] = {addr_ip4(1), addr_ip4(2)};
    struct frame_path path = {
        .on_link = true, .needs_mac = true, .has_mac = true, .mac = {{2, 0, 0, 0, 0, 9}}};
    struct group_host host = {.addr = addr_ip4(0xc0000202),
                              .user_name = "typed.example",
                              .ptr_name = "ptr.example",
                              .other = other,
                              .other_count = 2,
                              .state = SCAN_HOST_UP,
                              .because = {.reason = SCAN_REASON_ARP_RESPONSE},
                              .rtt = {5000, 6000, 100000000},
                              .path = &path,
                              .start_wall_ns = 7,
                              .end_wall_ns = 8,
                              .number = GROUP_NOT_PROBED};
    struct scan_options o = {.no_ports = true};
    CHECK(host_report_make(&g, &host, &o, &arena, &report));
    CHECK(report.name_count == 2 && report.name[0].by_user && !report.name[1].by_user &&
          strcmp(report.name[0].name, "typed.example") == 0 &&
          strcmp(report.name[1].name, "ptr.example") == 0);
    CHECK(report.other_count == 2 && report.has_mac && report.mac.byte[5] == 9);
    CHECK(report.has_times && report.srtt_us == 5 && report.rttvar_us == 6 &&
          report.timeout_us == 100000);
    CHECK(report.start_wall_ns == 7 && report.end_wall_ns == 8 &&
          report.because.reason == SCAN_REASON_ARP_RESPONSE);
    path.on_link = false; /* then the MAC is a router's */
    CHECK(host_report_make(&g, &host, &o, &arena, &report) && !report.has_mac);
    arena_done(&arena);
    *failures += failed;
}

int scan_host_report_test(void)
{
    int failed = 0;
    struct err e = {0};
    struct service_table services = {0};
    static const char table[] = "tcpmux 1/tcp 0.1\n";
    test_clock = clock_fake(NS_PER_S, 0);
    CHECK(service_table_parse(&services, table, strlen(table), "table", &e) == 0);
    for (size_t i = 0; i < ARRAY_LEN(row); i++)
        check_row(i, &services, &failed);
    check_stopped(&services, &failed);
    check_unscanned(&failed);
    check_head(&failed);
    service_table_done(&services);
    return failed;
}
