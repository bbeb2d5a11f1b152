/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time zones as logs name them: "Z", "UTC", "CEST", "+0200", "CET+01:00".  Abbreviations stand for
 * a fixed offset; daylight saving is in the name or nowhere. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Minutes east of UTC.  false: unknown, or not of the form. */
bool date_zone_offset(const char *text, size_t len, int *out_minutes);
