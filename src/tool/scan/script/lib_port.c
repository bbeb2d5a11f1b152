/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What scripts ask about ports, and what they change of them. */
#include <string.h>

#include "tool/scan/script/engine_private.h"
#include "tool/scan/script/host_table.h"

static struct scan_port *find_port(lua_State *lua)
{
    const char *addr = luaL_checkstring(lua, 1);
    lua_Integer number = luaL_checkinteger(lua, 2);
    const char *proto = luaL_checkstring(lua, 3);
    struct script_target *t = host_table_find(lua, addr);
    for (size_t i = 0; t && i < t->host->port_count; i++)
        if (t->port[i].number == number && strcmp(scan_proto_name(t->port[i].proto), proto) == 0)
            return &t->port[i];
    return NULL;
}

/* ports(ADDRESS) -> list */
static int list_ports(lua_State *lua)
{
    const struct script_target *t = host_table_find(lua, luaL_checkstring(lua, 1));
    lua_newtable(lua);
    for (size_t i = 0; t && i < t->host->port_count; i++) {
        port_table_push(lua, &t->port[i]);
        lua_rawseti(lua, -2, (lua_Integer)i + 1);
    }
    return 1;
}

/* port_get(ADDRESS, NUMBER, PROTOCOL) -> port or nil */
static int get_port(lua_State *lua)
{
    const struct scan_port *port = find_port(lua);
    if (port)
        port_table_push(lua, port);
    else
        lua_pushnil(lua);
    return 1;
}

/* port_set_state(ADDRESS, NUMBER, PROTOCOL, STATE): only to what a script can know */
static int set_state(lua_State *lua)
{
    struct scan_port *port = find_port(lua);
    const char *state = luaL_checkstring(lua, 4);
    if (!port)
        return 0;
    if (strcmp(state, "open") == 0 && port->state != SCAN_OPEN) {
        port->state = SCAN_OPEN;
        port->because = (struct scan_because){.reason = SCAN_REASON_SCRIPT_SET};
    } else if (strcmp(state, "closed") == 0 && port->state != SCAN_CLOSED) {
        port->state = SCAN_CLOSED;
        port->because = (struct scan_because){.reason = SCAN_REASON_SCRIPT_SET};
    }
    return 0;
}

/* A text field of the table at 4; what is there already where the script says nothing. */
static void take_text(lua_State *lua, const char *key, const char **to)
{
    lua_getfield(lua, 4, key);
    const char *text = lua_tostring(lua, -1);
    if (text)
        *to = *text ? arena_text(script_engine_of(lua)->arena, text) : NULL;
    lua_pop(lua, 1);
}

static void take_cpe(lua_State *lua, struct scan_service *s)
{
    struct arena *arena = script_engine_of(lua)->arena;
    if (lua_getfield(lua, 4, "cpe") == LUA_TTABLE) {
        size_t count = lua_rawlen(lua, -1);
        const char **cpe = arena_array(arena, count, sizeof *cpe);
        size_t kept = 0;
        for (size_t i = 0; i < count; i++) {
            if (lua_rawgeti(lua, -1, (lua_Integer)i + 1) == LUA_TSTRING)
                cpe[kept++] = arena_text(arena, lua_tostring(lua, -1));
            lua_pop(lua, 1);
        }
        s->cpe = cpe;
        s->cpe_count = kept;
    }
    lua_pop(lua, 1);
}

/* port_set_version(ADDRESS, NUMBER, PROTOCOL, VERSION, CONFIDENCE) */
static int set_version(lua_State *lua)
{
    enum { BY_TABLE = 3, BY_PROBE = 10 };
    struct scan_port *port = find_port(lua);
    luaL_checktype(lua, 4, LUA_TTABLE);
    const char *confidence = luaL_checkstring(lua, 5);
    if (!port)
        return 0;
    struct scan_service *s = &port->service;
    take_text(lua, "name", &s->name);
    take_text(lua, "product", &s->product);
    take_text(lua, "version", &s->version);
    take_text(lua, "extrainfo", &s->extra_info);
    take_text(lua, "hostname", &s->hostname);
    take_text(lua, "ostype", &s->os_type);
    take_text(lua, "devicetype", &s->device_type);
    take_cpe(lua, s);
    const char *tunnel = NULL;
    take_text(lua, "service_tunnel", &tunnel);
    s->ssl = tunnel ? strcmp(tunnel, "ssl") == 0 : s->ssl;
    if (strcmp(confidence, "hardmatched") == 0 || strcmp(confidence, "softmatched") == 0) {
        s->probed = true;
        s->confidence = BY_PROBE;
        s->fingerprint = strcmp(confidence, "hardmatched") == 0 ? NULL : s->fingerprint;
    }
    return 0;
}

static int is_timed_out(lua_State *lua)
{
    const struct script_target *t = host_table_find(lua, luaL_checkstring(lua, 1));
    lua_pushboolean(lua, t && t->timed_out);
    return 1;
}

void script_port_open(lua_State *lua)
{
    static const luaL_Reg functions[] = {
        {"ports", list_ports},         {"port_get", get_port},
        {"port_set_state", set_state}, {"port_set_version", set_version},
        {"timed_out", is_timed_out},   {NULL, NULL}};
    luaL_setfuncs(lua, functions, 0);
}
