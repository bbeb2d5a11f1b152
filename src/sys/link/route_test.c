/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <string.h>

#include "check.h"
#include "sys/link/netlink.h"
#include "sys/link/netns_test.h"
#include "sys/link/route.h"

/* One question each, in the world that `set_up` makes. */
static const struct {
    const char *dst, *interface; /* asked to leave by; NULL: any */
    int result;
    const char *leaves_by, *source, *next_hop;
    bool local, multicast;
} row[] = {
    {"192.0.2.2", NULL, 0, "veth0", "192.0.2.1", "192.0.2.2", false, false},
    {"198.51.100.7", NULL, 0, "veth0", "192.0.2.1", "192.0.2.254", false, false}, /* default */
    {"192.0.2.1", NULL, 0, "lo", "192.0.2.1", "192.0.2.1", true, false},
    {"127.0.0.9", NULL, 0, "lo", "127.0.0.1", "127.0.0.9", true, false},
    {"203.0.113.1", NULL, 0, "veth0", "192.0.2.9", "192.0.2.253", false, false}, /* src stated */
    {"192.0.2.255", NULL, 0, "veth0", "192.0.2.1", "192.0.2.255", false, true},
    {"224.0.0.1", NULL, 0, "veth0", "192.0.2.1", "224.0.0.1", false, true},
    {"10.1.0.1", NULL, -EHOSTUNREACH, NULL, NULL, NULL, false, false},
    {"10.2.0.1", NULL, -EACCES, NULL, NULL, NULL, false, false},
    {"10.3.0.1", NULL, -EINVAL, NULL, NULL, NULL, false, false},
    {"2001:db8:1::2", NULL, 0, "veth0", "2001:db8:1::1", "2001:db8:1::2", false, false},
    {"2001:db8:9::2", NULL, 0, "veth0", "2001:db8:1::1", "fe80::2%veth0", false, false},
    {"2001:db8:1::1", NULL, 0, "lo", "2001:db8:1::1", "2001:db8:1::1", true, false},
    {"::1", NULL, 0, "lo", "::1", "::1", true, false},
    {"fe80::99", "veth0", 0, "veth0", NULL, "fe80::99%veth0", false, false},
    {"2001:db8:8::1", NULL, -ENETUNREACH, NULL, NULL, NULL, false, false},
    {"2001:db8:7::1", NULL, -EHOSTUNREACH, NULL, NULL, NULL, false, false},
    {"10.5.5.5", NULL, 0, "veth0", "192.0.2.1", "fe80::2%veth0", false, false}, /* RFC 5549 */
};

static bool set_up(void)
{
    return netns_sh(
        "ip addr add 192.0.2.9/24 dev veth0 && "
        "ip route add default via 192.0.2.254 && "
        "ip route add 203.0.113.0/24 via 192.0.2.253 src 192.0.2.9 metric 7 mtu 1300 && "
        "ip route add unreachable 10.1.0.0/16 && ip route add prohibit 10.2.0.0/16 && "
        "ip route add blackhole 10.3.0.0/16 && "
        "ip route add 10.4.0.0/16 nexthop via 192.0.2.3 nexthop via 192.0.2.4 && "
        "ip route add 10.5.0.0/16 via inet6 fe80::2 dev veth0 && "
        "ip route add 2001:db8:9::/48 via fe80::2 dev veth0 && "
        "ip route add unreachable 2001:db8:7::/48 && "
        "ip route add 10.6.0.0/16 dev veth0 table 100");
}

static bool text_is(const struct addr *a, const char *want)
{
    char text[ADDR_TEXT_MAX], wanted[ADDR_TEXT_MAX];
    snprintf(wanted, sizeof wanted, "%s", want);
    char *zone = strchr(wanted, '%');
    if (zone) /* the index of an interface is known to the kernel only */
        snprintf(zone, sizeof wanted - (size_t)(zone - wanted), "%%%u", if_nametoindex(zone + 1));
    return strcmp(addr_format(a, text), wanted) == 0;
}

