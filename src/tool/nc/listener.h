/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Waiting for connections: TCP, UNIX and vsock streams, and UDP, where each address that sends is
 * given a socket of its own.  A plain listener takes one and closes its door. */
#pragma once

#include "tool/nc/context.h"
#include "tool/nc/end.h"
#include "tool/nc/place.h"

struct listener;

/* Somebody called; the end is the callee's.  May call listener_close. */
typedef void listener_fn(void *ctx, struct nc_end *end, const struct nc_peer *from,
                         const struct nc_peer *at);

struct listener_spec {
    struct nc_context *c;
    const struct addr *addr; /* to listen on; none for UNIX and vsock */
    size_t addr_count;
    uint16_t port;
    bool keep;       /* go on listening */
    bool one_by_one; /* ... but call again only after listener_next */
    listener_fn *fn;
    void *ctx;
};

/* 0, or a negative errno value; then *at says where. */
int listener_open(struct listener **out, const struct listener_spec *spec, struct nc_peer *at,
                  struct err *e) MUST_CHECK;
void listener_close(struct listener *l); /* takes NULL */
void listener_next(struct listener *l);

/* Where it listens, one after the other; false behind the last. */
bool listener_place(const struct listener *l, size_t n, struct nc_peer *at);
