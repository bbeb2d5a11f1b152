/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The side that listens: one client, one after the other, or all side by side. */
#pragma once

#include "tool/nc/context.h"

struct server;
typedef void server_done_fn(void *ctx, int status);

struct server *server_new(struct nc_context *c, server_done_fn *done, void *ctx);
void server_close(struct server *s); /* takes NULL */
