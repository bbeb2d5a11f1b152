/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rule files into a rule set. */
#pragma once

#include "tool/ids/rule/lexer.h"
#include "tool/ids/rule/rule_set.h"

/* Read the rules of `text` (which becomes the set's: mem_take it), called `file`.  Rules that
 * cannot be used are told to set->fault and counted; nothing is dropped silently. */
void rule_load(struct rule_set *set, char *text, size_t len, const char *file);

/* One rule. */
int rule_load_one(struct rule_set *set, const struct rule_text *text, enum rule_dialect dialect,
                  const char *file);

/* The dialect that the text shows by words only one of them has; 0: it could be any. */
enum rule_dialect rule_guess(const char *text, size_t len);
