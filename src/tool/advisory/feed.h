/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A source's format: who reads it is one file and one row of feed/modules.def.  A reader is given
 * the bytes and tells what it finds to a sink; it fetches nothing and keeps nothing. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"
#include "core/base/text_list.h"
#include "core/text/json_tree.h"
#include "sys/io/file_map.h"
#include "tool/advisory/advisory.h"

struct advisory_mail;
struct feed_document;
struct tracker_entry;

enum shape_kind { SHAPE_TEXT, SHAPE_OBJECT, SHAPE_ARRAY, SHAPE_XML };

/* What the bytes look like from outside: for a JSON object (or the first object of an array) its
 * first keys and, of the first member that is an object, that one's; for XML the root element. */
struct advisory_shape {
    enum shape_kind kind;
    struct advisory_words keys, inner;
    const char *root;
};

struct advisory_input {
    const char *name; /* of the file, for messages */
    const char *text;
    size_t len;
    const struct text_list *http_headers; /* "Name: value", as it came; may be NULL */
    const char *base_url;                 /* where it came from; may be NULL */
    struct file_map *map;                 /* what `text` lies in; NULL: in plain memory */
    struct advisory_shape shape;
};

/* What a reader tells.  Callbacks that are NULL are not told; what they are given lives for the
 * call.  A negative errno value ends the reading. */
struct advisory_sink {
    void *ctx;
    int (*advisory)(void *ctx, const struct advisory *a, struct err *e);
    int (*mail)(void *ctx, const struct advisory_mail *mail, struct err *e);
    int (*feed)(void *ctx, const struct feed_document *doc, struct err *e);
    /* An entry of Debian's tracker; NULL: it is told as an advisory. */
    int (*tracker)(void *ctx, const struct tracker_entry *entry, struct err *e);
    void (*refused)(void *ctx, const char *what, const char *why); /* one part is left out */
};

struct advisory_feed {
    const char *name, *doc;
    bool (*fits)(const struct advisory_input *in);
    int (*read)(const struct advisory_input *in, const struct advisory_sink *to, struct err *e);
};

extern const struct advisory_feed *const advisory_feeds[]; /* by name; ends with NULL */

/* ---- what readers share ---- */

bool shape_has(const struct advisory_input *in, const char *key);
bool shape_inner_has(const struct advisory_input *in, const char *key);

/* Finish the record and tell it. */
int feed_tell(const struct advisory_sink *to, struct advisory *a, struct err *e);

/* -EBADMSG with the reader's place and cause. */
int feed_broken(const struct json_reader *j, struct err *e);

/* Call fn for each element of the document's array (the document is one, or its member `key` is),
 * each as a tree in an arena of its own.  An element that is not taken is told as refused. */
typedef int feed_element_fn(struct arena *arena, const struct json_node *n,
                            const struct advisory_sink *to, struct err *e);
int feed_each(const struct advisory_input *in, const char *key, feed_element_fn *fn,
              const struct advisory_sink *to, struct err *e);
