/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "check.h"
#include "core/base/clock.h"
#include "wire/packet/flow.h"
#include "wire/packet/layer/number.h"

struct ends {
    unsigned count;
    uint8_t why;
    uint16_t port; /* of the last one */
};

static void note_end(void *ctx, struct flow *f)
{
    struct ends *ends = ctx;
    ends->count++;
    ends->why = f->end;
    ends->port = f->port[FLOW_TO_SERVER];
}

static struct flow_table *table(uint32_t most, struct ends *ends)
{
    struct flow_config config = {.count_max = most,
                                 .tcp = flow_timeout_tcp,
                                 .udp = flow_timeout_udp,
                                 .icmp = flow_timeout_icmp,
                                 .other = flow_timeout_other,
                                 .vlan_matters = true};
    return flow_table_new(&config, note_end, ends);
}

static struct flow_key key(uint16_t src_port, uint16_t dst_port, uint8_t proto)
{
    return (struct flow_key){.src = addr_ip4(0x0a000001),
                             .dst = addr_ip4(0x0a000002),
                             .src_port = src_port,
                             .dst_port = dst_port,
                             .proto = proto};
}

static struct flow_key turned(struct flow_key k)
{
    struct flow_key t = k;
    t.src = k.dst;
    t.dst = k.src;
    t.src_port = k.dst_port;
    t.dst_port = k.src_port;
    return t;
}

static int both_ways(void)
{
    int failed = 0;
    struct ends ends = {0};
    struct flow_table *t = table(16, &ends);
    enum flow_side side;
    struct flow_key k = key(1000, 80, IP_PROTO_TCP), back = turned(k);
    struct flow *f = flow_table_get(t, &k, 5, &side);
    CHECK(f && side == FLOW_TO_SERVER && f->port[FLOW_TO_SERVER] == 1000);
    CHECK(flow_table_get(t, &back, 6, &side) == f && side == FLOW_TO_CLIENT);
    struct addr server = flow_server(f);
    CHECK(addr_equal(&server, &k.dst));
    struct flow_key tagged = k;
    tagged.vlan_count = 1;
    tagged.vlan[0] = 7;
    CHECK(flow_table_find(t, &tagged, &side) == NULL); /* another VLAN, another flow */
    flow_count(t, f, FLOW_TO_SERVER, 100, 7);
    flow_swap_sides(f);
    CHECK(f->bytes[FLOW_TO_CLIENT] == 100 && f->port[FLOW_TO_SERVER] == 80);
    CHECK(flow_table_find(t, &k, &side) == f && side == FLOW_TO_CLIENT);
    flow_table_free(t);
    CHECK(ends.count == 1 && ends.why == FLOW_END_SHUTDOWN);
    return failed;
}

/* Each kind and state by its own time-out, and a packet begins it anew. */
static int time_outs(void)
{
    int failed = 0;
    struct ends ends = {0};
    struct flow_table *t = table(16, &ends);
    enum flow_side side;
    struct flow_key tcp = key(1, 80, IP_PROTO_TCP), udp = key(2, 53, IP_PROTO_UDP);
    struct flow *f = flow_table_get(t, &tcp, 0, &side);
    flow_set_state(t, f, FLOW_ESTABLISHED);
    f = flow_table_get(t, &udp, 0, &side);
    CHECK(flow_table_expire(t, 30 * NS_PER_S - 1, 100) == 0);
    flow_count(t, f, side, 1, 10 * NS_PER_S);
    CHECK(flow_table_expire(t, 30 * NS_PER_S, 100) == 0);
    CHECK(flow_table_expire(t, 40 * NS_PER_S, 100) == 1);
    CHECK(ends.why == FLOW_END_TIMEOUT && ends.port == 2);
    CHECK(flow_table_expire(t, 599 * NS_PER_S, 100) == 0);
    CHECK(flow_table_expire(t, 600 * NS_PER_S, 100) == 1 && ends.port == 1);
    CHECK(flow_table_count(t) == 0);
    flow_table_free(t);
    return failed;
}

static int full(void)
{
    int failed = 0;
    struct ends ends = {0};
    struct flow_table *t = table(3, &ends);
    enum flow_side side;
    for (uint16_t port = 1; port <= 3; port++) {
        struct flow_key k = key(port, 80, IP_PROTO_TCP);
        struct flow *f = flow_table_get(t, &k, port, &side);
        if (port == 1)
            flow_set_state(t, f, FLOW_ESTABLISHED);
    }
    struct flow_key more = key(4, 80, IP_PROTO_TCP);
    CHECK(flow_table_get(t, &more, 4, &side) != NULL);
    CHECK(ends.count == 1 && ends.why == FLOW_END_FORCED && ends.port == 2);
    CHECK(flow_table_count(t) == 3);
    CHECK(flow_table_counters(t)[FLOW_COUNT_FORCED] == 1);
    flow_table_free(t);
    return failed;
}

/* More flows than a chunk holds are all found again. */
static int many(void)
{
    int failed = 0;
    struct ends ends = {0};
    struct flow_table *t = table(10000, &ends);
    enum flow_side side;
    for (uint16_t port = 1; port <= 10000; port++) {
        struct flow_key k = key(port, 80, IP_PROTO_UDP);
        (void)flow_table_get(t, &k, port, &side);
    }
    unsigned found = 0;
    for (uint16_t port = 1; port <= 10000; port++) {
        struct flow_key k = key(port, 80, IP_PROTO_UDP);
        struct flow *f = flow_table_find(t, &k, &side);
        found += f && f->port[FLOW_TO_SERVER] == port;
    }
    CHECK(found == 10000);
    flow_table_free(t);
    CHECK(ends.count == 10000);
    return failed;
}

int packet_flow_test(void)
{
    return both_ways() + time_outs() + full() + many();
}
