/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/script/lua_file.h"

#include <errno.h>
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include "core/base/mem.h"

int lua_file_run(const char *path, struct err *e)
{
    lua_State *state = luaL_newstate();
    int rc = 0;
    if (!state)
        mem_exhausted(0);
    luaL_openlibs(state);
    if (luaL_loadfile(state, path) || lua_pcall(state, 0, 0, 0)) {
        const char *words = lua_tostring(state, -1);
        rc = err_set(e, -EINVAL, "%s", words ? words : "the script failed");
    }
    lua_close(state); /* closes the script's files, so that what it wrote is out */
    return rc;
}
