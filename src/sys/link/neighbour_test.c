/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <linux/netlink.h>
#include <net/if.h>

#include "check.h"
#include "sys/link/neighbour.h"
#include "sys/link/netlink.h"
#include "sys/link/netns_test.h"

static const struct {
    const char *addr;
    int result;
    bool usable, router;
    uint8_t last; /* byte of the MAC */
} row[] = {
    {"192.0.2.50", 0, true, false, 0x50},     {"192.0.2.51", 0, true, false, 0x51},
    {"192.0.2.52", 0, false, false, 0},       {"2001:db8:1::50", 0, true, true, 0x60},
    {"192.0.2.99", -ENOENT, false, false, 0}, {"2001:db8:1::99", -ENOENT, false, false, 0},
};

int link_neighbour_test(void)
{
    int failed = 0;
    struct arena arena = {0};
    struct err e = {0};
    struct netlink *n;
    struct neighbour_list l;
    if (!netns_enter())
        return 0;
    pid_t peer = netns_pair();
    CHECK(netns_sh("ip neigh add 192.0.2.50 lladdr 02:00:00:00:00:50 dev veth0 nud permanent && "
                   "ip neigh add 192.0.2.51 lladdr 02:00:00:00:00:51 dev veth0 nud stale && "
                   "ip neigh add 192.0.2.52 dev veth0 nud failed && "
                   "ip neigh add 2001:db8:1::50 lladdr 02:00:00:00:00:60 dev veth0 router"));
    CHECK(netlink_open(&n, NETLINK_ROUTE, &e) == 0 && neighbour_read(&arena, &l, &e) == 0);
    uint32_t veth = if_nametoindex("veth0");
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct addr a;
        struct neighbour one;
        CHECK_ROW(i, addr_parse(&a, row[i].addr, &e) == 0);
        int result = neighbour_find(n, veth, &a, &one, &e);
        size_t listed = 0;
        for (size_t k = 0; k < l.count; k++)
            listed += addr_equal(&l.item[k].addr, &a) && l.item[k].interface == veth;
        CHECK_ROW(i, result == row[i].result && listed == (result == 0));
        if (result)
            continue;
        CHECK_ROW(i, neighbour_is_usable(&one) == row[i].usable && one.router == row[i].router);
        CHECK_ROW(i, !row[i].usable || one.mac.byte[5] == row[i].last);
        CHECK_ROW(i, one.interface == veth && addr_equal(&one.addr, &a));
    }
    struct addr a;
    struct neighbour one;
    CHECK(addr_parse(&a, "192.0.2.50", &e) == 0 && neighbour_find(n, 1, &a, &one, &e) < 0);
    netlink_close(n);
    netns_end(peer);
    arena_done(&arena);
    return failed;
}
