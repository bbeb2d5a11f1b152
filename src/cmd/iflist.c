/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/iflist.h"

#include <stdio.h>

#include "core/base/arena.h"
#include "sys/link/iface.h"
#include "sys/link/route.h"

static const char *type_of(const struct iface *i)
{
    if (i->flag & IFACE_LOOPBACK)
        return "loopback";
    if (i->flag & IFACE_POINT_TO_POINT)
        return "point2point";
    return i->has_mac ? "ethernet" : "other";
}

/* "10.0.0.1/24": the address with the length of its prefix. */
static char *format_address(const struct iface_addr *a, char to[CIDR_TEXT_MAX])
{
    char text[ADDR_TEXT_MAX];
    snprintf(to, CIDR_TEXT_MAX, "%.*s/%u", ADDR_TEXT_MAX - 1, addr_format(&a->addr, text),
             a->net.prefix_len);
    return to;
}

static void add_interface(const struct iface *i, struct str *out)
{
    char address[CIDR_TEXT_MAX] = "(none)/0", mac[MAC_TEXT_MAX] = "";
    for (size_t a = 0; a == 0 || a < i->addr_count; a++) {
        if (i->addr_count)
            format_address(&i->addr[a], address);
        if (i->has_mac && !mac_is_zero(&i->mac))
            mac_format(&i->mac, mac);
        str_addf(out, "%-10s (%-10s) %-32s %-11s %-4s %-5u %s\n", i->name, i->name, address,
                 type_of(i), i->flag & IFACE_UP ? "up" : "down", i->mtu, mac);
    }
}

static void add_route(const struct route *r, const struct iface_list *ifaces, struct str *out)
{
    char dst[CIDR_TEXT_MAX], gateway[ADDR_TEXT_MAX];
    const struct iface *i = iface_by_index(ifaces, r->interface);
    str_addf(out, "%-40s %-10s %-6u %s\n", cidr_format(&r->dst, dst), i ? i->name : "", r->metric,
             addr_format(&r->gateway, gateway));
}

int iflist_format(struct str *out, struct err *e)
{
    struct arena arena = {0};
    struct iface_list ifaces;
    struct route_list routes;
    int rc = iface_read(&arena, &ifaces, e);
    if (rc == 0)
        rc = route_read(&arena, &routes, e);
    if (rc == 0) {
        str_add(out, "************************INTERFACES************************\n");
        str_addf(out, "%-10s (%-10s) %-32s %-11s %-4s %-5s %s\n", "DEV", "SHORT", "IP/MASK", "TYPE",
                 "UP", "MTU", "MAC");
        for (size_t i = 0; i < ifaces.count; i++)
            add_interface(&ifaces.item[i], out);
        str_add(out, "\n**************************ROUTES**************************\n");
        str_addf(out, "%-40s %-10s %-6s %s\n", "DST/MASK", "DEV", "METRIC", "GATEWAY");
        for (size_t i = 0; i < routes.count; i++)
            if (routes.item[i].table == ROUTE_TABLE_MAIN || routes.item[i].kind == ROUTE_LOCAL)
                add_route(&routes.item[i], &ifaces, out);
    }
    arena_done(&arena);
    return rc;
}
