/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes between configuration, server and client: fail2ban's commands are lists of words,
 * numbers and lists, and its answers are values of the same kinds.  All memory is an arena's. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/str.h"
#include "core/text/json.h"

enum ban_value_kind {
    BAN_VALUE_NONE,
    BAN_VALUE_TEXT,
    BAN_VALUE_INT,
    BAN_VALUE_REAL,
    BAN_VALUE_BOOL,
    BAN_VALUE_LIST,
    BAN_VALUE_MAP, /* a list of key, value, key, value */
};

struct ban_list;

struct ban_value {
    enum ban_value_kind kind;
    union {
        const char *text;
        int64_t number; /* also of a bool: 0 or 1 */
        double real;
        struct ban_list *list;
    };
};

struct ban_list {
    struct ban_value *item;
    size_t count, capacity;
};

struct ban_value ban_value_text(const char *text); /* kept, not copied; NULL: none */
struct ban_value ban_value_int(int64_t number);
struct ban_value ban_value_real(double real);
struct ban_value ban_value_bool(bool yes);
struct ban_value ban_value_list(struct arena *arena);
struct ban_value ban_value_map(struct arena *arena);

void ban_list_add(struct ban_list *list, struct arena *arena, struct ban_value value);
void ban_list_add_text(struct ban_list *list, struct arena *arena, const char *text);

/* A list of these words, up to a NULL. */
struct ban_value ban_value_words(struct arena *arena, const char *first, ...);

/* The text, or what Python's str() makes of the value. */
const char *ban_value_str(const struct ban_value *v, struct arena *arena);

/* Deep copy into an arena. */
struct ban_value ban_value_copy(const struct ban_value *v, struct arena *arena);

void ban_value_repr(const struct ban_value *v, struct str *out); /* as Python prints it */
void ban_text_repr(const char *text, size_t len, struct str *out);
void ban_real_repr(double real, struct str *out); /* the shortest form that reads back the same */
void ban_value_json(const struct ban_value *v, struct json_out *j, const char *key);
