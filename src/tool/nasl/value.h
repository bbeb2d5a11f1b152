/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The values of a NASL script.  Strings and arrays are counted references; an array is copied when
 * one of several owners changes it, so that to a script all values look like plain copies.
 * Conversions follow openvas-nasl 23, oddities included: scripts rely on them.
 *
 * A string that a function is given stays its owner's; nasl_value_copy takes a share of one, and
 * nasl_value_drop gives it back. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/str.h"

enum nasl_type {
    NASL_UNDEF,
    NASL_INT,
    NASL_STRING, /* from "...": string() and raw_string() expand backslashes in it */
    NASL_DATA,   /* from '...' and from built-ins */
    NASL_ARRAY,
};

/* What one script may hold; passing the limit makes room requests fail and sets `exhausted`. */
struct nasl_heap {
    size_t used, limit;
    bool exhausted;
};

struct nasl_string {
    int32_t owners; /* negative: belongs to a program and is never freed by a script */
    uint32_t len, capacity;
    struct nasl_heap *heap;
    char text[]; /* a NUL stands behind */
};

struct nasl_array;

struct nasl_value {
    uint8_t type;
    /* Arrays: this copy walks each chain of equal hash backwards.  The peer turns its chains round
     * whenever it copies an array, and keys() shows it. */
    uint8_t turned;
    union {
        int64_t number;
        struct nasl_string *string;
        struct nasl_array *array;
    };
};

enum { NASL_STRING_MAX = 1 << 30, NASL_INDEX_MAX = 1 << 24 };

static inline struct nasl_value nasl_int(int64_t number)
{
    return (struct nasl_value){.type = NASL_INT, .number = number};
}

static inline struct nasl_value nasl_undef(void)
{
    return (struct nasl_value){.type = NASL_UNDEF};
}

static inline bool nasl_is_text(const struct nasl_value *v)
{
    return v->type == NASL_STRING || v->type == NASL_DATA;
}

void nasl_value_free(struct nasl_value *v); /* the slow half of drop */
void nasl_value_share(const struct nasl_value *v);

static inline void nasl_value_drop(struct nasl_value *v)
{
    if (v->type >= NASL_STRING)
        nasl_value_free(v);
    v->type = NASL_UNDEF;
}

static inline struct nasl_value nasl_value_copy(const struct nasl_value *v)
{
    if (v->type >= NASL_STRING)
        nasl_value_share(v);
    return *v;
}

/* A string of `len` bytes to be filled; NULL when the heap has no room. */
struct nasl_string *nasl_string_new(struct nasl_heap *heap, size_t len) MUST_CHECK;
void nasl_string_free(struct nasl_string *s); /* gives one share back */

/* Text of the type; undef when the heap has no room. */
struct nasl_value nasl_text(struct nasl_heap *heap, enum nasl_type type, const void *bytes,
                            size_t len);

/* Put `len` bytes behind those of *v, a text; in place where nobody else shares it.  False: no
 * room, *v is as it was. */
bool nasl_value_append(struct nasl_heap *heap, struct nasl_value *v, const void *bytes, size_t len);

/* The text of a string; of another type: how + and display write it, put into *room.  *out_len may
 * be NULL.  Undef is "". */
const char *nasl_value_text(const struct nasl_value *v, struct str *room, size_t *out_len);

int64_t nasl_value_int(const struct nasl_value *v); /* strtol(base 0) of texts; arrays: 0 */
bool nasl_value_bool(const struct nasl_value *v);
const char *nasl_type_name(enum nasl_type type);

/* strtol(text, base 0) of a text, which may hold any bytes; *out_clean: all of it was a number. */
int64_t nasl_number_of(const char *text, int base, bool *out_clean);

/* <0, 0, >0 as the comparison operators see it.  *out_sense becomes false for what cannot be
 * compared. */
int64_t nasl_value_compare(const struct nasl_value *a, const struct nasl_value *b, bool *out_sense);
