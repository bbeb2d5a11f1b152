/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A JSON value as a tree, for documents whose parts refer to one another.  Read from a json_reader,
 * so that a large file can be taken one element at a time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/str.h"
#include "core/text/json_reader.h"

enum { JSON_TREE_NODES_MAX = 2 << 20 };

struct json_node {
    enum json_type type;
    uint32_t index; /* place in its array or object */
    uint32_t count; /* members of an array or object */
    bool boolean;
    const char *key;  /* NULL in arrays */
    const char *text; /* of a text, or of a number as written; NUL-terminated */
    size_t len;
    struct json_node *parent, *first, *next;
};

/* The value that the reader stands at, in `arena`.  NULL: the reader says why. */
struct json_node *json_tree_read(struct json_reader *j, struct arena *arena);

/* A whole document.  NULL with the place and cause of the fault in `why` (may be NULL). */
struct json_node *json_tree_parse(const char *text, size_t len, struct arena *arena,
                                  struct str *why);

/* All of these take NULL for a node that is not there. */
const struct json_node *json_find(const struct json_node *object, const char *key);
const struct json_node *json_first(const struct json_node *container);
bool json_is(const struct json_node *n, enum json_type type);
const char *json_string(const struct json_node *n);                       /* NULL: no text */
const char *json_member(const struct json_node *object, const char *key); /* its text, or NULL */
double json_number(const struct json_node *n, double otherwise);

/* By a path of keys: json_at(doc, "document", "tracking", NULL). */
const struct json_node *json_at(const struct json_node *n, ...) __attribute__((sentinel));

/* RFC 6901: "/document/title"; "" for the root. */
void json_pointer(const struct json_node *n, struct str *out);

/* Same value, objects in any order. */
bool json_equal(const struct json_node *a, const struct json_node *b);

#define JSON_EACH(item, container)                                                                 \
    for (const struct json_node *item = json_first(container); item; item = item->next)