static int questions(struct netlink *n)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct err e = {0};
        struct addr dst;
        struct route_hop hop;
        uint32_t by = row[i].interface ? if_nametoindex(row[i].interface) : 0;
        CHECK_ROW(i, addr_parse(&dst, row[i].dst, &e) == 0);
        int result = route_find(n, &dst, by, NULL, &hop, &e);
        if (!CHECK_ROW(i, result == row[i].result) || result) {
            CHECK_ROW(i, result == 0 || strstr(e.text, row[i].dst) != NULL);
            continue;
        }
        CHECK_ROW(i, hop.interface == if_nametoindex(row[i].leaves_by));
        CHECK_ROW(i, !row[i].source || text_is(&hop.source, row[i].source));
        CHECK_ROW(i, text_is(&hop.next_hop, row[i].next_hop));
        CHECK_ROW(i, hop.local == row[i].local && hop.multicast == row[i].multicast);
        bool same = strncmp(row[i].next_hop, row[i].dst, strlen(row[i].dst)) == 0;
        CHECK_ROW(i, hop.on_link == same);
        CHECK_ROW(i, hop.mtu == (i == 4 ? 1300 : 0) || hop.local);
    }
    return failed;
}

static const struct route *find(const struct route_list *l, const char *dst, size_t nth)
{
    char text[CIDR_TEXT_MAX];
    for (size_t i = 0; i < l->count; i++)
        if (strcmp(cidr_format(&l->item[i].dst, text), dst) == 0 && nth-- == 0)
            return &l->item[i];
    return NULL;
}

static int table(void)
{
    int failed = 0;
    struct arena arena = {0};
    struct err e = {0};
    struct route_list l;
    CHECK(route_read(&arena, &l, &e) == 0);
    const struct route *r = find(&l, "0.0.0.0/0", 0);
    CHECK(r && text_is(&r->gateway, "192.0.2.254") && r->kind == ROUTE_UNICAST);
    CHECK(r && r->table == ROUTE_TABLE_MAIN && r->interface == if_nametoindex("veth0"));
    r = find(&l, "203.0.113.0/24", 0);
    CHECK(r && r->metric == 7 && text_is(&r->source, "192.0.2.9"));
    r = find(&l, "10.4.0.0/16", 0);
    CHECK(r && text_is(&r->gateway, "192.0.2.3"));
    r = find(&l, "10.4.0.0/16", 1);
    CHECK(r && text_is(&r->gateway, "192.0.2.4") && r->interface == if_nametoindex("veth0"));
    CHECK(find(&l, "10.4.0.0/16", 2) == NULL);
    r = find(&l, "10.5.0.0/16", 0);
    CHECK(r && text_is(&r->gateway, "fe80::2%veth0"));
    r = find(&l, "10.3.0.0/16", 0);
    CHECK(r && r->kind == ROUTE_BLACKHOLE && r->interface == 0);
    r = find(&l, "10.6.0.0/16", 0);
    CHECK(r && r->table == 100 && r->scope == 253);
    r = find(&l, "192.0.2.0/24", 0);
    CHECK(r && r->protocol == 2 && r->gateway.family == ADDR_NONE);
    r = find(&l, "192.0.2.1/32", 0);
    CHECK(r && r->kind == ROUTE_LOCAL && r->table == ROUTE_TABLE_LOCAL);
    r = find(&l, "2001:db8:9::/48", 0);
    CHECK(r && text_is(&r->gateway, "fe80::2%veth0"));
    arena_done(&arena);
    return failed;
}

int link_route_test(void)
{
    int failed = 0;
    struct err e = {0};
    struct netlink *n = NULL;
    if (!netns_enter())
        return 0;
    pid_t peer = netns_pair();
    CHECK(set_up() && netlink_open(&n, NETLINK_ROUTE, &e) == 0);
    failed += questions(n) + table();
    struct addr dst, source;
    struct route_hop hop;
    CHECK(addr_parse(&dst, "198.51.100.7", &e) == 0 && addr_parse(&source, "192.0.2.9", &e) == 0);
    CHECK(route_find(n, &dst, 0, &source, &hop, &e) == 0 && text_is(&hop.source, "192.0.2.9"));
    netlink_close(n);
    netns_end(peer);
    return failed;
}
