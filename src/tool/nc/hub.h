/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many clients side by side.  Plain: what they send goes to standard output, and our input to each
 * of them.  Broker: what one sends goes to all others.  Chat: with the sender's name in front, and
 * nothing in it that a terminal would act on. */
#pragma once

#include "tool/nc/context.h"
#include "tool/nc/end.h"

struct hub;

/* `done` is called when the input has ended and --send-only makes that the end, or standard output
 * is gone. */
typedef void hub_done_fn(void *ctx, int status);

struct hub *hub_new(struct nc_context *c, hub_done_fn *done, void *ctx);
void hub_close(struct hub *h); /* takes NULL */

/* Take a client in; the end is the hub's, who closes it at once when there are too many. */
void hub_add(struct hub *h, struct nc_end *end, const struct nc_peer *from);
