/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The machine's interfaces as scripts see them (nmap's nsedoc, nmap.list_interfaces). */
#include "sys/link/iface.h"
#include "tool/scan/script/engine_private.h"

static const char *kind_of(const struct iface *i)
{
    if (i->flag & IFACE_LOOPBACK)
        return "loopback";
    if (i->flag & IFACE_POINT_TO_POINT)
        return "p2p";
    return i->has_link && i->link == PACKET_LINK_ETHERNET ? "ethernet" : "other";
}

/* One of its addresses; NULL: it has none. */
static void push_interface(lua_State *lua, const struct iface *i, const struct iface_addr *addr)
{
    char text[ADDR_TEXT_MAX];
    lua_createtable(lua, 0, 8);
    script_set_text(lua, "device", i->name);
    script_set_text(lua, "shortname", i->name);
    script_set_text(lua, "link", kind_of(i));
    script_set_text(lua, "up", i->flag & IFACE_UP ? "up" : "down");
    script_set_integer(lua, "mtu", i->mtu);
    if (i->has_mac) {
        lua_pushlstring(lua, (const char *)i->mac.byte, sizeof i->mac.byte);
        lua_setfield(lua, -2, "mac");
    }
    if (!addr)
        return;
    script_set_text(lua, "address", addr_format(&addr->addr, text));
    script_set_integer(lua, "netmask", addr->net.prefix_len);
    if (addr->addr.family == ADDR_IP4 && i->flag & IFACE_BROADCAST) {
        struct addr last = cidr_last(&addr->net);
        script_set_text(lua, "broadcast", addr_format(&last, text));
    }
}

/* interfaces() -> list, an entry for each address */
static int list_interfaces(lua_State *lua)
{
    struct arena arena = {0};
    struct iface_list list;
    struct err e = {0};
    lua_newtable(lua);
    lua_Integer count = 0;
    if (iface_read(&arena, &list, &e) < 0)
        list.count = 0;
    for (size_t i = 0; i < list.count; i++) {
        const struct iface *one = &list.item[i];
        for (size_t k = 0; k < one->addr_count || (k == 0 && !one->addr_count); k++) {
            push_interface(lua, one, one->addr_count ? &one->addr[k] : NULL);
            lua_rawseti(lua, -2, ++count);
        }
    }
    arena_done(&arena);
    return 1;
}

void script_interface_open(lua_State *lua)
{
    lua_pushcfunction(lua, list_interfaces);
    lua_setfield(lua, -2, "interfaces");
}
