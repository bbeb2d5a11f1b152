/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls of a script that will come to nothing: of functions that neither the script, nor what it
 * includes, nor picket defines, and of built-ins that exist in name only. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tool/nasl/unit.h"

enum assess_call_fault { ASSESS_CALL_UNDEFINED, ASSESS_CALL_STUB };

/* `line`: of the first such call of this name in the unit. */
typedef void assess_call_fn(void *ctx, enum assess_call_fault fault, const char *name,
                            uint32_t line);

/* Look at the unit's own calls, not at those of its includes; each name is told once. */
void assess_find_calls(const struct nasl_unit *u, assess_call_fn *fn, void *ctx);
