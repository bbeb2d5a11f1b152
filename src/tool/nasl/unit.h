/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A compiled file: instructions of a stack machine and the tables they point into.  Frozen once
 * made, so that one unit of an include file serves all scripts.  Symbols are the unit's own
 * numbers; a machine gives each a variable of its own when it first meets the unit. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "tool/nasl/value.h"

/* What each does with the stack is written as [before -> after]; `a` is the operand, jumps are
 * relative to the next instruction.  KEEP: the result stays on the stack. */
#define NASL_OPS(OP)                                                                               \
    OP(CONST)       /* [-> constant a] */                                                          \
    OP(INT)         /* [-> the number a] */                                                        \
    OP(UNDEF)       /* [-> undef] */                                                               \
    OP(VAR)         /* [-> variable a] */                                                          \
    OP(ANON)        /* [-> array of the unnamed arguments] */                                      \
    OP(ANON_AT)     /* [index -> unnamed argument] */                                              \
    OP(ELEMENT)     /* [index -> element of variable a] */                                         \
    OP(SET)         /* [value ->] into variable a; c: KEEP */                                      \
    OP(SET_ELEMENT) /* [index value ->] c: KEEP */                                                 \
    OP(UPDATE)      /* [value ->] variable a = a OP value; c: operation * 2 + KEEP */              \
    OP(UPDATE_ELEMENT)                                                                             \
    OP(STEP)         /* variable a by one; c: enum nasl_step */                                    \
    OP(STEP_ELEMENT) /* [index ->] */                                                              \
    OP(ADD)          /* the operations, in the order of enum nasl_operation: [x y -> x OP y] */    \
    OP(SUBTRACT)                                                                                   \
    OP(MULTIPLY)                                                                                   \
    OP(DIVIDE)                                                                                     \
    OP(MODULO)                                                                                     \
    OP(SHIFT_LEFT)                                                                                 \
    OP(SHIFT_RIGHT)                                                                                \
    OP(SHIFT_RIGHT_UNSIGNED)                                                                       \
    OP(POWER)                                                                                      \
    OP(BIT_AND)                                                                                    \
    OP(BIT_OR)                                                                                     \
    OP(BIT_XOR)                                                                                    \
    OP(LESS)                                                                                       \
    OP(LESS_EQUAL)                                                                                 \
    OP(GREATER)                                                                                    \
    OP(GREATER_EQUAL)                                                                              \
    OP(EQUAL)                                                                                      \
    OP(NOT_EQUAL)                                                                                  \
    OP(HAS)   /* c: 1 negates */                                                                   \
    OP(MATCH) /* [text -> bool] by regex a; c: 1 negates */                                        \
    OP(NEGATE)                                                                                     \
    OP(BIT_NOT)                                                                                    \
    OP(NOT)                                                                                        \
    OP(BOOL) /* [x -> 0 or 1] */                                                                   \
    OP(JUMP)                                                                                       \
    OP(LOOP)           /* jump backwards, paying for it */                                         \
    OP(JUMP_FALSE)     /* [x ->] */                                                                \
    OP(JUMP_UNLESS)    /* [x y ->] unless x c y; c: LESS .. NOT_EQUAL counted from LESS */         \
    OP(VAR_CONST)      /* fused: [-> variable a] OP small number in the next instruction's a */    \
    OP(VAR_CONST_JUMP) /* fused: compare variable a with next.a, jump by next.c unless */          \
    OP(KEEP_IF_FALSE)  /* [x -> x] jump when x is 0, else [x ->] */                                \
    OP(KEEP_IF_TRUE)                                                                               \
    OP(POP)                                                                                        \
    OP(FUNCTION)  /* is function a defined?  Then skip the jump behind; else [-> undef] */         \
    OP(CALL)      /* [arguments -> result] call a; c: KEEP */                                      \
    OP(BUILTIN)   /* the same of a built-in */                                                     \
    OP(CANCEL)    /* [a arguments -> undef] an argument has the name of another */                 \
    OP(RETURN)    /* [x ->] c: 1 when x is a variable's value */                                   \
    OP(LEAVE)     /* out of the function; at the top, out of the script */                         \
    OP(END)       /* of a unit's top level */                                                      \
    OP(DEFINE)    /* function a */                                                                 \
    OP(INCLUDE)   /* run unit a */                                                                 \
    OP(EACH)      /* [array ->] begin to walk */                                                   \
    OP(EACH_NEXT) /* next item into variable a, and skip the jump behind */                        \
    OP(EACH_END)                                                                                   \
    OP(TIMES)      /* [n -> n] jump when n < 1 */                                                  \
    OP(TIMES_NEXT) /* [n -> n - 1] jump while n > 1 */                                             \
    OP(LOCAL)                                                                                      \
    OP(GLOBAL)

enum nasl_op {
#define OP(name) NASL_OP_##name,
    NASL_OPS(OP)
#undef OP
        NASL_OP_COUNT
};

enum nasl_step { NASL_STEP_DOWN = 1, NASL_STEP_AFTER = 2, NASL_STEP_KEEP = 4 };

struct nasl_insn {
    uint8_t op, c;
    int16_t b;
    int32_t a;
};

struct nasl_builtin;

/* One place that calls. */
struct nasl_call_site {
    const struct nasl_builtin *builtin; /* NULL: a function of the script's */
    uint32_t symbol;
    uint16_t count;
    bool plain; /* all arguments are unnamed */
    /* Of argument i: a symbol, or for a built-in the place among its names; NASL_UNNAMED. */
    uint32_t *name;
};
enum { NASL_UNNAMED = -1, NASL_UNKNOWN_NAME = -2 };

struct nasl_function {
    uint32_t symbol, entry;
};

struct nasl_ereg;

struct nasl_unit {
    struct arena arena; /* names, call sites */
    const char *name;   /* as the script wrote it */
    struct nasl_insn *code;
    uint32_t *line; /* of each instruction */
    uint32_t code_count, stack_need;
    struct nasl_value *constant;
    uint32_t constant_count;
    const char **symbol; /* interned by the library */
    uint32_t symbol_count;
    struct nasl_function *function;
    uint32_t function_count;
    struct nasl_call_site *call;
    uint32_t call_count;
    const struct nasl_ereg **regex; /* the library's */
    uint32_t regex_count;
    const struct nasl_unit **include; /* the library's */
    uint32_t include_count;
};
