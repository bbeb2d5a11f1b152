/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/link/iface.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "sys/link/netlink.h"

/* The addresses come in a dump of their own, in any order of interfaces: they are kept in a plain
 * list first, then dealt out. */
struct found_addr {
    uint32_t interface;
    struct iface_addr addr;
};

struct reading {
    struct iface *item;
    size_t count, capacity;
    struct found_addr *addr;
    size_t addr_count, addr_capacity;
};

static void restart_links(void *ctx)
{
    ((struct reading *)ctx)->count = 0;
}

static void restart_addrs(void *ctx)
{
    ((struct reading *)ctx)->addr_count = 0;
}

bool iface_link_of(uint16_t hardware, enum packet_link *out)
{
    switch (hardware) {
    case ARPHRD_ETHER:
    case ARPHRD_LOOPBACK:
        *out = PACKET_LINK_ETHERNET;
        return true;
    case ARPHRD_NONE: /* tun, WireGuard */
    case ARPHRD_PPP:
    case ARPHRD_RAWIP:
    case ARPHRD_TUNNEL:
    case ARPHRD_TUNNEL6:
    case ARPHRD_SIT:
        *out = PACKET_LINK_RAW_IP;
        return true;
    default:
        return false;
    }
}

static void set_hardware(struct iface *i, uint16_t hardware, const struct nlattr *address)
{
    struct bytes_in mac = netlink_bytes(address);
    i->hardware = hardware;
    i->has_link = iface_link_of(hardware, &i->link);
    i->has_mac =
        i->has_link && i->link == PACKET_LINK_ETHERNET && bytes_left(&mac) == sizeof i->mac.byte;
    if (i->has_mac)
        bytes_copy(&mac, i->mac.byte, sizeof i->mac.byte);
}

static int read_link(void *ctx, const struct nlmsghdr *message)
{
    struct reading *r = ctx;
    const struct ifinfomsg *head = netlink_head(message, sizeof *head);
    const struct nlattr *attr[IFLA_MASTER + 1];
    if (!head || message->nlmsg_type != RTM_NEWLINK)
        return 0;
    netlink_attrs(message, sizeof *head, attr, IFLA_MASTER);
    MEM_GROW(r->item, r->count, r->capacity);
    struct iface *i = &r->item[r->count++];
    *i = (struct iface){.index = (uint32_t)head->ifi_index, .flag = head->ifi_flags};
    i->mtu = netlink_u32(attr[IFLA_MTU], 0);
    i->master = netlink_u32(attr[IFLA_MASTER], 0);
    netlink_text(attr[IFLA_IFNAME], i->name, sizeof i->name);
    set_hardware(i, head->ifi_type, attr[IFLA_ADDRESS]);
    return 0;
}

static int read_addr(void *ctx, const struct nlmsghdr *message)
{
    struct reading *r = ctx;
    const struct ifaddrmsg *head = netlink_head(message, sizeof *head);
    const struct nlattr *attr[IFA_FLAGS + 1];
    if (!head || message->nlmsg_type != RTM_NEWADDR)
        return 0;
    netlink_attrs(message, sizeof *head, attr, IFA_FLAGS);
    /* IFA_LOCAL is the own end; where it differs from IFA_ADDRESS, that is the other end */
    struct addr address = netlink_addr(attr[IFA_ADDRESS]), local = netlink_addr(attr[IFA_LOCAL]);
    if (local.family == ADDR_NONE)
        local = address;
    if (local.family == ADDR_NONE)
        return 0;
    uint32_t flag = netlink_u32(attr[IFA_FLAGS], head->ifa_flags);
    MEM_GROW(r->addr, r->addr_count, r->addr_capacity);
    struct found_addr *f = &r->addr[r->addr_count++];
    *f = (struct found_addr){.interface = head->ifa_index, .addr = {.addr = local}};
    if (!addr_equal(&local, &address))
        f->addr.peer = address;
    f->addr.net = cidr_of(&address, head->ifa_prefixlen);
    if (local.family == ADDR_IP6 && addr_is_link_local(&local))
        f->addr.addr.scope = head->ifa_index;
    f->addr.deprecated = flag & IFA_F_DEPRECATED;
    f->addr.tentative = flag & (IFA_F_TENTATIVE | IFA_F_DADFAILED) && !(flag & IFA_F_OPTIMISTIC);
    f->addr.temporary = local.family == ADDR_IP6 && flag & IFA_F_TEMPORARY;
    f->addr.secondary = local.family == ADDR_IP4 && flag & IFA_F_SECONDARY;
    return 0;
}

