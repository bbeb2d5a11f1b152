/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Built-in functions: what a row of a family's table is, and how a built-in reads its arguments.
 * Each family is one file of builtin/ that defines one table; builtin/modules.def lists them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/str.h"
#include "tool/nasl/value.h"

struct nasl_vm;

enum { NASL_NAMED_MAX = 13 };

struct nasl_call {
    struct nasl_vm *vm;
    const struct nasl_builtin *builtin;
    const struct nasl_value *arg; /* unnamed arguments */
    uint32_t count;
    const struct nasl_value *named; /* in the order of the row; undef where left out */
};

/* The result is the caller's. */
typedef struct nasl_value nasl_builtin_fn(struct nasl_call *c);

enum nasl_builtin_flag {
    NASL_STUB = 1,  /* exists in name only: says so and gives undef */
    NASL_UNSAFE = 2 /* touches files or processes of this machine; the command line alone has it */
};

struct nasl_builtin {
    const char *name;
    nasl_builtin_fn *call;
    const char *named[NASL_NAMED_MAX];
    unsigned flags;
};

struct nasl_family {
    const char *name;
    const struct nasl_builtin *row;
    size_t count;
};

extern const struct nasl_family *const nasl_families[]; /* ends with NULL */

/* Unnamed argument n, undef where it is missing; and the named one at place n of the row. */
const struct nasl_value *nasl_arg(const struct nasl_call *c, unsigned n);
static inline const struct nasl_value *nasl_named(const struct nasl_call *c, unsigned n)
{
    return &c->named[n];
}

/* A number: of a text its leading decimal digits; undef and arrays give `otherwise`. */
int64_t nasl_arg_int(const struct nasl_value *v, int64_t otherwise);

/* Text: NULL for undef.  Numbers and arrays are written into *room.  The size of what is no string
 * is 0, as in the peer; nasl_arg_text gives the real length. */
const char *nasl_arg_text(const struct nasl_value *v, struct str *room, size_t *out_len);
static inline size_t nasl_arg_size(const struct nasl_value *v)
{
    return nasl_is_text(v) ? v->string->len : 0;
}

/* Results. */
struct nasl_value nasl_data(struct nasl_call *c, const void *bytes, size_t len);
struct nasl_value nasl_data_str(struct nasl_call *c, struct str *text); /* frees *text */
struct nasl_heap *nasl_call_heap(struct nasl_call *c);

/* A diagnostic with the script's file and line. */
void nasl_complain(struct nasl_call *c, const char *format, ...) PRINTF_LIKE(2, 3);
