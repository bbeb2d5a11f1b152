/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TLS begins on a connected socket: asked again and again until it is done or has failed. */
#pragma once

#include "sys/loop/loop.h"
#include "tool/nc/end.h"

/* `e` is NULL when it is done. */
typedef void handshake_fn(void *ctx, const struct err *e);

struct handshake;

/* `end->tls` is set and not shaken yet.  fn is called once, from the loop; it may call
 * handshake_close, which is the caller's to call in any case.  limit_ns 0: no limit. */
struct handshake *handshake_new(struct loop *loop, struct nc_end *end, uint64_t limit_ns,
                                handshake_fn *fn, void *ctx);
void handshake_close(struct handshake *h); /* takes NULL */
