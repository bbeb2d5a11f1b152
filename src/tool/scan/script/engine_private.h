/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between the parts of the script engine: each adds functions to the table `native` that
 * data/scripts/prelude.lua is given. */
#pragma once

#include <lauxlib.h>
#include <lua.h>

#include "core/base/arena.h"
#include "sys/io/resolver.h"
#include "sys/io/tls.h"
#include "tool/scan/script/engine.h"

struct script_result;

struct script_engine {
    lua_State *lua;    /* the main thread */
    lua_State *caller; /* who called native.loop: woken threads are told through it */
    struct script_options options;
    struct script_setup setup;
    struct tls_context *tls;
    struct resolver *resolver; /* NULL until a script asks for a name */
    bool closing;
    int main_ref; /* nse_main.lua's function */
    size_t memory, memory_max;
    uint64_t slice_begin_ns; /* of the turn that runs: scripts have a budget */
    /* of the phase that runs */
    struct script_target *target;
    size_t target_count;
    struct arena *arena;
    struct scan_script **run_script; /* results of no host */
    size_t *run_script_count;
    struct script_result *result; /* being emitted */
};

static inline struct script_engine *script_engine_of(lua_State *lua)
{
    return *(struct script_engine **)lua_getextraspace(lua);
}

/* Wake `thread` with the `count` values on top of the caller's stack. */
void script_engine_wake(struct script_engine *engine, lua_State *thread, int count);

/* Each: the table is on top of the stack, and stays there. */
void script_socket_open(lua_State *lua);
void script_system_open(lua_State *lua);
void script_interface_open(lua_State *lua);
void script_port_open(lua_State *lua);
void script_result_open(lua_State *lua);
void script_crypto_open(lua_State *lua);
void script_certificate_open(lua_State *lua);

/* Set a field of the table on top of the stack. */
void script_set_text(lua_State *lua, const char *key, const char *value); /* NULL: no field */
void script_set_integer(lua_State *lua, const char *key, lua_Integer value);
