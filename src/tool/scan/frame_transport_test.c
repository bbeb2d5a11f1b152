/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames of our own making over real cables: neighbours, a gateway, both families, loopback. */
#include "tool/scan/frame_transport.h"

#include <errno.h>
#include <string.h>

#include "check.h"
#include "tool/scan/world_test.h"

enum { ITEMS_MAX = 8 };

/* One host asked one question.  Its way was found before, and its MAC asked for. */
static const struct {
    const char *host, *technique;
    uint16_t port;
    enum scan_state state;
    enum scan_reason reason;
    const char *from;
    uint8_t ttl;
} row[] = {
    {"192.0.2.2", "syn", 80, SCAN_OPEN, SCAN_REASON_SYN_ACK, NULL, 64},
    {"192.0.2.2", "syn", 81, SCAN_CLOSED, SCAN_REASON_RESET, NULL, 64},
    {"2001:db8:1::2", "syn", 80, SCAN_OPEN, SCAN_REASON_SYN_ACK, NULL, 64},
    {"2001:db8:1::2", "syn", 81, SCAN_CLOSED, SCAN_REASON_RESET, NULL, 64},
    {"198.51.100.2", "syn", 80, SCAN_OPEN, SCAN_REASON_SYN_ACK, NULL, 63}, /* a hop further */
    {"2001:db8:2::2", "syn", 81, SCAN_CLOSED, SCAN_REASON_RESET, NULL, 63},
    {"198.51.100.2", "ack", 80, SCAN_UNFILTERED, SCAN_REASON_RESET, NULL, 63},
    {"198.51.100.2", "fin", 80, SCAN_OPEN_FILTERED, SCAN_REASON_NO_RESPONSE, NULL, 0},
    {"2001:db8:1::2", "fin", 81, SCAN_CLOSED, SCAN_REASON_RESET, NULL, 64},
    {"192.0.2.2", "echo", 0, SCAN_OPEN, SCAN_REASON_ECHO_REPLY, NULL, 64},
    {"2001:db8:2::2", "echo", 0, SCAN_OPEN, SCAN_REASON_ECHO_REPLY, NULL, 63},
    {"192.0.2.2", "timestamp", 0, SCAN_OPEN, SCAN_REASON_TIMESTAMP_REPLY, NULL, 64},
    {"10.1.0.1", "syn", 80, SCAN_FILTERED, SCAN_REASON_HOST_UNREACH, "192.0.2.2", 64},
    {"10.2.0.1", "ack", 80, SCAN_FILTERED, SCAN_REASON_ADMIN_PROHIBITED, "192.0.2.2", 64},
    {"10.2.0.1", "echo", 0, SCAN_FILTERED, SCAN_REASON_ADMIN_PROHIBITED, "192.0.2.2", 64},
    {"10.3.0.1", "syn", 80, SCAN_FILTERED, SCAN_REASON_NO_RESPONSE, NULL, 0},
    {"2001:db8:a2::1", "syn", 80, SCAN_FILTERED, SCAN_REASON_ADMIN_PROHIBITED, "2001:db8:1::2", 64},
    {"127.0.0.1", "syn", 80, SCAN_OPEN, SCAN_REASON_SYN_ACK, NULL, 64},
    {"127.0.0.1", "syn", 81, SCAN_CLOSED, SCAN_REASON_RESET, NULL, 64},
    {"::1", "syn", 80, SCAN_OPEN, SCAN_REASON_SYN_ACK, NULL, 64},
    {"192.0.2.1", "syn", 81, SCAN_CLOSED, SCAN_REASON_RESET, NULL, 64}, /* an address of our own */
    /* last, for these errors use up what the kernel of peer grants us, and its routes' with it */
    {"192.0.2.2", "udp", 9, SCAN_CLOSED, SCAN_REASON_PORT_UNREACH, NULL, 64},
    {"2001:db8:2::2", "udp", 9, SCAN_CLOSED, SCAN_REASON_PORT_UNREACH, NULL, 63},
    {"10.3.0.1", "udp", 9, SCAN_OPEN_FILTERED, SCAN_REASON_NO_RESPONSE, NULL, 0},
    {"192.0.2.2", "protocol", 1, SCAN_OPEN, SCAN_REASON_ECHO_REPLY, NULL, 64},
    {"192.0.2.2", "protocol", 6, SCAN_OPEN, SCAN_REASON_PROTO_RESPONSE, NULL, 64},
    {"192.0.2.2", "protocol", 17, SCAN_OPEN, SCAN_REASON_PORT_UNREACH, NULL, 64},
    {"192.0.2.2", "protocol", 4, SCAN_CLOSED, SCAN_REASON_PROTO_UNREACH, NULL, 64},
    {"192.0.2.2", "protocol", 253, SCAN_CLOSED, SCAN_REASON_PROTO_UNREACH, NULL, 64},
    {"2001:db8:1::2", "protocol", 58, SCAN_OPEN, SCAN_REASON_ECHO_REPLY, NULL, 64},
    {"2001:db8:1::2", "protocol", 253, SCAN_CLOSED, SCAN_REASON_PROTO_UNREACH, NULL, 64},
};

