/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The map must say what the kernel says of every address, and ask it far less often. */
#include "sys/link/route_map.h"

#include <linux/netlink.h>
#include <string.h>

#include "check.h"
#include "sys/link/netlink.h"
#include "sys/link/netns_test.h"

static const char setup[] = "ip route add default via 192.0.2.254 && "
                            "ip route add 10.0.0.0/16 via 192.0.2.3 && "
                            "ip route add 10.0.1.0/25 via 192.0.2.4 && "
                            "ip route add 10.0.1.7/32 via 192.0.2.5 && "
                            "ip route add 10.0.2.0/24 dev veth0 && "
                            "ip route add unreachable 10.0.3.0/28 && "
                            "ip route add 2001:db8:9::/64 via 2001:db8:1::9";

static bool same_hop(const struct route_hop *a, const struct route_hop *b)
{
    return a->interface == b->interface && a->on_link == b->on_link && a->local == b->local &&
           a->multicast == b->multicast && addr_equal(&a->source, &b->source) &&
           addr_equal(&a->next_hop, &b->next_hop);
}

/* All of 10.0.0.0/22, the link's own net, and some of IPv6: in order, and back and forth. */
static int compare(struct netlink *n, struct route_map *m, const char *first, unsigned count)
{
    int failed = 0;
    struct err e = {0};
    struct addr a;
    CHECK(addr_parse(&a, first, &e) == 0);
    for (unsigned i = 0; i < count; i++, (void)addr_next(&a)) {
        struct route_hop want = {0}, got = {0};
        int want_rc = route_find(n, &a, 0, NULL, &want, &e);
        int rc = route_map_find(m, &a, 0, &got, &e);
        CHECK_ROW(i, rc == want_rc && (rc < 0 || same_hop(&got, &want)));
    }
    return failed;
}

int link_route_map_test(void)
{
    int failed = 0;
    struct err e = {0};
    struct netlink *n = NULL;
    struct route_map m;
    if (!netns_enter())
        return 0;
    pid_t peer = netns_pair();
    CHECK(netns_sh(setup) && netlink_open(&n, NETLINK_ROUTE, &e) == 0);
    CHECK(route_map_open(&m, n, &e) == 0 && m.by_prefix);
    failed += compare(n, &m, "10.0.0.0", 1024) + compare(n, &m, "192.0.2.0", 256) +
              compare(n, &m, "223.255.255.250", 12) + compare(n, &m, "2001:db8:9::", 300) +
              compare(n, &m, "2001:db8:1::", 300);
    CHECK(m.asked < 100); /* of 1892: those that go nowhere, and the ends of stretches */
    route_map_done(&m);

    /* a rule of the administrator's, or two gateways: the kernel decides each time */
    CHECK(netns_sh("ip rule add to 10.0.0.9 lookup 100 && ip route add 10.0.0.9/32 via 192.0.2.77 "
                   "table 100"));
    CHECK(route_map_open(&m, n, &e) == 0 && !m.by_prefix);
    failed += compare(n, &m, "10.0.0.0", 20);
    route_map_done(&m);
    CHECK(netns_sh("ip rule del to 10.0.0.9 && ip route add 10.9.0.0/16 nexthop via 192.0.2.3 "
                   "nexthop via 192.0.2.4"));
    CHECK(route_map_open(&m, n, &e) == 0 && !m.by_prefix);
    failed += compare(n, &m, "10.9.0.0", 64);
    route_map_done(&m);
    netlink_close(n);
    netns_end(peer);
    return failed;
}
