/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parser's two files and the unit under construction share.  The parser makes code as it
 * reads; jumps are relative, so that blocks of code can change places (see code_rotate). */
#pragma once

#include "core/base/err.h"
#include "core/base/map.h"
#include "core/base/str.h"
#include "tool/nasl/library.h"
#include "tool/nasl/token.h"

enum { NASL_NESTING_MAX = 400, NASL_ARGUMENTS_MAX = 60000 };

/* A loop being compiled: jumps that want to leave or go on, to be patched at its end. */
struct nasl_loop {
    struct nasl_loop *outer;
    uint32_t *leave, *next;
    size_t leave_count, leave_capacity, next_count, next_capacity;
};

struct nasl_compiler {
    struct nasl_library *library;
    struct nasl_unit *unit;
    const char *file;
    struct nasl_lexer lexer;
    struct str room; /* bytes of the string token just read */
    struct map symbols, numbers;
    size_t code_capacity, line_capacity, constant_capacity, symbol_capacity, function_capacity,
        call_capacity, regex_capacity, include_capacity;
    uint32_t depth;   /* of the stack */
    uint32_t nesting; /* of the parser */
    uint32_t label;   /* code before it is jumped to and may not be fused */
    bool in_function;
    struct nasl_loop *loop;
    struct err *e;
    int rc; /* not 0: the first fault, nothing more is compiled */
};

/* A fault: "FILE:LINE: WORDS".  Only the first counts. */
void nasl_fault(struct nasl_compiler *c, uint32_t line, const char *format, ...) PRINTF_LIKE(3, 4);

/* code.c: the unit under construction. */
uint32_t nasl_code_add(struct nasl_compiler *c, enum nasl_op op, int64_t a, int stack);
uint32_t nasl_code_add_c(struct nasl_compiler *c, enum nasl_op op, int64_t a, unsigned mode,
                         int stack);
void nasl_code_land(struct nasl_compiler *c, uint32_t jump); /* `jump` goes to what comes next */
void nasl_code_loop(struct nasl_compiler *c, uint32_t to);
void nasl_code_jump_unless(struct nasl_compiler *c, uint32_t *out_jump); /* fuses comparisons */
uint32_t nasl_code_here(struct nasl_compiler *c); /* a place that will be jumped to */
void nasl_code_rotate(struct nasl_compiler *c, uint32_t first, uint32_t middle);
uint32_t nasl_code_symbol(struct nasl_compiler *c, const char *name, size_t len);
void nasl_code_text(struct nasl_compiler *c, enum nasl_type type, const char *bytes, size_t len);
void nasl_code_number(struct nasl_compiler *c, int64_t number);
uint32_t nasl_code_constant(struct nasl_compiler *c, struct nasl_value v);
struct nasl_value nasl_code_string(const char *bytes, size_t len, enum nasl_type type);
uint32_t nasl_code_call(struct nasl_compiler *c, struct nasl_call_site site);
uint32_t nasl_code_regex(struct nasl_compiler *c, const struct nasl_ereg *r);

/* parse_expression.c */
void nasl_parse_expression(struct nasl_compiler *c);
bool nasl_parse_call(struct nasl_compiler *c, const char *name, size_t len); /* result is kept */
/* What may stand in a for(): an assignment, an increment, a call; nothing is kept. */
void nasl_parse_effect(struct nasl_compiler *c);

/* parse.c */
int nasl_parse(struct nasl_compiler *c);

int nasl_advance(struct nasl_compiler *c);
bool nasl_accept(struct nasl_compiler *c, int token);
void nasl_expect(struct nasl_compiler *c, int token, const char *what);
