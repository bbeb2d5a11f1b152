/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An XML document as a tree, for documents that are small (feeds).  Text stands in nodes of its
 * own, so that markup can be written out again. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/str.h"

enum { XML_TREE_NODES_MAX = 1 << 20 };

struct xml_tree_attr {
    const char *name, *prefix, *uri, *value;
};

struct xml_node {
    const char *name;         /* NULL: text */
    const char *prefix, *uri; /* may be NULL */
    const char *text;
    size_t len;
    struct xml_tree_attr *attr;
    size_t attr_count;
    struct xml_node *parent, *first, *last, *next;
};

/* `text` is UTF-8 from xml_prepare.  NULL: there is no element in it.  *out_well: it is well
 * formed; `fault` (may be NULL) says why not. */
struct xml_node *xml_tree_read(const char *text, size_t len, struct arena *arena, bool *out_well,
                               struct str *fault);

/* The value of the attribute without a namespace; NULL: there is none. */
const char *xml_node_attr(const struct xml_node *n, const char *name);

/* An attribute of the namespace "xml": "lang", "base". */
const char *xml_node_xml_attr(const struct xml_node *n, const char *name);

/* All text below. */
void xml_node_text(const struct xml_node *n, struct str *out);

/* What stands inside, as markup, without prefixes of XHTML's namespace. */
void xml_node_markup(const struct xml_node *n, struct str *out);
