/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hosts and ports as scripts see them (nmap's book, chapter 9, "Information Passed to a Script").
 */
#pragma once

#include <lua.h>

#include "tool/scan/script/engine.h"

void host_table_push(lua_State *lua, const struct script_target *target);
void port_table_push(lua_State *lua, const struct scan_port *port);

/* The target of this address; NULL: none. */
struct script_target *host_table_find(lua_State *lua, const char *addr);