static int by_index(const void *a, const void *b)
{
    const struct iface *x = a, *y = b;
    return x->index < y->index ? -1 : x->index > y->index;
}

static void deal_addrs(struct arena *arena, struct iface *i, const struct reading *r)
{
    for (size_t k = 0; k < r->addr_count; k++)
        i->addr_count += r->addr[k].interface == i->index;
    i->addr = arena_array(arena, i->addr_count, sizeof *i->addr);
    size_t at = 0;
    for (size_t k = 0; k < r->addr_count; k++)
        if (r->addr[k].interface == i->index)
            i->addr[at++] = r->addr[k].addr;
}

static int ask(struct reading *r)
{
    struct err ignored;
    struct netlink *n;
    int result = netlink_open(&n, NETLINK_ROUTE, &ignored);
    if (result)
        return result;
    struct ifinfomsg links = {.ifi_family = AF_UNSPEC};
    netlink_begin(n, RTM_GETLINK, NLM_F_DUMP, &links, sizeof links);
    result = netlink_dump(n, read_link, restart_links, r);
    if (result == 0) {
        struct ifaddrmsg addrs = {.ifa_family = AF_UNSPEC};
        netlink_begin(n, RTM_GETADDR, NLM_F_DUMP, &addrs, sizeof addrs);
        result = netlink_dump(n, read_addr, restart_addrs, r);
    }
    netlink_close(n);
    return result;
}

int iface_read(struct arena *arena, struct iface_list *out, struct err *e)
{
    struct reading r = {0};
    int result = ask(&r);
    if (result == 0) {
        out->count = r.count;
        out->item = arena_array(arena, r.count, sizeof *out->item);
        memcpy(out->item, r.item, r.count * sizeof *out->item);
        qsort(out->item, out->count, sizeof *out->item, by_index);
        for (size_t i = 0; i < out->count; i++)
            deal_addrs(arena, &out->item[i], &r);
    }
    mem_free(r.item);
    mem_free(r.addr);
    return result ? err_set(e, result, "interfaces: %s", strerror(-result)) : 0;
}

const struct iface *iface_by_index(const struct iface_list *l, uint32_t index)
{
    for (size_t i = 0; i < l->count; i++)
        if (l->item[i].index == index)
            return &l->item[i];
    return NULL;
}

const struct iface *iface_by_name(const struct iface_list *l, const char *name)
{
    for (size_t i = 0; i < l->count; i++)
        if (strcmp(l->item[i].name, name) == 0)
            return &l->item[i];
    return NULL;
}

const struct iface *iface_of_addr(const struct iface_list *l, const struct addr *a)
{
    for (size_t i = 0; i < l->count; i++)
        for (size_t k = 0; k < l->item[i].addr_count; k++) {
            struct addr own = l->item[i].addr[k].addr;
            if (a->scope == 0) /* the asker did not say where */
                own.scope = 0;
            if (addr_equal(&own, a))
                return &l->item[i];
        }
    return NULL;
}

const struct iface_addr *iface_source(const struct iface *i, uint8_t family)
{
    const struct iface_addr *link_local = NULL;
    for (size_t k = 0; k < i->addr_count; k++) {
        const struct iface_addr *a = &i->addr[k];
        if (a->addr.family != family || a->deprecated || a->tentative)
            continue;
        if (family == ADDR_IP4 || !addr_is_link_local(&a->addr))
            return a;
        if (!link_local)
            link_local = a;
    }
    return link_local;
}

int iface_addr_parse(struct addr *out, const char *text, const struct iface_list *l, struct err *e)
{
    const char *zone = strchr(text, '%');
    const struct iface *i = zone ? iface_by_name(l, zone + 1) : NULL;
    if (!i) {
        int result = addr_parse(out, text, e);
        bool named = zone && zone[1 + strspn(zone + 1, "0123456789")] != '\0';
        return result && named ? err_set(e, -ENODEV, "%s: no interface %s", text, zone + 1)
                               : result;
    }
    char numbered[2 * ADDR_TEXT_MAX]; /* which addresses may have a scope, addr_parse knows */
    int len = snprintf(numbered, sizeof numbered, "%.*s%%%u", (int)(zone - text), text, i->index);
    if (len >= (int)sizeof numbered)
        return err_set(e, -EINVAL, "%.40s...: no address", text);
    return addr_parse(out, numbered, e);
}
