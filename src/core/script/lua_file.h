/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A Lua script as a program of its own: the user's, run with his rights, with Lua's own library and
 * this process's standard input and output.  Scripts of strangers need a budget and have no place
 * here. */
#pragma once

#include "core/base/attr.h"
#include "core/base/err.h"

/* 0, or -EINVAL with Lua's words. */
int lua_file_run(const char *path, struct err *e) MUST_CHECK;
