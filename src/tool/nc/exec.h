/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program at the other end of the connection: -e, -c, --lua-exec.  It gets the socket itself as
 * standard input and output where the bytes are its own; where TLS stands between, it gets a pair
 * of pipes and the pump copies. */
#pragma once

#include "tool/nc/context.h"
#include "tool/nc/end.h"
#include "tool/nc/pump.h"

struct exec;
typedef void exec_done_fn(void *ctx);

/* The end stays the caller's, who closes it in `done` (called once, from the loop).  0, or a
 * negative errno value when the program cannot be started. */
int exec_new(struct exec **out, struct nc_context *c, struct nc_end *end,
             const struct nc_peer *from, const struct nc_peer *at, exec_done_fn *done, void *ctx,
             struct err *e) MUST_CHECK;
void exec_close(struct exec *x); /* takes NULL */
