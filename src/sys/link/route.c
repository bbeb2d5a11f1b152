/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/link/route.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "core/base/mem.h"
#include "sys/link/netlink.h"

enum { ATTR_MAX = RTA_VIA };

static struct addr gateway_of(const struct nlattr *const *attr)
{
    if (attr[RTA_GATEWAY])
        return netlink_addr(attr[RTA_GATEWAY]);
    /* RTA_VIA: a gateway of the other family, its AF_ number in front */
    struct bytes_in via = netlink_bytes(attr[RTA_VIA]);
    struct addr a = {0};
    uint16_t family;
    bytes_copy(&via, &family, sizeof family);
    size_t len = family == AF_INET ? 4 : 16;
    if (via.bad || bytes_left(&via) != len)
        return a;
    a.family = len == 4 ? ADDR_IP4 : ADDR_IP6;
    bytes_copy(&via, a.byte, len);
    return a;
}

static void scope_to(struct addr *a, uint32_t interface)
{
    if (a->family == ADDR_IP6 && addr_is_link_local(a))
        a->scope = interface;
}

struct finding {
    const struct addr *dst;
    struct route_hop *hop;
    uint8_t kind;
    bool found;
};

static uint32_t mtu_of(const struct nlattr *metrics)
{
    const struct nlattr *attr[RTAX_MTU + 1];
    netlink_nested(metrics, attr, RTAX_MTU);
    return netlink_u32(attr[RTAX_MTU], 0);
}

static int read_hop(void *ctx, const struct nlmsghdr *message)
{
    struct finding *f = ctx;
    const struct rtmsg *head = netlink_head(message, sizeof *head);
    const struct nlattr *attr[ATTR_MAX + 1];
    if (!head || message->nlmsg_type != RTM_NEWROUTE)
        return 0;
    netlink_attrs(message, sizeof *head, attr, ATTR_MAX);
    struct addr gateway = gateway_of(attr);
    f->found = true;
    f->kind = head->rtm_type;
    *f->hop = (struct route_hop){
        .interface = netlink_u32(attr[RTA_OIF], 0),
        .source = netlink_addr(attr[RTA_PREFSRC]),
        .next_hop = gateway.family ? gateway : *f->dst,
        .on_link = gateway.family == ADDR_NONE,
        .local = head->rtm_type == RTN_LOCAL,
        .multicast = head->rtm_type == RTN_MULTICAST || head->rtm_type == RTN_BROADCAST,
        .mtu = mtu_of(attr[RTA_METRICS]),
    };
    scope_to(&f->hop->source, f->hop->interface);
    scope_to(&f->hop->next_hop, f->hop->interface);
    return 0;
}

/* IPv6 answers a destination without a route by a route that says unreachable, not by an error. */
static int refusal(const struct finding *f)
{
    if (!f->found)
        return -ENETUNREACH;
    switch (f->kind) {
    case RTN_BLACKHOLE:
        return -EINVAL;
    case RTN_UNREACHABLE:
        return -EHOSTUNREACH;
    case RTN_PROHIBIT:
        return -EACCES;
    default:
        return f->hop->interface ? 0 : -ENETUNREACH;
    }
}

int route_find(struct netlink *n, const struct addr *dst, uint32_t wanted_interface,
               const struct addr *wanted_source, struct route_hop *out, struct err *e)
{
    uint8_t bits = addr_bits(dst);
    struct rtmsg head = {.rtm_family = dst->family == ADDR_IP4 ? AF_INET : AF_INET6,
                         .rtm_dst_len = bits};
    struct route_hop hop = {0};
    struct finding f = {dst, &hop, 0, false};
    uint32_t interface = wanted_interface ? wanted_interface : dst->scope;
    if (wanted_source)
        head.rtm_src_len = bits;
    netlink_begin(n, RTM_GETROUTE, 0, &head, sizeof head);
    netlink_put(n, RTA_DST, dst->byte, bits / 8);
    if (wanted_source)
        netlink_put(n, RTA_SRC, wanted_source->byte, bits / 8);
    if (interface)
        netlink_put_u32(n, RTA_OIF, interface);
    int result = netlink_ask(n, read_hop, &f);
    if (result == 0)
        result = refusal(&f);
    char text[ADDR_TEXT_MAX];
    if (result)
        return err_set(e, result, "route to %s: %s", addr_format(dst, text), strerror(-result));
    if (hop.source.family == ADDR_NONE && wanted_source)
        hop.source = *wanted_source; /* the kernel does not repeat what it was told */
    *out = hop;
    return 0;
}

