/* SPDX-License-Identifier: GPL-3.0-or-later */
/* YAML 1.1 in: a document as a tree.  The door to libyaml's parser; aliases are followed, their
 * number and the depth are bounded, so that a small file cannot become a large tree. */
#pragma once

#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/err.h"

enum { YAML_DEPTH_MAX = 64, YAML_NODES_MAX = 1 << 20, YAML_TEXT_MAX = 16 << 20 };

enum yaml_kind { YAML_TEXT, YAML_LIST, YAML_MAP };

struct yaml_node {
    enum yaml_kind kind;
    const char *key;                /* of a member of a map; NULL else */
    const char *text;               /* YAML_TEXT; "" for an empty value */
    size_t len;                     /* of text, which may hold NULs */
    struct yaml_node *child, *last; /* of lists and maps, in their order */
    struct yaml_node *next;
    unsigned line, column; /* from 1 */
};

/* Parse one document; all of it lives in `arena`.  An empty document is an empty map.  `name` is
 * for messages ("name:line:column: ...").  0, -EINVAL or -EFBIG. */
int yaml_parse(struct yaml_node **out, const char *text, size_t len, const char *name,
               struct arena *arena, struct err *e) MUST_CHECK;

/* The member of a map; NULL: not there, or no map. */
struct yaml_node *yaml_member(const struct yaml_node *map, const char *key);
