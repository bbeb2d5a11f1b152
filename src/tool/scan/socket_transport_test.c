/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The connect scan over real sockets: what each kind of answer becomes, and what happens when
 * descriptors, sources or the network itself run out. */
#include "tool/scan/socket_transport.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>

#include "check.h"
#include "core/base/mem.h"
#include "tool/scan/world_test.h"

static const struct {
    const char *host;
    uint16_t port;
    enum scan_state state;
    enum scan_reason reason;
    const char *from; /* NULL: the host itself, or nobody */
} row[] = {
    {"127.0.0.1", 80, SCAN_OPEN, SCAN_REASON_SYN_ACK, NULL},
    {"127.0.0.1", 81, SCAN_CLOSED, SCAN_REASON_CONN_REFUSED, NULL},
    {"::1", 80, SCAN_OPEN, SCAN_REASON_SYN_ACK, NULL},
    {"::1", 81, SCAN_CLOSED, SCAN_REASON_CONN_REFUSED, NULL},
    {"192.0.2.2", 80, SCAN_OPEN, SCAN_REASON_SYN_ACK, NULL},
    {"192.0.2.2", 81, SCAN_CLOSED, SCAN_REASON_CONN_REFUSED, NULL},
    {"2001:db8:1::2", 80, SCAN_OPEN, SCAN_REASON_SYN_ACK, NULL},
    {"2001:db8:2::2", 81, SCAN_CLOSED, SCAN_REASON_CONN_REFUSED, NULL},
    {"198.51.100.2", 80, SCAN_OPEN, SCAN_REASON_SYN_ACK, NULL},
    {"10.1.0.1", 80, SCAN_FILTERED, SCAN_REASON_HOST_UNREACH, "192.0.2.2"},
    {"10.2.0.1", 80, SCAN_FILTERED, SCAN_REASON_ADMIN_PROHIBITED, "192.0.2.2"},
    {"10.3.0.1", 80, SCAN_FILTERED, SCAN_REASON_NO_RESPONSE, NULL},
    {"10.9.0.1", 80, SCAN_FILTERED, SCAN_REASON_NET_UNREACH, "192.0.2.2"},
    {"2001:db8:a2::1", 80, SCAN_FILTERED, SCAN_REASON_ADMIN_PROHIBITED, "2001:db8:1::2"},
    {"203.0.113.1", 80, SCAN_FILTERED, SCAN_REASON_NET_UNREACH, NULL}, /* no route from here */
};

/* What a run needs, and what came of it. */
struct job {
    struct socket_transport_setup setup;
    struct scan_timing timing;
    struct probe_host host[2];
    struct probe_item *item;
    bool (*progress)(void *ctx, uint64_t done, uint64_t total);
    uint32_t capacity; /* out */
    struct prober *prober;
};

static int run_job(struct job *j, struct err *e)
{
    struct loop *loop;
    struct socket_transport *t;
    if (loop_open(&loop, &clock_system, e) < 0)
        return e->code;
    j->setup.loop = loop;
    int rc = socket_transport_open(&t, &j->setup, e);
    if (rc == 0) {
        struct prober_setup setup = {.host = j->host,
                                     .host_count = j->setup.host_count,
                                     .item = j->item,
                                     .item_count = j->setup.item_count,
                                     .timing = &j->timing,
                                     .clock = &clock_system,
                                     .transport = socket_transport_of(t),
                                     .progress = j->progress};
        j->capacity = setup.transport->capacity;
        rc = prober_run(&setup, &j->prober, e);
        socket_transport_close(t);
    }
    loop_close(loop);
    return rc;
}

/* One host, ports from..to. */
static struct job job_of(const char *host, uint16_t from, uint16_t to)
{
    struct job j = {.timing = scan_timing_of(5)};
    j.setup.host_count = 1;
    j.setup.item_count = (uint32_t)(to - from + 1);
    j.host[0] = (struct probe_host){.addr = world_addr(host), .rtt = rtt_of(&j.timing)};
    j.item = mem_zero(j.setup.item_count * sizeof *j.item);
    for (uint32_t i = 0; i < j.setup.item_count; i++)
        j.item[i] = (struct probe_item){scan_technique_find("connect"), (uint16_t)(from + i), 0};
    return j;
}

static void job_done(struct job *j)
{
    prober_free(j->prober);
    mem_free(j->item);
}

static uint32_t count_state(const struct job *j, enum scan_state state)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < j->setup.item_count; i++)
        count += prober_result(j->prober, 0, i)->state == state;
    return count;
}

/* One by one: a router of Linux says "unreachable" five times at once, and then once a second. */
static void check_answers(int *failures)
{
    int failed = 0;
    struct err e = {0};
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct job j = job_of(row[i].host, row[i].port, row[i].port);
        if (CHECK_ROW(i, run_job(&j, &e) == 0)) {
            const struct probe_result *r = prober_result(j.prober, 0, 0);
            struct addr from = prober_answered_by(j.prober, 0, 0);
            struct addr want = row[i].from ? world_addr(row[i].from) : (struct addr){0};
            if (!CHECK_ROW(i, r->state == row[i].state && r->reason == row[i].reason))
                printf("  %s %s\n", scan_state_name(r->state), scan_reason_name(r->reason, 1));
            CHECK_ROW(i, addr_equal(&from, &want));
        }
        job_done(&j);
    }
    *failures += failed;
}

