/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The frame of every HTML report: one file that asks nothing of any other host, readable in light
 * and dark, at 320 px and on paper, and without its script (which only sorts tables, copies
 * commands and lists the hosts).  A content security policy allows nothing but the one style sheet
 * and the one script, by their digests: should a stranger's words ever escape the writer, they run
 * nothing. */
#pragma once

#include "core/text/html.h"

/* Up to the open <body>; a page may be written in pieces, so that it is no element of the writer.
 */
void page_begin(struct html_out *h, const char *title);

/* The script and what closes the document. */
void page_end(struct html_out *h);

/* A table whose columns the reader may sort; roles are repeated, since the narrow form (rows as
 * cards) takes them from the elements.  `class` is of the style sheet, or NULL; `label` is what a
 * screen reader calls the table. */
void page_table_begin(struct html_out *h, const char *class, const char *label,
                      const char *const *column, size_t count);
void page_table_end(struct html_out *h);
void page_row_begin(struct html_out *h);
void page_row_end(struct html_out *h);

/* Open a cell; its text follows, then html_close.  `column` is its title in the narrow form. */
void page_cell_open(struct html_out *h, const char *column);
void page_row_head_open(struct html_out *h, const char *column); /* the cell that names the row */

/* A command to be copied. */
void page_command(struct html_out *h, const char *command);

/* "24 November 2026, 17:00 UTC" in <time>. */
void page_moment(struct html_out *h, uint64_t wall_ns);
