/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking the server: one command, one answer. */
#pragma once

#include "core/base/err.h"
#include "tool/ban/conf/ban_value.h"

/* Waits at most `limit_ns`.  0; -EREMOTEIO: the server refused, with its words in *e; or what kept
 * the question from it (-ENOENT, -ECONNREFUSED: no server). */
int ban_client_ask(const char *socket, const struct ban_value *command, uint64_t limit_ns,
                   struct arena *arena, struct ban_value *out, struct err *e) MUST_CHECK;
