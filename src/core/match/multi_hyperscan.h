/* SPDX-License-Identifier: GPL-3.0-or-later */
/* multi's engine where Hyperscan is built in; where it is not, hyperscan_new says so. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/match/multi.h"

struct hyperscan;
struct hyperscan_scratch;

/* `literal` (at least one, none empty) outlives what is made of it; hits at one end are told in its
 * order.  0, -ENOTSUP (not built in, or not for this processor) or -EINVAL (Hyperscan's words). */
int hyperscan_new(struct hyperscan **out, const struct multi_literal *literal, size_t count,
                  struct err *e) MUST_CHECK;
void hyperscan_free(struct hyperscan *h);

struct hyperscan_scratch *hyperscan_scratch_new(const struct hyperscan *h);
void hyperscan_scratch_free(struct hyperscan_scratch *s);

/* As multi_scan. */
void hyperscan_scan(const struct hyperscan *h, struct hyperscan_scratch *s, const uint8_t *data,
                    size_t len, multi_hit_fn *hit, void *ctx);
