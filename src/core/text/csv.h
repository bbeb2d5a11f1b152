/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comma-separated values in (RFC 4180), row by row: quoted fields may hold commas, quotes (doubled)
 * and line ends.  A quote inside a field that does not begin with one is a plain character. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/str.h"

enum { CSV_COLUMNS_MAX = 256, CSV_ROW_MAX = 1 << 20 };

struct csv {
    const char *pos, *end;
    struct str row;                /* the fields, each with a NUL behind */
    size_t start[CSV_COLUMNS_MAX]; /* of each field in `row` */
    size_t count;
};

struct csv csv_of(const char *text, size_t len); /* the bytes outlive the reader */
void csv_done(struct csv *c);

/* The next row that is not empty; false: none is left.  Columns above CSV_COLUMNS_MAX and what
 * passes CSV_ROW_MAX are dropped. */
bool csv_next(struct csv *c);

const char *csv_field(const struct csv *c, int column); /* NULL: the row has no such; else valid
                                                           until the next row */
int csv_column(const struct csv *c, const char *name);  /* of this row as heading; -1: no such */
