/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers of any length as scripts hold them. */
#pragma once

#include <lua.h>
#include <openssl/bn.h>

#define BIGNUM_TYPE "picket.bignum"

void bignum_push(lua_State *lua, BIGNUM *number); /* takes it; NULL is an error of Lua */

/* Add the functions bignum_* to the table on top of the stack. */
void bignum_open(lua_State *lua);
