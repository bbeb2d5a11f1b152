/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The named characters of HTML 4 (W3C Recommendation, 24), without the four that XML knows too,
 * sorted by name. */
#pragma once

#include <stdint.h>

#include "core/base/str.h"

/* The code point of a name without '&' and ';'; 0: no such name. */
uint32_t html_entity(const char *name, size_t len);

/* 128 to 159 are meant as Windows-1252: as code points they are controls that nobody writes (HTML
 * standard, 13.2.5.80).  Others stay as they are. */
uint32_t html_windows(uint32_t code);
