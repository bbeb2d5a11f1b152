/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files, names, time and chance for scripts. */
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/rng.h"
#include "core/base/str.h"
#include "sys/io/file.h"
#include "sys/io/resolver.h"
#include "tool/scan/script/engine_private.h"

enum { RANDOM_MAX = 1 << 20, RESOLV_MAX = 65536 };

static int log_text(lua_State *lua)
{
    const struct script_setup *setup = &script_engine_of(lua)->setup;
    setup->log(setup->ctx, luaL_checkstring(lua, 1));
    return 0;
}

static int now(lua_State *lua)
{
    uint64_t ns = clock_wall_ns(script_engine_of(lua)->setup.clock);
    lua_pushnumber(lua, (lua_Number)ns / (lua_Number)NS_PER_S);
    return 1;
}

static int path_kind(lua_State *lua)
{
    struct stat st;
    if (stat(luaL_checkstring(lua, 1), &st) < 0)
        return 0;
    lua_pushstring(lua, S_ISDIR(st.st_mode) ? "directory" : "file");
    return 1;
}

static int list_folder(lua_State *lua)
{
    DIR *dir = opendir(luaL_checkstring(lua, 1));
    const struct dirent *entry;
    if (!dir)
        return 0;
    lua_newtable(lua);
    for (lua_Integer n = 1; (entry = readdir(dir)); n++) {
        lua_pushstring(lua, entry->d_name);
        lua_rawseti(lua, -2, n);
    }
    closedir(dir);
    return 1;
}

/* true, or nil and why */
static int report(lua_State *lua, int rc)
{
    if (rc == 0) {
        lua_pushboolean(lua, true);
        return 1;
    }
    lua_pushnil(lua);
    lua_pushstring(lua, strerror(errno));
    return 2;
}

static int make_folder(lua_State *lua)
{
    return report(lua, mkdir(luaL_checkstring(lua, 1), 0755));
}

static int remove_folder(lua_State *lua)
{
    return report(lua, rmdir(luaL_checkstring(lua, 1)));
}

static int random_bytes(lua_State *lua)
{
    lua_Integer count = luaL_checkinteger(lua, 1);
    luaL_argcheck(lua, count >= 0 && count <= RANDOM_MAX, 1, "0 to 1048576 bytes");
    luaL_Buffer buffer;
    rng_secret(luaL_buffinitsize(lua, &buffer, (size_t)count), (size_t)count);
    luaL_pushresultsize(&buffer, (size_t)count);
    return 1;
}

/* address_kind(TEXT) -> 4, 6 or nil */
static int address_kind(lua_State *lua)
{
    struct addr addr;
    struct err e = {0};
    if (addr_parse(&addr, luaL_checkstring(lua, 1), &e) < 0)
        return 0;
    lua_pushinteger(lua, addr.family);
    return 1;
}

/* A question under way; it is Lua's, and held until it is answered. */
struct question {
    struct script_engine *engine;
    lua_State *thread;
    int thread_ref, own_ref;
};

static void push_addresses(lua_State *lua, const struct addr *addr, size_t count)
{
    lua_createtable(lua, (int)count, 0);
    for (size_t i = 0; i < count; i++) {
        char text[ADDR_TEXT_MAX];
        lua_pushstring(lua, addr_format(&addr[i], text));
        lua_rawseti(lua, -2, (lua_Integer)i + 1);
    }
}

static void on_addresses(void *ctx, int result, const struct addr *addr, size_t count)
{
    struct question *q = ctx;
    struct script_engine *engine = q->engine;
    lua_State *lua = engine->caller, *thread = q->thread;
    int own_ref = q->own_ref;
    if (engine->closing)
        return; /* nobody is left to hear it */
    luaL_unref(lua, LUA_REGISTRYINDEX, q->thread_ref);
    luaL_checkstack(lua, 4, "an answer of DNS");
    if (result == 0 && count)
        push_addresses(lua, addr, count);
    else
        lua_pushnil(lua);
    script_engine_wake(engine, thread, 1);
    luaL_unref(lua, LUA_REGISTRYINDEX, own_ref);
}

/* resolve(THREAD, NAME, FAMILY): the thread is woken with a list, or nil */
static int resolve(lua_State *lua)
{
    struct script_engine *engine = script_engine_of(lua);
    struct err e = {0};
    luaL_checktype(lua, 1, LUA_TTHREAD);
    const char *name = luaL_checkstring(lua, 2);
    uint8_t family = (uint8_t)luaL_checkinteger(lua, 3);
    if (!engine->resolver &&
        resolver_open(&engine->resolver, engine->setup.loop, engine->options.dns_servers, &e) < 0)
        return luaL_error(lua, "%s", e.text);
    struct question *q = lua_newuserdata(lua, sizeof *q);
    *q = (struct question){.engine = engine, .thread = lua_tothread(lua, 1)};
    q->own_ref = luaL_ref(lua, LUA_REGISTRYINDEX);
    lua_pushvalue(lua, 1);
    q->thread_ref = luaL_ref(lua, LUA_REGISTRYINDEX);
    resolver_forward(engine->resolver, name, family, on_addresses, q);
    return 0;
}

/* The servers of resolv.conf(5). */
static int name_servers(lua_State *lua)
{
    struct str text = str_of(RESOLV_MAX);
    struct err e = {0};
    lua_Integer count = 0;
    lua_newtable(lua);
    if (file_read("/etc/resolv.conf", &text, &e) < 0)
        str_reset(&text);
    char *rest = text.text, *line;
    while (rest && (line = strsep(&rest, "\n"))) {
        if (strncmp(line, "nameserver", 10) != 0)
            continue;
        line += 10 + strspn(line + 10, " \t");
        line[strcspn(line, " \t#;")] = '\0';
        lua_pushstring(lua, line);
        lua_rawseti(lua, -2, ++count);
    }
    str_done(&text);
    return 1;
}

void script_system_open(lua_State *lua)
{
    static const luaL_Reg functions[] = {{"log", log_text},
                                         {"clock", now},
                                         {"path_kind", path_kind},
                                         {"list_folder", list_folder},
                                         {"make_folder", make_folder},
                                         {"remove_folder", remove_folder},
                                         {"random", random_bytes},
                                         {"address_kind", address_kind},
                                         {"resolve", resolve},
                                         {"name_servers", name_servers},
                                         {NULL, NULL}};
    luaL_setfuncs(lua, functions, 0);
}
