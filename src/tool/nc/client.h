/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The side that connects: one host, one port after the other, each a session (or, with -z, a
 * look). */
#pragma once

#include "tool/nc/context.h"

struct client;
typedef void client_done_fn(void *ctx, int status);

struct client *client_new(struct nc_context *c, client_done_fn *done, void *ctx);
void client_close(struct client *cl); /* takes NULL */
