/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/script/engine.h"

#include <errno.h>
#include <lualib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/str.h"
#include "tool/scan/script/engine_private.h"
#include "tool/scan/script/host_table.h"

enum { HOOK_EVERY = 1000000, PARALLELISM = 300 };

/* Made of data/scripts/prelude.lua by the build. */
extern const char script_prelude[];
extern const size_t script_prelude_len;

/* ---- limits ---- */

static void *allocate(void *ctx, void *ptr, size_t old_size, size_t new_size)
{
    struct script_engine *engine = ctx;
    size_t old = ptr ? old_size : 0;
    if (new_size == 0) {
        mem_free(ptr);
        engine->memory -= old;
        return NULL;
    }
    if (new_size > old && engine->memory + (new_size - old) > engine->memory_max)
        return NULL; /* Lua makes an error of it, which ends the script */
    engine->memory = engine->memory - old + new_size;
    return mem_resize(ptr, new_size, 1);
}

static void on_hook(lua_State *lua, lua_Debug *debug)
{
    struct script_engine *engine = script_engine_of(lua);
    uint64_t spent_ns = clock_mono_ns(engine->setup.clock) - engine->slice_begin_ns;
    (void)debug;
    if (spent_ns > SCRIPT_TURN_MAX_S * NS_PER_S)
        luaL_error(lua, "the script computed for %d seconds without waiting", SCRIPT_TURN_MAX_S);
    if (engine->setup.stop && engine->setup.stop(engine->setup.ctx))
        luaL_error(lua, "interrupted");
}

/* ---- waking and looping ---- */

void script_engine_wake(struct script_engine *engine, lua_State *thread, int count)
{
    lua_State *lua = engine->caller;
    luaL_checkstack(lua, 4, "waking a script");
    lua_getfield(lua, LUA_REGISTRYINDEX, "NSE_WAITING_TO_RUNNING");
    lua_checkstack(thread, 1);
    lua_pushthread(thread);
    lua_xmove(thread, lua, 1);
    lua_rotate(lua, -(count + 2), 2);
    lua_call(lua, count + 1, 0);
}

/* native.loop(ms): one round; who is done is woken. */
static int native_loop(lua_State *lua)
{
    struct script_engine *engine = script_engine_of(lua);
    lua_Integer wait_ms = luaL_optinteger(lua, 1, 0);
    struct err e = {0};
    engine->caller = lua;
    if (engine->setup.stop && engine->setup.stop(engine->setup.ctx))
        return luaL_error(lua, "interrupted");
    if (loop_step(engine->setup.loop, (uint64_t)wait_ms * NS_PER_MS, &e) < 0)
        return luaL_error(lua, "%s", e.text);
    engine->slice_begin_ns = clock_mono_ns(engine->setup.clock);
    return 0;
}

/* ---- opening ---- */

void script_set_text(lua_State *lua, const char *key, const char *value)
{
    if (!value)
        return;
    lua_pushstring(lua, value);
    lua_setfield(lua, -2, key);
}

void script_set_integer(lua_State *lua, const char *key, lua_Integer value)
{
    lua_pushinteger(lua, value);
    lua_setfield(lua, -2, key);
}

static void set_flag(lua_State *lua, const char *key, bool value)
{
    lua_pushboolean(lua, value);
    lua_setfield(lua, -2, key);
}

static void push_options(lua_State *lua, const struct script_options *o)
{
    lua_createtable(lua, 0, 16);
    script_set_text(lua, "folder", o->folder);
    script_set_text(lua, "args", o->args);
    script_set_text(lua, "args_file", o->args_file);
    script_set_text(lua, "interface", o->interface);
    set_flag(lua, "by_default", o->by_default);
    set_flag(lua, "versions", o->versions);
    set_flag(lua, "help", o->help);
    set_flag(lua, "privileged", o->privileged);
    script_set_integer(lua, "timeout", (lua_Integer)o->timeout_s);
    script_set_integer(lua, "verbosity", o->verbosity);
    script_set_integer(lua, "debugging", o->debugging);
    script_set_integer(lua, "timing_level", o->timing_level);
    script_set_integer(lua, "intensity", o->intensity);
    script_set_integer(lua, "family", o->family == ADDR_IP6 ? ADDR_IP6 : ADDR_IP4);
    script_set_integer(lua, "parallelism", PARALLELISM);
}

static void push_native(lua_State *lua)
{
    lua_newtable(lua);
    push_options(lua, &script_engine_of(lua)->options);
    lua_setfield(lua, -2, "options");
    lua_pushcfunction(lua, native_loop);
    lua_setfield(lua, -2, "loop");
    script_socket_open(lua);
    script_system_open(lua);
    script_interface_open(lua);
    script_port_open(lua);
    script_result_open(lua);
    script_crypto_open(lua);
    script_certificate_open(lua);
}

static int push_traceback(lua_State *lua)
{
    const char *words = lua_tostring(lua, 1);
    bool deep = script_engine_of(lua)->options.debugging > 0;
    if (words && deep)
        luaL_traceback(lua, lua, words, 1);
    else
        lua_pushstring(lua, words ? words : "an error without words");
    return 1;
}

