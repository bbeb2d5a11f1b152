/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names to addresses and back, many at once, on the loop: the door to c-ares.  /etc/hosts and
 * /etc/resolv.conf count as they do for every program. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/net/addr.h"
#include "sys/loop/loop.h"

struct resolver;

enum { RESOLVER_ADDR_MAX = 64 };

/* Servers of /etc/resolv.conf, or those of `servers` ("10.0.0.1,[::1]:5353"; NULL: the system's).
 * Its time-outs run on the system's clock, also where the loop has a fake one. */
int resolver_open(struct resolver **out, struct loop *loop, const char *servers,
                  struct err *e) MUST_CHECK;
void resolver_close(struct resolver *r); /* callbacks that are due are called with -ECANCELED */

/* `result` is 0 or a negative errno value (-ENOENT: no such name; -ETIMEDOUT; -ECONNREFUSED: every
 * server refused or failed; -ECANCELED).  Called from the loop (or from resolver_close), never from
 * the call that asks. */
typedef void resolver_addr_fn(void *ctx, int result, const struct addr *addr, size_t count);
typedef void resolver_name_fn(void *ctx, int result, const char *name);

/* All addresses of `name` of the family (ADDR_NONE: both). */
void resolver_forward(struct resolver *r, const char *name, uint8_t family, resolver_addr_fn *fn,
                      void *ctx);

/* The name of an address, of /etc/hosts or of its PTR record. */
void resolver_reverse(struct resolver *r, const struct addr *addr, resolver_name_fn *fn, void *ctx);

/* Questions without an answer yet.  Ask as many as you like: some hundreds are under way at once,
 * the others wait their turn. */
size_t resolver_pending(const struct resolver *r);

/* Block until `name` is resolved, on a loop of its own; for command lines.  Addresses go to
 * out[max]. */
int resolver_lookup(const char *name, uint8_t family, struct addr *out, size_t max,
                    size_t *out_count, struct err *e) MUST_CHECK;
