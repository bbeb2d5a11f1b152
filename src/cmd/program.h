/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How this program is called from a shell: "picket" where PATH leads to it, else its absolute path,
 * quoted where it has to be. */
#pragma once

#include "core/base/arena.h"

const char *program_to_type(struct arena *arena);

/* The word as a shell takes it whole. */
const char *program_quote(struct arena *arena, const char *word);
