/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What ban_filter.c and ban_find.c share. */
#pragma once

#include "tool/ban/filter/ban_filter.h"

/* One line on its way through the rules. */
struct filter_line {
    struct line_part part;
    double moment_s; /* NAN: none */
    bool has_no_date;
    bool is_ascii;
};

void ban_find(struct ban_filter *f, const struct filter_line *line);
