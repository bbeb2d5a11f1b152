/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From an address (or several, tried in turn) to a connection that carries data: socket options,
 * source address, connect, the way through a proxy, TLS. */
#pragma once

#include <stdbool.h>

#include "tool/nc/context.h"
#include "tool/nc/end.h"
#include "tool/nc/place.h"

struct dial;

struct dial_events {
    /* An address did not answer; `to` is valid during the call. */
    void (*failed)(void *ctx, const struct nc_peer *to, int code);
    /* Once, from the loop.  Success: the end is the callee's.  Failure: NULL, and why; `e` is NULL,
     * too, when it is only that no address answered, which `failed` has told. */
    void (*done)(void *ctx, struct nc_end *end, const struct nc_peer *to, const struct err *e);
    void *ctx;
};

struct dial_spec {
    struct nc_context *c;
    const struct addr *addr; /* of the target, or of the proxy; none for UNIX and vsock */
    size_t addr_count;
    uint16_t port;
    const char *name; /* as typed, for messages; NULL: none */
    bool name_is_typed;
    const struct proxy_target *through; /* the proxy's target; NULL: no proxy */
    uint16_t source_port;
    struct dial_events on;
};

struct dial *dial_new(const struct dial_spec *spec); /* what it points to outlives it */
void dial_close(struct dial *d);                     /* takes NULL */