struct reading {
    struct route *item;
    size_t count, capacity;
    size_t start; /* where the dump of this family began */
};

static void restart(void *ctx)
{
    struct reading *r = ctx;
    r->count = r->start;
}

static void add(struct reading *r, struct route one, uint32_t interface, struct addr gateway)
{
    one.interface = interface;
    one.gateway = gateway;
    scope_to(&one.gateway, interface);
    MEM_GROW(r->item, r->count, r->capacity);
    r->item[r->count++] = one;
}

/* RTA_MULTIPATH: next hops one behind the other, each a struct rtnexthop with attributes. */
static void add_paths(struct reading *r, const struct route *common, const struct nlattr *paths)
{
    struct bytes_in in = netlink_bytes(paths);
    while (bytes_left(&in) >= sizeof(struct rtnexthop)) {
        struct rtnexthop hop;
        struct bytes_in ahead = in;
        bytes_copy(&ahead, &hop, sizeof hop);
        size_t len = RTNH_ALIGN(hop.rtnh_len);
        struct bytes_in one = bytes_sub(&in, len < bytes_left(&in) ? len : bytes_left(&in));
        bytes_skip(&one, sizeof hop);
        if (hop.rtnh_len < sizeof hop || one.bad)
            return;
        const struct nlattr *attr[ATTR_MAX + 1];
        netlink_within(one, attr, ATTR_MAX);
        add(r, *common, (uint32_t)hop.rtnh_ifindex, gateway_of(attr));
    }
}

static int read_route(void *ctx, const struct nlmsghdr *message)
{
    struct reading *r = ctx;
    const struct rtmsg *head = netlink_head(message, sizeof *head);
    const struct nlattr *attr[ATTR_MAX + 1];
    if (!head || message->nlmsg_type != RTM_NEWROUTE || head->rtm_flags & RTM_F_CLONED ||
        (head->rtm_family != AF_INET && head->rtm_family != AF_INET6))
        return 0;
    netlink_attrs(message, sizeof *head, attr, ATTR_MAX);
    struct route one = {.source = netlink_addr(attr[RTA_PREFSRC]),
                        .metric = netlink_u32(attr[RTA_PRIORITY], 0),
                        .table = netlink_u32(attr[RTA_TABLE], head->rtm_table),
                        .kind = head->rtm_type,
                        .protocol = head->rtm_protocol,
                        .scope = head->rtm_scope};
    struct addr base = netlink_addr(attr[RTA_DST]);
    base.family =
        head->rtm_family == AF_INET ? ADDR_IP4 : ADDR_IP6; /* the default has no RTA_DST */
    one.dst = cidr_of(&base, head->rtm_dst_len);
    if (attr[RTA_MULTIPATH])
        add_paths(r, &one, attr[RTA_MULTIPATH]);
    else
        add(r, one, netlink_u32(attr[RTA_OIF], 0), gateway_of(attr));
    return 0;
}

static int ask(struct reading *r)
{
    static const uint8_t families[] = {AF_INET, AF_INET6};
    struct err ignored;
    struct netlink *n;
    int result = netlink_open(&n, NETLINK_ROUTE, &ignored);
    if (result)
        return result;
    for (size_t i = 0; i < sizeof families && result == 0; i++) {
        struct rtmsg head = {.rtm_family = families[i]};
        r->start = r->count;
        netlink_begin(n, RTM_GETROUTE, NLM_F_DUMP, &head, sizeof head);
        result = netlink_dump(n, read_route, restart, r);
    }
    netlink_close(n);
    return result;
}

int route_read(struct arena *arena, struct route_list *out, struct err *e)
{
    struct reading r = {0};
    int result = ask(&r);
    if (result == 0) {
        out->count = r.count;
        out->item = arena_array(arena, r.count, sizeof *out->item);
        if (r.count)
            memcpy(out->item, r.item, r.count * sizeof *out->item);
    }
    mem_free(r.item);
    return result ? err_set(e, result, "routes: %s", strerror(-result)) : 0;
}
