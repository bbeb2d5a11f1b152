/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A machine with two cables: veth0 (192.0.2.0/24, default route) and lan0 (10.7.0.0/24), and an
 * address that strangers reach kept on loopback. */
#include <string.h>

#include "check.h"
#include "sys/link/netns_test.h"
#include "tool/audit/reach.h"

#define FILTER(rules)                                                                              \
    "table inet t { chain i { type filter hook input priority 0; policy drop; " rules "; }; }"

static const struct {
    const char *rules;
    const char *addr, *interface;
    bool v6_only, udp;
    enum reach reach;
    const char *why; /* part of it */
} row[] = {
    {NULL, "127.0.0.1", NULL, false, false, REACH_LOOPBACK, "bound to 127.0.0.1"},
    {NULL, "::1", NULL, false, false, REACH_LOOPBACK, "bound to ::1"},
    {NULL, "127.9.9.9", NULL, false, true, REACH_LOOPBACK, "bound to 127.9.9.9"},
    {NULL, "0.0.0.0", "lo", false, false, REACH_LOOPBACK, "interface lo"},
    {NULL, "0.0.0.0", NULL, false, false, REACH_ANYONE, "a stranger from 198.51.100.99 by veth0"},
    {NULL, "::", NULL, false, true, REACH_ANYONE, "a stranger"}, /* through IPv4 */
    {NULL, "::", NULL, true, false, REACH_NEIGHBOURS, "a neighbour from 2001:db8:1::2 by veth0"},
    {NULL, "192.0.2.1", NULL, false, false, REACH_ANYONE, "by veth0"},
    {NULL, "10.7.0.1", NULL, false, false, REACH_NEIGHBOURS, "10.7.0.2 by lan0"},
    {NULL, "0.0.0.0", "lan0", false, false, REACH_NEIGHBOURS, "by lan0"},
    {NULL, "203.0.113.5", NULL, false, false, REACH_ANYONE, "by veth0"},      /* kept on loopback */
    {NULL, "192.168.99.1", NULL, false, false, REACH_LOOPBACK, "no network"}, /* not ours now */
    {NULL, "10.8.0.1", NULL, false, false, REACH_LOOPBACK, "no network"},     /* interface down */
    {FILTER(""), "0.0.0.0", NULL, false, false, REACH_FIREWALLED, "dropped by the policy"},
    {FILTER("ip saddr 10.7.0.0/24 accept"), "0.0.0.0", NULL, false, false, REACH_NEIGHBOURS,
     "10.7.0.2 by lan0: accepted by"},
    {FILTER("iifname lan0 accept"), "192.0.2.1", NULL, false, false, REACH_FIREWALLED, "veth0"},
    {FILTER("tcp dport 80 accept"), "0.0.0.0", NULL, false, false, REACH_ANYONE, "rule"},
    {FILTER("tcp dport 80 accept"), "0.0.0.0", NULL, false, true, REACH_FIREWALLED, NULL},
    {FILTER("ip saddr 10.7.0.0/24 accept; numgen random mod 2 0 accept"), "0.0.0.0", NULL, false,
     false, REACH_UNKNOWN, "cannot judge"},
    {FILTER("ip6 saddr 2001:db8:1::/64 accept"), "::", NULL, false, false, REACH_NEIGHBOURS,
     "2001:db8:1::2"},
    {FILTER("") "; table ip n { chain p { type nat hook prerouting priority -100; "
                "tcp dport 8080 redirect to :80; }; }",
     "0.0.0.0", NULL, false, false, REACH_UNKNOWN, "redirected to it by table ip n"},
    {"table ip n { chain p { type nat hook prerouting priority -100; "
     "tcp dport 80 redirect to :81; }; }",
     "0.0.0.0", NULL, false, false, REACH_FIREWALLED, "redirected by"},
};

static bool set_up(void)
{
    return netns_sh("ip link add lan0 type veth peer name lan1 && ip link set lan1 up && "
                    "ip addr add 10.7.0.1/24 dev lan0 && ip link set lan0 up && "
                    "ip link add down0 type veth peer name down1 && "
                    "ip addr add 10.8.0.1/24 dev down0 && "
                    "ip addr add 203.0.113.5/32 dev lo && ip route add default via 192.0.2.2");
}

static int check_row(size_t i)
{
    int failed = 0;
    struct arena arena = {0};
    struct err e = {0};
    struct reach_world w;
    char line[1024];
    snprintf(line, sizeof line, "nft flush ruleset; nft '%s'", row[i].rules ? row[i].rules : "");
    CHECK_ROW(i, netns_sh(line));
    if (!CHECK_ROW(i, reach_world_read(&w, &arena, "/proc/self/net", &e) == 0)) {
        printf("%s\n", e.text);
        return failed;
    }
    struct listener l = {
        .ip_proto = row[i].udp ? 17 : 6, .at = {.port = 80}, .v6_only = row[i].v6_only};
    CHECK_ROW(i, addr_parse(&l.at.addr, row[i].addr, &e) == 0);
    if (row[i].interface)
        l.interface = iface_by_name(&w.ifaces, row[i].interface)->index;
    const char *why = "";
    bool good = CHECK_ROW(i, reach_of(&w, &l, &why) == row[i].reach);
    good &= CHECK_ROW(i, !row[i].why || strstr(why, row[i].why));
    if (!good)
        printf("%s\n", why);
    reach_world_done(&w);
    arena_done(&arena);
    return failed;
}

int audit_reach_test(void)
{
    int failed = 0;
    if (!netns_enter())
        return 0;
    pid_t peer = netns_pair();
    if (!CHECK(peer > 0 && set_up()))
        return failed;
    for (size_t i = 0; i < ARRAY_LEN(row); i++)
        failed += check_row(i);
    netns_end(peer);
    return failed;
}
