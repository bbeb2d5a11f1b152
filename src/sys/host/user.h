/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of user numbers (passwd(5)). */
#pragma once

#include <stdint.h>

#include "core/base/arena.h"

/* The name of `uid` in ROOT/etc/passwd; the number as text where there is none.  With an empty root
 * the system's other sources are asked, too (nsswitch.conf(5)).  Lives in `arena`. */
const char *user_name(struct arena *arena, const char *root, uint32_t uid);
