/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tokens of NASL.  A lexer is a plain value over a text that ends with a NUL: copy it to come
 * back to a place later. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/str.h"

/* Tokens of one byte are their character. */
enum nasl_token {
    TOKEN_END = 0,
    TOKEN_IDENT = 256,
    TOKEN_STRING, /* "..." */
    TOKEN_DATA,   /* '...' */
    TOKEN_NUMBER,
    TOKEN_IF,
    TOKEN_ELSE,
    TOKEN_FOR,
    TOKEN_WHILE,
    TOKEN_REPEAT,
    TOKEN_UNTIL,
    TOKEN_FOREACH,
    TOKEN_FUNCTION,
    TOKEN_RETURN,
    TOKEN_X, /* the word x, an operator behind a call and a name elsewhere */
    TOKEN_INCLUDE,
    TOKEN_BREAK,
    TOKEN_CONTINUE,
    TOKEN_LOCAL,
    TOKEN_GLOBAL,
    TOKEN_EQ,
    TOKEN_NE,
    TOKEN_LE,
    TOKEN_GE,
    TOKEN_HAS,     /* >< */
    TOKEN_HAS_NOT, /* >!< */
    TOKEN_RE,      /* =~ */
    TOKEN_RE_NOT,  /* !~ */
    TOKEN_AND,
    TOKEN_OR,
    TOKEN_POWER,
    TOKEN_SHIFT_LEFT,
    TOKEN_SHIFT_RIGHT,
    TOKEN_SHIFT_RIGHT_UNSIGNED,
    TOKEN_INCREMENT,
    TOKEN_DECREMENT,
    TOKEN_ARROW,
    TOKEN_PLUS_SET, /* += and its kin, in this order */
    TOKEN_MINUS_SET,
    TOKEN_TIMES_SET,
    TOKEN_DIVIDE_SET,
    TOKEN_MODULO_SET,
    TOKEN_SHIFT_LEFT_SET,
    TOKEN_SHIFT_RIGHT_SET,
    TOKEN_SHIFT_RIGHT_UNSIGNED_SET,
    TOKEN_BAD, /* the lexer's `why` says what is wrong */
};

struct nasl_lexer {
    const char *at;
    uint32_t line;
    /* The token last read. */
    int token;
    uint32_t token_line;
    const char *word; /* of a name or a string without escapes: in the source */
    size_t len;
    int64_t number;
    bool escaped; /* '...' with a backslash: its bytes are in *room */
    const char *why;
    const char *note; /* a diagnostic that stops nothing, or NULL */
};

struct nasl_lexer nasl_lexer_of(const char *source);

/* Read the next token into *l.  Bytes of strings with escapes go to *room, replacing what it held.
 */
int nasl_lexer_next(struct nasl_lexer *l, struct str *room);

/* The bytes of a name or string just read. */
const char *nasl_lexer_text(const struct nasl_lexer *l, const struct str *room, size_t *out_len);

/* What a token is called in messages. */
const char *nasl_token_name(const struct nasl_lexer *l, struct str *to);
