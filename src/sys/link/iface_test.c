/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>

#include "check.h"
#include "sys/link/iface.h"
#include "sys/link/netns_test.h"

static int addresses(const struct iface *v)
{
    int failed = 0;
    char text[CIDR_TEXT_MAX];
    size_t found = 0;
    for (size_t i = 0; i < v->addr_count; i++) {
        const struct iface_addr *a = &v->addr[i];
        addr_format(&a->addr, text);
        if (strcmp(text, "192.0.2.1") == 0) {
            CHECK(strcmp(cidr_format(&a->net, text), "192.0.2.0/24") == 0 && !a->secondary);
            found |= 1;
        } else if (strcmp(text, "192.0.2.9") == 0) {
            CHECK(a->secondary && a->peer.family == ADDR_NONE);
            found |= 2;
        } else if (strcmp(text, "10.0.0.1") == 0) {
            CHECK(strcmp(addr_format(&a->peer, text), "10.0.0.2") == 0);
            found |= 4;
        } else if (strcmp(text, "2001:db8:1::1") == 0) {
            CHECK(strcmp(cidr_format(&a->net, text), "2001:db8:1::/64") == 0 && a->addr.scope == 0);
            found |= 8;
        } else if (strcmp(text, "2001:db8:2::1") == 0) {
            CHECK(a->deprecated);
            found |= 16;
        } else if (addr_is_link_local(&a->addr)) {
            CHECK(a->addr.scope == v->index);
            found |= 32;
        }
    }
    CHECK(found == 63);
    return failed;
}

static int names(const struct iface_list *l, const struct iface *v)
{
    int failed = 0;
    struct err e = {0};
    struct addr a;
    CHECK(iface_addr_parse(&a, "fe80::1%veth0", l, &e) == 0 && a.scope == v->index);
    CHECK(iface_addr_parse(&a, "fe80::1%1", l, &e) == 0 && a.scope == 1);
    CHECK(iface_addr_parse(&a, "192.0.2.1", l, &e) == 0 && iface_of_addr(l, &a) == v);
    CHECK(iface_addr_parse(&a, "fe80::1%nothere", l, &e) == -ENODEV);
    CHECK(strstr(e.text, "nothere") != NULL);
    CHECK(iface_addr_parse(&a, "192.0.2.1%veth0", l, &e) == -EINVAL);
    CHECK(iface_addr_parse(&a, "fe80::%%veth0", l, &e) < 0);
    CHECK(iface_addr_parse(&a, "2001:db8::1%veth0", l, &e) == -EINVAL);
    CHECK(iface_addr_parse(&a, "fe80::1%", l, &e) == -EINVAL);
    CHECK(iface_addr_parse(&a, "192.0.2.77", l, &e) == 0 && iface_of_addr(l, &a) == NULL);
    CHECK(iface_by_name(l, "") == NULL && iface_by_index(l, 0) == NULL);
    return failed;
}

int link_iface_test(void)
{
    int failed = 0;
    struct arena arena = {0};
    struct err e = {0};
    struct iface_list l;
    if (!netns_enter())
        return 0;
    pid_t peer = netns_pair();
    CHECK(netns_sh("ip addr add 192.0.2.9/24 dev veth0 && "
                   "ip addr add 10.0.0.1 peer 10.0.0.2 dev veth0 && "
                   "ip addr add 2001:db8:2::1/64 dev veth0 preferred_lft 0 nodad && "
                   "ip link add br0 type bridge && ip link add v0 type veth peer name v1 && "
                   "ip link set v0 master br0 && ip link set veth0 mtu 1400 && "
                   "ip tuntap add tun0 mode tun"));
    CHECK(iface_read(&arena, &l, &e) == 0);
    const struct iface *lo = iface_by_name(&l, "lo"), *v = iface_by_name(&l, "veth0");
    const struct iface *bridge = iface_by_name(&l, "br0"), *v0 = iface_by_name(&l, "v0");
    const struct iface *tun = iface_by_name(&l, "tun0");
    if (CHECK(lo && v && bridge && v0 && tun)) {
        CHECK(lo->flag & IFACE_LOOPBACK && lo->flag & IFACE_UP && lo->index == 1 && lo->has_mac);
        CHECK(lo->has_link && lo->link == PACKET_LINK_ETHERNET && mac_is_zero(&lo->mac));
        CHECK(v->flag & IFACE_UP && v->flag & IFACE_RUNNING && v->flag & IFACE_MULTICAST);
        CHECK(v->mtu == 1400 && v->has_mac && v->mac.byte[5] == 1 && v->hardware == 1);
        CHECK(v0->master == bridge->index && !(v0->flag & IFACE_UP) && v0->addr_count == 0);
        CHECK(tun->has_link && tun->link == PACKET_LINK_RAW_IP && !tun->has_mac);
        const struct iface_addr *source = iface_source(v, ADDR_IP6);
        char text[ADDR_TEXT_MAX];
        CHECK(source && strcmp(addr_format(&source->addr, text), "2001:db8:1::1") == 0);
        source = iface_source(v, ADDR_IP4);
        CHECK(source && strcmp(addr_format(&source->addr, text), "192.0.2.1") == 0);
        CHECK(iface_source(v0, ADDR_IP4) == NULL);
        failed += addresses(v) + names(&l, v);
    }
    netns_end(peer);
    arena_done(&arena);
    return failed;
}
