/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/link/route_map.h"

#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "core/base/attr.h"
#include "sys/link/netlink.h"

/* What the kernel tells apart though no route says so. */
static const struct {
    uint8_t family, byte[2], len;
} special[] = {
    {ADDR_IP4, {0}, 8},   {ADDR_IP4, {127}, 8},         {ADDR_IP4, {224}, 4},
    {ADDR_IP4, {240}, 4}, {ADDR_IP6, {0xfe, 0x80}, 10}, {ADDR_IP6, {0xff}, 8},
};

/* A rule that looks at more than the destination, or at some destinations only. */
static int read_rule(void *ctx, const struct nlmsghdr *message)
{
    enum { ATTR_MAX = FRA_PRIORITY };
    bool *plain = ctx;
    const struct nlattr *attr[ATTR_MAX + 1];
    const struct fib_rule_hdr *head = netlink_head(message, sizeof *head);
    if (!head || message->nlmsg_type != RTM_NEWRULE)
        return 0;
    netlink_attrs(message, sizeof *head, attr, ATTR_MAX);
    uint32_t priority = netlink_u32(attr[FRA_PRIORITY], 0);
    *plain &= head->src_len == 0 && head->dst_len == 0 && head->tos == 0 &&
              head->action == FR_ACT_TO_TBL &&
              (priority == 0 || priority == 32766 || priority == 32767); /* the kernel's own */
    return 0;
}

static void restart(void *ctx)
{
    *(bool *)ctx = true;
}

static bool has_plain_rules(struct netlink *n)
{
    static const uint8_t families[] = {AF_INET, AF_INET6};
    bool plain = true;
    for (size_t i = 0; i < sizeof families && plain; i++) {
        struct fib_rule_hdr head = {.family = families[i]};
        netlink_begin(n, RTM_GETRULE, NLM_F_DUMP, &head, sizeof head);
        plain = netlink_dump(n, read_rule, restart, &plain) == 0 && plain;
    }
    return plain;
}

/* Two routes of one prefix, table and metric: the kernel spreads destinations over them. */
static bool has_multipath(const struct route_list *l)
{
    for (size_t i = 1; i < l->count; i++) {
        const struct route *a = &l->item[i - 1], *b = &l->item[i];
        if (a->dst.prefix_len == b->dst.prefix_len && a->table == b->table &&
            a->metric == b->metric && a->kind == ROUTE_UNICAST && b->kind == ROUTE_UNICAST &&
            addr_equal(&a->dst.base, &b->dst.base) && a->gateway.family != ADDR_NONE)
            return true;
    }
    return false;
}

int route_map_open(struct route_map *m, struct netlink *n, struct err *e)
{
    *m = (struct route_map){.netlink = n};
    if (route_read(&m->arena, &m->routes, e) < 0)
        return e->code;
    m->by_prefix = has_plain_rules(n) && !has_multipath(&m->routes);
    return 0;
}

void route_map_done(struct route_map *m)
{
    arena_done(&m->arena);
    *m = (struct route_map){0};
}

static void addr_before(struct addr *a)
{
    bool borrow = true;
    for (size_t i = a->family == ADDR_IP4 ? 4 : 16; i-- > 0 && borrow;) {
        borrow = a->byte[i] == 0;
        a->byte[i] = borrow ? UINT8_MAX : (uint8_t)(a->byte[i] - 1);
    }
}

/* Shrink the stretch around `a` to what lies on its side of the prefix's ends. */
static void cut_stretch(struct addr_range *r, const struct addr *a, const struct cidr *prefix)
{
    struct addr first = prefix->base, last = cidr_last(prefix);
    first.scope = last.scope = r->first.scope;
    if (first.family != a->family)
        return;
    if (addr_compare(a, &first) < 0) {
        addr_before(&first);
        if (addr_compare(&first, &r->last) < 0)
            r->last = first;
    } else if (addr_compare(a, &last) > 0) {
        (void)addr_next(&last);
        if (addr_compare(&last, &r->first) > 0)
            r->first = last;
    } else {
        if (addr_compare(&first, &r->first) > 0)
            r->first = first;
        if (addr_compare(&last, &r->last) < 0)
            r->last = last;
    }
}

static struct addr_range stretch_of(const struct route_map *m, const struct addr *a)
{
    struct cidr all = cidr_of(a, 0);
    struct addr_range r = {all.base, cidr_last(&all)};
    r.first.scope = r.last.scope = a->scope;
    for (size_t i = 0; i < m->routes.count; i++)
        cut_stretch(&r, a, &m->routes.item[i].dst);
    for (size_t i = 0; i < ARRAY_COUNT(special); i++) {
        struct addr base = {.family = special[i].family};
        memcpy(base.byte, special[i].byte, sizeof special[i].byte);
        struct cidr prefix = cidr_of(&base, special[i].len);
        cut_stretch(&r, a, &prefix);
    }
    return r;
}

static bool is_in_last(const struct route_map *m, const struct addr *a, uint32_t interface)
{
    return m->has_last && m->last_interface == interface && a->family == m->last.first.family &&
           a->scope == m->last.first.scope && addr_compare(a, &m->last.first) >= 0 &&
           addr_compare(a, &m->last.last) <= 0;
}

int route_map_find(struct route_map *m, const struct addr *dst, uint32_t wanted_interface,
                   struct route_hop *out, struct err *e)
{
    if (is_in_last(m, dst, wanted_interface)) {
        *out = m->hop;
        if (out->on_link)
            out->next_hop = *dst;
        return 0;
    }
    m->asked++;
    if (route_find(m->netlink, dst, wanted_interface, NULL, out, e) < 0)
        return e->code;
    /* of an own or broadcast address the answer holds for itself only */
    m->has_last = m->by_prefix && !out->local && !out->multicast;
    m->last = stretch_of(m, dst);
    m->last_interface = wanted_interface;
    m->hop = *out;
    return 0;
}
