/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One connection from its first byte to its end: TLS as a server, then standard input and output or
 * a program. */
#pragma once

#include "tool/nc/context.h"
#include "tool/nc/end.h"
#include "tool/nc/pump.h"

struct session;

/* How it ended; `e` says more where it broke. */
typedef void session_done_fn(void *ctx, struct session *s, enum pump_end end, const struct err *e);

struct session_spec {
    struct nc_context *c;
    struct nc_end end; /* the session's from now on */
    struct nc_peer from, at;
    bool inbound;
    session_done_fn *done; /* once, from the loop; session_close is the callee's to call */
    void *ctx;
};

struct session *session_new(const struct session_spec *spec);
void session_close(struct session *s); /* takes NULL */
