/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/script/host_table.h"

#include <string.h>

#include "tool/scan/script/engine_private.h"

static void set_bytes(lua_State *lua, const char *key, const void *bytes, size_t len)
{
    lua_pushlstring(lua, bytes, len);
    lua_setfield(lua, -2, key);
}

static void set_addr(lua_State *lua, const char *text_key, const char *bytes_key,
                     const struct addr *addr)
{
    char text[ADDR_TEXT_MAX];
    if (addr->family == ADDR_NONE)
        return;
    script_set_text(lua, text_key, addr_format(addr, text));
    set_bytes(lua, bytes_key, addr->byte, addr->family == ADDR_IP6 ? 16 : 4);
}

static void set_seconds(lua_State *lua, const char *key, uint64_t us)
{
    lua_pushnumber(lua, (lua_Number)us / 1e6);
    lua_setfield(lua, -2, key);
}

static void set_names(lua_State *lua, const struct scan_host *h)
{
    script_set_text(lua, "name", "");
    for (size_t i = 0; i < h->name_count; i++)
        script_set_text(lua, h->name[i].by_user ? "targetname" : "name", h->name[i].name);
}

static void set_times(lua_State *lua, const struct scan_host *h)
{
    lua_createtable(lua, 0, 3);
    set_seconds(lua, "srtt", h->has_times ? h->srtt_us : 0);
    set_seconds(lua, "rttvar", h->has_times ? h->rttvar_us : 0);
    set_seconds(lua, "timeout", h->has_times ? h->timeout_us : 1000000);
    lua_setfield(lua, -2, "times");
}

/* All scripts of one address share nmap.registry[address]. */
static void set_registry(lua_State *lua, const char *addr)
{
    luaL_getsubtable(lua, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    lua_getfield(lua, -1, "nmap");
    luaL_getsubtable(lua, -1, "registry");
    luaL_getsubtable(lua, -1, addr);
    lua_setfield(lua, -5, "registry");
    lua_pop(lua, 3);
}

static void set_traceroute(lua_State *lua, const struct scan_trace *trace)
{
    if (!trace)
        return;
    lua_createtable(lua, (int)trace->hop_count, 0);
    for (size_t i = 0; i < trace->hop_count; i++) {
        char text[ADDR_TEXT_MAX];
        const struct scan_hop *hop = &trace->hop[i];
        lua_newtable(lua);
        if (hop->addr.family != ADDR_NONE) {
            script_set_text(lua, "ip", addr_format(&hop->addr, text));
            script_set_text(lua, "name", hop->host ? hop->host : "");
            lua_createtable(lua, 0, 1);
            set_seconds(lua, "srtt", hop->rtt_ms > 0 ? (uint64_t)(hop->rtt_ms * 1000) : 0);
            lua_setfield(lua, -2, "times");
        }
        lua_rawseti(lua, -2, (lua_Integer)i + 1);
    }
    lua_setfield(lua, -2, "traceroute");
}

static void set_os(lua_State *lua, const struct scan_os *os)
{
    if (!os || !os->match_count)
        return;
    lua_createtable(lua, (int)os->match_count, 0);
    for (size_t i = 0; i < os->match_count; i++) {
        lua_newtable(lua);
        script_set_text(lua, "name", os->match[i].name);
        lua_createtable(lua, (int)os->match[i].class_count, 0);
        for (size_t k = 0; k < os->match[i].class_count; k++) {
            const struct scan_os_class *c = &os->match[i].class[k];
            lua_newtable(lua);
            script_set_text(lua, "vendor", c->vendor);
            script_set_text(lua, "osfamily", c->family);
            script_set_text(lua, "osgen", c->generation);
            script_set_text(lua, "type", c->type);
            lua_newtable(lua);
            for (size_t n = 0; n < c->cpe_count; n++) {
                lua_pushstring(lua, c->cpe[n]);
                lua_rawseti(lua, -2, (lua_Integer)n + 1);
            }
            lua_setfield(lua, -2, "cpe");
            lua_rawseti(lua, -2, (lua_Integer)k + 1);
        }
        lua_setfield(lua, -2, "classes");
        lua_rawseti(lua, -2, (lua_Integer)i + 1);
    }
    lua_setfield(lua, -2, "os");
}

void host_table_push(lua_State *lua, const struct script_target *target)
{
    const struct scan_host *h = target->host;
    char text[ADDR_TEXT_MAX];
    lua_createtable(lua, 0, 20);
    set_addr(lua, "ip", "bin_ip", &h->addr);
    set_addr(lua, "ip_src", "bin_ip_src", &target->source);
    set_names(lua, h);
    set_times(lua, h);
    set_registry(lua, addr_format(&h->addr, text));
    set_traceroute(lua, h->trace);
    set_os(lua, h->os);
    script_set_text(lua, "interface", target->interface);
    script_set_text(lua, "reason", scan_reason_name(h->because.reason, 1));
    script_set_integer(lua, "reason_ttl", h->because.ttl);
    lua_pushboolean(lua, target->on_link);
    lua_setfield(lua, -2, "directly_connected");
    if (h->has_mac)
        set_bytes(lua, "mac_addr", h->mac.byte, sizeof h->mac.byte);
}

static void push_version(lua_State *lua, const struct scan_service *s)
{
    lua_createtable(lua, 0, 12);
    script_set_text(lua, "name", s->name);
    script_set_text(lua, "product", s->product);
    script_set_text(lua, "version", s->version);
    script_set_text(lua, "extrainfo", s->extra_info);
    script_set_text(lua, "hostname", s->hostname);
    script_set_text(lua, "ostype", s->os_type);
    script_set_text(lua, "devicetype", s->device_type);
    script_set_text(lua, "service_fp", s->fingerprint);
    script_set_text(lua, "service_tunnel", s->ssl ? "ssl" : "none");
    script_set_text(lua, "service_dtype", s->probed ? "probed" : "table");
    lua_pushnumber(lua, s->confidence);
    lua_setfield(lua, -2, "name_confidence");
    lua_createtable(lua, (int)s->cpe_count, 0);
    for (size_t i = 0; i < s->cpe_count; i++) {
        lua_pushstring(lua, s->cpe[i]);
        lua_rawseti(lua, -2, (lua_Integer)i + 1);
    }
    lua_setfield(lua, -2, "cpe");
}

void port_table_push(lua_State *lua, const struct scan_port *port)
{
    lua_createtable(lua, 0, 8);
    script_set_integer(lua, "number", port->number);
    script_set_text(lua, "protocol", scan_proto_name(port->proto));
    script_set_text(lua, "state", scan_state_name(port->state));
    script_set_text(lua, "reason", scan_reason_name(port->because.reason, 1));
    script_set_integer(lua, "reason_ttl", port->because.ttl);
    script_set_text(lua, "service", port->service.name);
    push_version(lua, &port->service);
    lua_setfield(lua, -2, "version");
}

struct script_target *host_table_find(lua_State *lua, const char *addr)
{
    struct script_engine *engine = script_engine_of(lua);
    for (size_t i = 0; i < engine->target_count; i++) {
        char text[ADDR_TEXT_MAX];
        if (strcmp(addr_format(&engine->target[i].host->addr, text), addr) == 0)
            return &engine->target[i];
    }
    return NULL;
}
