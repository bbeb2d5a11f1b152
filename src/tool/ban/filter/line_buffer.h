/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last lines of a log, each cut into what stands before the date, the date, and what stands
 * behind it: what expressions of several lines search in. */
#pragma once

#include "core/base/str.h"
#include "tool/ban/filter/ban_fail.h"

struct buffer_line {
    char *text; /* the three parts in a row */
    size_t len[3];
};

struct line_buffer {
    struct buffer_line *line;
    size_t count, capacity;
};

void line_buffer_add(struct line_buffer *b, const struct line_part *part);
void line_buffer_keep_last(struct line_buffer *b, size_t count);
void line_buffer_copy(struct line_buffer *to, const struct line_buffer *from);
void line_buffer_done(struct line_buffer *b);

struct line_part buffer_line_part(const struct buffer_line *l);

/* All lines without their dates, each ended by a newline. */
void line_buffer_join(const struct line_buffer *b, struct str *out);

/* Sort the lines into those that the match from..to of the joined text covers, less those that
 * `skipped` (lines of joined text that were skipped over) names, and all others.  Both outputs are
 * emptied first. */
void line_buffer_split(const struct line_buffer *b, const struct str *joined, size_t from,
                       size_t to, const struct str *skipped, struct line_buffer *out_matched,
                       struct line_buffer *out_rest);
