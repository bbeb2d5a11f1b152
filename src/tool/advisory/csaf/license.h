/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX license expressions (SPDX 2.3, annex D) and the names that may stand in them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

extern const char *const license_names[], *const license_deprecated[], *const license_exceptions[];

/* Call fn for each name of the expression.  false: it is no expression (fn may have been called for
 * what came before). */
bool license_each(const char *expression, void (*fn)(void *ctx, const char *name, size_t len),
                  void *ctx);