/* Called in a protected way: what fails here is the engine's or a script's error. */
static int load(lua_State *lua)
{
    struct script_engine *engine = script_engine_of(lua);
    luaL_openlibs(lua);
    if (luaL_loadbuffer(lua, script_prelude, script_prelude_len, "=prelude.lua"))
        return lua_error(lua);
    push_native(lua);
    lua_call(lua, 1, 1); /* cnse */
    lua_pushfstring(lua, "%s/nse_main.lua", engine->options.folder);
    if (luaL_loadfile(lua, lua_tostring(lua, -1)))
        return lua_error(lua);
    lua_pushvalue(lua, -3);
    lua_createtable(lua, (int)engine->options.choice_count, 0);
    for (size_t i = 0; i < engine->options.choice_count; i++) {
        lua_pushstring(lua, engine->options.choice[i]);
        lua_rawseti(lua, -2, (lua_Integer)i + 1);
    }
    lua_call(lua, 2, 1);
    engine->main_ref = luaL_ref(lua, LUA_REGISTRYINDEX);
    return 0;
}

/* Lua's words as an error of ours. */
static int fail(struct script_engine *engine, int code, struct err *e)
{
    const char *words = lua_tostring(engine->lua, -1);
    bool stopped = engine->setup.stop && engine->setup.stop(engine->setup.ctx);
    if (stopped)
        code = -ECANCELED;
    return err_set(e, code, "scripts: %s", words ? words : "failed without words");
}

static int call_guarded(struct script_engine *engine, lua_CFunction fn, struct err *e)
{
    lua_State *lua = engine->lua;
    lua_settop(lua, 0);
    lua_pushcfunction(lua, push_traceback);
    lua_pushcfunction(lua, fn);
    engine->slice_begin_ns = clock_mono_ns(engine->setup.clock);
    return lua_pcall(lua, 0, 0, 1) ? fail(engine, -EINVAL, e) : 0;
}

int script_engine_open(struct script_engine **out, const struct script_options *options,
                       const struct script_setup *setup, struct err *e)
{
    struct script_engine *engine = mem_zero(sizeof *engine);
    engine->options = *options;
    engine->setup = *setup;
    engine->memory_max = SCRIPT_MEMORY_MAX;
    engine->main_ref = LUA_NOREF;
    engine->lua = lua_newstate(allocate, engine);
    engine->tls = tls_context_new(&(struct tls_options){0}, e);
    if (!engine->lua || !engine->tls) {
        script_engine_close(engine);
        return e->code ? e->code : err_set(e, -ENOMEM, "scripts: no memory");
    }
    *(struct script_engine **)lua_getextraspace(engine->lua) = engine;
    lua_sethook(engine->lua, on_hook, LUA_MASKCOUNT, HOOK_EVERY);
    int rc = call_guarded(engine, load, e);
    if (rc < 0)
        script_engine_close(engine);
    else
        *out = engine;
    return rc;
}

void script_engine_close(struct script_engine *engine)
{
    if (!engine)
        return;
    engine->closing = true;
    if (engine->resolver)
        resolver_close(engine->resolver);
    if (engine->lua)
        lua_close(engine->lua); /* closes the sockets that are left */
    tls_context_free(engine->tls);
    mem_free(engine);
}

/* ---- running ---- */

static const char *const phase_names[] = {
    [SCRIPT_PRE] = "NSE_PRE_SCAN", [SCRIPT_HOSTS] = "NSE_SCAN", [SCRIPT_POST] = "NSE_POST_SCAN"};

static int run(lua_State *lua)
{
    struct script_engine *engine = script_engine_of(lua);
    const struct script_run *what = lua_touserdata(lua, 1);
    lua_rawgeti(lua, LUA_REGISTRYINDEX, engine->main_ref);
    lua_createtable(lua, (int)what->target_count, 0);
    for (size_t i = 0; i < what->target_count; i++) {
        host_table_push(lua, &what->target[i]);
        lua_rawseti(lua, -2, (lua_Integer)i + 1);
    }
    lua_pushstring(lua, phase_names[what->phase]);
    lua_call(lua, 2, 0);
    return 0;
}

int script_engine_run(struct script_engine *engine, struct script_run *what, struct err *e)
{
    lua_State *lua = engine->lua;
    engine->target = what->target;
    engine->target_count = what->target_count;
    engine->arena = what->arena;
    engine->run_script = &what->script;
    engine->run_script_count = &what->script_count;
    engine->slice_begin_ns = clock_mono_ns(engine->setup.clock);
    engine->caller = lua;
    lua_settop(lua, 0);
    lua_pushcfunction(lua, push_traceback);
    lua_pushcfunction(lua, run);
    lua_pushlightuserdata(lua, what);
    int rc = lua_pcall(lua, 1, 0, 1) ? fail(engine, -EIO, e) : 0;
    lua_gc(lua, LUA_GCCOLLECT, 0);
    engine->target = NULL;
    engine->target_count = 0;
    return rc;
}
