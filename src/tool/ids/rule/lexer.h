/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A rule file into rules, and a rule into its header and options.  Lines that
 * are joined keep their length, so an offset always leads back to line and column. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"

enum { RULE_FILE_MAX = 256 << 20, RULE_TEXT_MAX = 1 << 20 };

struct rule_lexer {
    char *text;
    size_t len, at;
    unsigned line; /* of `at`, from 1 */
};

struct rule_text {
    const char *text; /* NUL-terminated, without blanks around it; its newlines count as blanks */
    size_t len;
    unsigned line; /* where it begins */
};

/* `text` must be writable, text[len] too; it is changed as it is read. */
struct rule_lexer lexer_of(char *text, size_t len);

/* The next rule; false at the end.  Blank lines and comments are passed over.  A rule ends with its
 * line, goes on behind a "\" at the end of a line and, in Snort 3's manner, while its parenthesis
 * is open; a line that begins a rule of its own ends it as well. */
bool lexer_next(struct rule_lexer *l, struct rule_text *out);

struct rule_place {
    unsigned line, column;
};

/* Where the byte at `at` of the rule stands in the file. */
struct rule_place lexer_place(const struct rule_text *rule, size_t at);

struct rule_option {
    char *name;
    char *value; /* NULL: "name;" */
    size_t at;   /* offset in the rule, for messages */
};

/* Cut the next option, from *at on, off a copy of the rule; false at `end` (the offset of the
 * closing parenthesis) or, with e->code set, at a fault, whose offset is then *at.  `quotes`: Snort
 * 3's contents may hold a bare ";". */
bool lexer_option(char *text, size_t *at, size_t end, bool quotes, struct rule_option *out,
                  struct err *e);

/* Value helpers, in place. */
char *word_trim(char *text);                       /* without blanks at both ends */
char *word_next(char **rest, char separator);      /* NULL at the end; outside quotes */
char *word_unquote(char *text);                    /* "..." without its quotes; NULL: not quoted */
bool word_to_u64(const char *text, uint64_t *out); /* decimal or 0x; the whole text */
bool word_to_i64(const char *text, int64_t *out);
