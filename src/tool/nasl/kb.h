/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The knowledge base of one host: keys, each with one or several values in the order they came.
 * Bounded: what would pass the limit is refused and counted. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/clock.h"

struct nasl_kb;

struct nasl_kb_value {
    bool is_number;
    int64_t number;
    const char *text; /* a NUL stands behind */
    size_t len;
};

struct nasl_kb *nasl_kb_new(size_t bytes_max, const struct clock *clock);
void nasl_kb_free(struct nasl_kb *kb);

/* Add a value to the key; one that is there already moves to the end.  The bytes are copied.
 * `expire_s`: gone after so many seconds; negative: stays.  False: full. */
bool nasl_kb_add(struct nasl_kb *kb, const char *key, const struct nasl_kb_value *v,
                 int64_t expire_s);
bool nasl_kb_replace(struct nasl_kb *kb, const char *key, const struct nasl_kb_value *v);
bool nasl_kb_add_text(struct nasl_kb *kb, const char *key, const char *text);
bool nasl_kb_add_number(struct nasl_kb *kb, const char *key, int64_t number);

/* How many values the key has, and the n-th; what is returned lives until the key changes. */
size_t nasl_kb_count(struct nasl_kb *kb, const char *key);
bool nasl_kb_get(struct nasl_kb *kb, const char *key, size_t n, struct nasl_kb_value *out);
bool nasl_kb_has_number(struct nasl_kb *kb, const char *key, int64_t number); /* that very number */

/* Call `fn` for each key that fits the pattern, which is redis' (*, ?, [...]), in the order in
 * which keys were first set; false ends it. */
typedef bool nasl_kb_fn(void *ctx, const char *key);
void nasl_kb_each(struct nasl_kb *kb, const char *pattern, nasl_kb_fn *fn, void *ctx);