/* A socket that served a link-local address is bound to its link, and of no use to others. */
static void check_link_local(const struct world *w, int *failures)
{
    int failed = 0;
    struct err e = {0};
    struct job j = job_of("fe80::77", 1, 40);
    CHECK(netns_sh("ip addr add fe80::76/64 dev veth0 nodad") &&
          netns_sh_in(w->peer, "ip addr add fe80::77/64 dev veth1 nodad"));
    j.host[0].addr.scope = sock_interface_index("veth0");
    j.host[1] = (struct probe_host){.addr = world_addr("::1"), .rtt = j.host[0].rtt};
    j.setup.host_count = 2;
    CHECK(run_job(&j, &e) == 0);
    for (uint32_t i = 0; i < j.setup.item_count && j.prober; i++) {
        CHECK_ROW(i, prober_result(j.prober, 0, i)->state == SCAN_CLOSED);
        CHECK_ROW(i, prober_result(j.prober, 1, i)->state == SCAN_CLOSED);
    }
    job_done(&j);
    *failures += failed;
}

/* With four ports to choose from the kernel soon takes the asked one as the source. */
static void check_own_peer(int *failures)
{
    int failed = 0;
    struct err e = {0};
    CHECK(netns_write("/proc/sys/net/ipv4/ip_local_port_range", "40000 40003"));
    for (int round = 0; round < 50; round++) {
        struct job j = job_of("127.0.0.1", 40000, 40003);
        CHECK_ROW(round, run_job(&j, &e) == 0 && count_state(&j, SCAN_CLOSED) == 4);
        job_done(&j);
    }
    CHECK(netns_write("/proc/sys/net/ipv4/ip_local_port_range", "32768 60999"));
    *failures += failed;
}

static void check_sources(int *failures)
{
    int failed = 0;
    struct err e = {0};
    struct job j = job_of("192.0.2.2", 80, 81);
    j.setup.source = world_addr("192.0.2.1");
    j.setup.source_port = 1024;
    j.setup.interface = "veth0";
    CHECK(run_job(&j, &e) == 0 && count_state(&j, SCAN_OPEN) == 1 &&
          count_state(&j, SCAN_CLOSED) == 1);
    prober_free(j.prober);
    j.prober = NULL;
    j.setup.source = world_addr("192.0.2.77");
    CHECK(run_job(&j, &e) == -EADDRNOTAVAIL && strstr(e.text, "192.0.2.77"));
    j.setup.source = (struct addr){0};
    j.setup.interface = "nosuch0";
    CHECK(run_job(&j, &e) == -ENODEV && strstr(e.text, "nosuch0"));
    job_done(&j);
    *failures += failed;
}

static bool cut_cable(void *ctx, uint64_t done, uint64_t total)
{
    (void)ctx, (void)done, (void)total;
    return netns_sh("ip link set veth0 down");
}

/* A network that goes away is no property of the ports that were not asked yet. */
static void check_network_gone(int *failures)
{
    int failed = 0;
    struct err e = {0};
    struct job j = job_of("10.3.0.1", 1, 5000);
    j.progress = cut_cable;
    CHECK(run_job(&j, &e) == -ENETUNREACH);
    CHECK(strstr(e.text, "10.3.0.1") && strstr(e.text, "unreachable"));
    job_done(&j);

    j = job_of("10.3.0.1", 1, 5); /* never reached: then it is the answer .. */
    CHECK(run_job(&j, &e) == 0 && count_state(&j, SCAN_FILTERED) == 5);
    prober_free(j.prober);
    j.prober = NULL;
    j.setup.hosts_answered = true; /* .. but not if it had answered before */
    CHECK(run_job(&j, &e) == -ENETUNREACH);
    job_done(&j);
    *failures += failed;
}

static void check_few_descriptors(int *failures)
{
    int failed = 0;
    struct err e = {0};
    struct rlimit few = {70, 70}, none = {60, 60};
    struct job j = job_of("127.0.0.1", 1, 500);
    CHECK(setrlimit(RLIMIT_NOFILE, &few) == 0);
    CHECK(run_job(&j, &e) == 0 && j.capacity == 6);
    CHECK(count_state(&j, SCAN_OPEN) == 1 && count_state(&j, SCAN_CLOSED) == 499);
    prober_free(j.prober);
    j.prober = NULL;
    CHECK(setrlimit(RLIMIT_NOFILE, &none) == 0);
    CHECK(run_job(&j, &e) == -EMFILE && strstr(e.text, "ulimit"));
    job_done(&j);
    *failures += failed;
}

int scan_socket_transport_test(void)
{
    int failed = 0;
    struct world world;
    if (world_enter(&world, &failed)) {
        check_answers(&failed);
        check_link_local(&world, &failed);
        check_own_peer(&failed);
        check_sources(&failed);
        check_network_gone(&failed);
        check_few_descriptors(&failed);
    }
    world_leave(&world);
    return failed;
}
