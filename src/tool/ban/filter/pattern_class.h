/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sets and escapes of Python's expressions; a part of pattern.c's walk. */
#pragma once

#include "tool/ban/filter/pattern_private.h"

int pattern_parse_set(struct pattern_walk *w, struct pattern_width *out); /* behind its '[' */

/* Behind the backslash. */
int pattern_parse_escape(struct pattern_walk *w, struct pattern_width *out, bool *out_repeatable);

void pattern_write_code(struct pattern_walk *w, uint32_t code); /* one literal character */
