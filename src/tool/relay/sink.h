/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mail server that takes everything and keeps nothing but the tokens it saw: where the tests'
 * mail arrives, if it is relayed. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/net/addr.h"
#include "sys/loop/loop.h"

struct sink;

/* A mail has come whole; `text` is valid during the call. */
typedef void sink_fn(void *ctx, const char *text, size_t len);

int sink_open(struct sink **out, struct loop *loop, const struct endpoint *at, sink_fn *fn,
              void *ctx, struct err *e) MUST_CHECK;
void sink_close(struct sink *s); /* takes NULL */