/* A scan's access to the network, and one host on it. */
struct rig {
    struct loop *loop;
    struct frame_net *net;
    struct scan_timing timing;
    struct frame_shape shape;
    struct frame_path path;
    struct probe_host host;
    struct probe_item item[ITEMS_MAX];
    uint32_t item_count;
    bool (*progress)(void *ctx, uint64_t done, uint64_t total);
    struct prober *prober;
};

static bool rig_open(struct rig *r, uint16_t source_port)
{
    struct err e = {0};
    *r = (struct rig){.timing = scan_timing_of(5)};
    if (loop_open(&r->loop, &clock_system, &e) < 0)
        return false;
    struct frame_net_setup setup = {
        .loop = r->loop, .source_port = source_port, .any_protocol = true};
    if (frame_net_open(&r->net, &setup, &e) < 0)
        printf("  %s\n", e.text);
    return r->net != NULL;
}

static void rig_close(struct rig *r)
{
    prober_free(r->prober);
    frame_net_close(r->net);
    if (r->loop)
        loop_close(r->loop);
}

static void add_item(struct rig *r, const char *technique, uint16_t port)
{
    r->item[r->item_count++] = (struct probe_item){scan_technique_find(technique), port, 0};
}

/* Ask r->host all of r->item. */
static int run(struct rig *r, struct err *e)
{
    struct frame_transport *t;
    struct frame_transport_setup of = {.net = r->net,
                                       .loop = r->loop,
                                       .host = &r->host,
                                       .host_count = 1,
                                       .item = r->item,
                                       .item_count = r->item_count,
                                       .shape = &r->shape};
    int rc = frame_transport_open(&t, &of, e);
    if (rc < 0)
        return rc;
    struct prober_setup setup = {.host = &r->host,
                                 .host_count = 1,
                                 .item = r->item,
                                 .item_count = r->item_count,
                                 .timing = &r->timing,
                                 .clock = &clock_system,
                                 .transport = frame_transport_of(t),
                                 .progress = r->progress};
    prober_free(r->prober);
    rc = prober_run(&setup, &r->prober, e);
    frame_transport_close(t);
    return rc;
}

/* The way to the host; and who takes its frames, where somebody has to. */
static bool find_host(struct rig *r, const char *text)
{
    struct err e = {0};
    struct addr to = world_addr(text);
    if (frame_net_path(r->net, &to, &r->path, &e) < 0) {
        printf("  %s\n", e.text);
        return false;
    }
    r->path.has_mac = false; /* what the kernel remembers is not to be relied on here */
    r->host = (struct probe_host){
        .addr = r->path.next_hop, .rtt = rtt_of(&r->timing), .transport_data = &r->path};
    r->item_count = 0;
    if (r->path.needs_mac) {
        add_item(r, to.family == ADDR_IP4 ? "arp" : "nd", 0);
        if (run(r, &e) < 0 || !r->path.has_mac)
            return false;
    }
    r->host =
        (struct probe_host){.addr = to, .rtt = rtt_of(&r->timing), .transport_data = &r->path};
    r->item_count = 0;
    return true;
}

static void check_answers(struct rig *r, int *failures)
{
    int failed = 0;
    struct err e = {0};
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        if (!CHECK_ROW(i, find_host(r, row[i].host)))
            continue;
        add_item(r, row[i].technique, row[i].port);
        if (!CHECK_ROW(i, run(r, &e) == 0))
            continue;
        const struct probe_result *got = prober_result(r->prober, 0, 0);
        struct addr from = prober_answered_by(r->prober, 0, 0);
        struct addr want = row[i].from ? world_addr(row[i].from) : (struct addr){0};
        bool same = got->state == row[i].state && got->reason == row[i].reason;
        if (!CHECK_ROW(i, same && got->ttl == row[i].ttl))
            printf("  %s %s ttl %u\n", scan_state_name(got->state),
                   scan_reason_name(got->reason, 1), got->ttl);
        CHECK_ROW(i, addr_equal(&from, &want));
    }
    *failures += failed;
}

