/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arrays of a NASL script: slots numbered from 0, and others named by texts; a[1] and a["1"] are
 * two slots.  Named slots are walked in the peer's order: 17 chains by its own hash, the newest of
 * a chain first. */
#pragma once

#include "tool/nasl/value.h"

struct nasl_value nasl_array_new(struct nasl_heap *heap); /* undef: no room */

/* Reading.  NULL: no such slot (which may also hold undef). */
const struct nasl_value *nasl_array_at(const struct nasl_array *a, int64_t index);
const struct nasl_value *nasl_array_named(const struct nasl_array *a, const char *name);
size_t nasl_array_next_index(const struct nasl_array *a); /* one above the last that is no undef */
size_t nasl_array_named_count(const struct nasl_array *a);

/* Writing: the slot, made when missing, of the array in *v, which is made *v's own first.  NULL: no
 * room, or an index out of bounds. */
struct nasl_value *nasl_array_slot(struct nasl_value *v, int64_t index);
struct nasl_value *nasl_array_slot_named(struct nasl_value *v, const char *name, size_t len);

/* Put a value (which becomes the array's) there; false: no room, the value is dropped. */
bool nasl_array_put(struct nasl_value *v, int64_t index, struct nasl_value item);
bool nasl_array_put_named(struct nasl_value *v, const char *name, struct nasl_value item);
/* The same beside what has that name already: a list of a key's values has it several times. */
bool nasl_array_add_named(struct nasl_value *v, const char *name, struct nasl_value item);

/* Walk all slots that are not undef, numbered ones first.  False: the end.  *out_name is NULL for a
 * numbered slot. */
struct nasl_walk {
    size_t index;   /* next numbered slot */
    unsigned chain; /* 0: not yet in the chains; n: in chain n - 1 */
    uint32_t entry;
};
bool nasl_array_walk(const struct nasl_value *array, struct nasl_walk *walk, int64_t *out_index,
                     const char **out_name, const struct nasl_value **out_item);

/* For value.c. */
void nasl_array_share(struct nasl_array *a);
void nasl_array_free(struct nasl_array *a);
void nasl_array_print(const struct nasl_value *array, struct str *out);
