/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table for people, set with blanks: each column is as wide as its widest cell, one blank stands
 * between, nothing trails.  Two passes: measure all cells, then write them. */
#pragma once

#include <stddef.h>

#include "core/base/str.h"

enum { COLUMNS_MAX = 8 };

/* Zero is a table without columns. */
struct columns {
    size_t width[COLUMNS_MAX]; /* in characters */
};

void columns_measure(struct columns *c, size_t column, const char *cell);

/* Write one row.  Cells behind the last that is not empty are left out. */
void columns_put(const struct columns *c, const char *const *cell, size_t count, struct str *out);

/* Characters of a UTF-8 text (code points; a terminal may show some wider). */
size_t columns_width(const char *text);