static const struct {
    const char *host, *next_hop;
    bool on_link, needs_mac;
    int result;
} ways[] = {
    {"192.0.2.2", "192.0.2.2", true, true, 0},
    {"198.51.100.2", "192.0.2.2", false, true, 0},
    {"2001:db8:2::2", "2001:db8:1::2", false, true, 0},
    {"127.0.0.5", "127.0.0.5", true, false, 0},
    {"192.0.2.1", "192.0.2.1", true, false, 0},
    {"203.0.113.1", NULL, false, false, -ENETUNREACH},
    {"10.4.0.1", NULL, false, false, -EHOSTUNREACH}, /* "unreachable" in our own table .. */
    {"10.5.0.1", NULL, false, false, -ENETUNREACH},  /* .. "prohibit" .. */
    {"10.6.0.1", NULL, false, false, -ENETUNREACH},  /* .. "blackhole" */
};

static void check_ways(struct rig *r, int *failures)
{
    int failed = 0;
    struct err e = {0};
    static const struct mac peer = {{2, 0, 0, 0, 0, 2}};
    CHECK(netns_sh("ip route add unreachable 10.4.0.0/16 && ip route add prohibit 10.5.0.0/16 && "
                   "ip route add blackhole 10.6.0.0/16"));
    for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
        struct frame_path p;
        struct addr to = world_addr(ways[i].host);
        int rc = frame_net_path(r->net, &to, &p, &e);
        CHECK_ROW(i, rc == ways[i].result);
        if (rc < 0 || ways[i].result < 0)
            continue;
        struct addr hop = world_addr(ways[i].next_hop);
        CHECK_ROW(i, addr_equal(&p.next_hop, &hop) && p.needs_mac == ways[i].needs_mac);
        CHECK_ROW(i, !p.needs_mac || p.on_link == ways[i].on_link);
    }
    CHECK(find_host(r, "2001:db8:2::2") && memcmp(&r->path.mac, &peer, sizeof peer) == 0);
    CHECK(find_host(r, "192.0.2.2") && memcmp(&r->path.mac, &peer, sizeof peer) == 0);
    CHECK(!find_host(r, "192.0.2.9") && !find_host(r, "2001:db8:1::9")); /* nobody's */
    *failures += failed;
}

/* With -g all techniques share one port: each answer must still find the one it is for. */
static void check_fixed_port(int *failures)
{
    int failed = 0;
    struct err e = {0};
    struct rig r;
    static const enum scan_state want[] = {SCAN_OPEN, SCAN_OPEN, SCAN_UNFILTERED, SCAN_CLOSED,
                                           SCAN_OPEN};
    CHECK(rig_open(&r, 5353) && find_host(&r, "192.0.2.2"));
    add_item(&r, "echo", 0);
    add_item(&r, "timestamp", 0);
    add_item(&r, "ack", 82);
    add_item(&r, "syn", 81);
    add_item(&r, "syn", 80);
    CHECK(run(&r, &e) == 0);
    for (uint32_t i = 0; i < r.item_count && r.prober; i++)
        CHECK_ROW(i, prober_result(r.prober, 0, i)->state == want[i]);
    rig_close(&r);
    *failures += failed;
}

/* On loopback our own probes come by as well.  One from our port to the next one of our block has
 * all that an answer needs, but nobody listens there. */
static void check_own_probes(int *failures)
{
    int failed = 0;
    struct err e = {0};
    struct rig r;
    CHECK(rig_open(&r, 0) && find_host(&r, "127.0.0.1"));
    for (int i = 0; i < ITEMS_MAX; i++)
        add_item(&r, "syn", (uint16_t)(frame_net_port(r.net) + i));
    CHECK(run(&r, &e) == 0);
    for (uint32_t i = 0; i < r.item_count && r.prober; i++)
        CHECK_ROW(i, prober_result(r.prober, 0, i)->state == SCAN_CLOSED);
    rig_close(&r);
    *failures += failed;
}

static bool cut_cable(void *ctx, uint64_t done, uint64_t total)
{
    (void)ctx, (void)done, (void)total;
    return netns_sh("ip link del veth0");
}

static void check_link_gone(struct rig *r, int *failures)
{
    int failed = 0;
    struct err e = {0};
    CHECK(find_host(r, "10.3.0.1")); /* nobody answers, so that the cut comes first */
    for (int i = 0; i < ITEMS_MAX; i++)
        add_item(r, "syn", (uint16_t)i);
    r->progress = cut_cable;
    CHECK(run(r, &e) == -ENETDOWN && strstr(e.text, "veth0"));
    *failures += failed;
}

int scan_frame_transport_test(void)
{
    int failed = 0;
    struct world world;
    struct rig rig = {0};
    if (world_enter(&world, &failed) && CHECK(rig_open(&rig, 0))) {
        check_ways(&rig, &failed);
        check_answers(&rig, &failed);
        check_fixed_port(&failed);
        check_own_probes(&failed);
        check_link_gone(&rig, &failed);
    }
    rig_close(&rig);
    world_leave(&world);
    return failed;
}
