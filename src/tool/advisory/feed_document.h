/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A feed as it was read: RSS 0.9 to 2.0, RDF, Atom 0.3 and 1.0, CDF in one form.  Texts are UTF-8;
 * where they are HTML they have been cleaned (core/text/html_clean). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/str.h"

struct feed_text {
    const char *value; /* NULL: not told */
    const char *type;  /* "text/plain", "text/html", "application/xhtml+xml" */
    const char *language;
    const char *base;
};

struct feed_link {
    const char *href, *rel, *type, *title, *length;
};

struct feed_person {
    const char *name, *email, *href;
};

struct feed_tag {
    const char *term, *scheme, *label;
};

struct feed_item {
    struct feed_text title, subtitle, summary, info, rights;
    const char *id, *link, *language, *generator;
    const char *published, *updated; /* RFC 3339, UTC; or as written where it is no date */
    bool id_is_link;                 /* the id may stand for a missing link */
    struct feed_person author;
    struct feed_item *source;
    struct {
        struct feed_link *item;
        size_t count, capacity;
    } links, enclosures;
    struct {
        struct feed_person *item;
        size_t count, capacity;
    } contributors;
    struct {
        struct feed_tag *item;
        size_t count, capacity;
    } tags;
    struct {
        struct feed_text *item;
        size_t count, capacity;
    } content;
};

struct feed_document {
    bool bozo;         /* broken: what could be read was read */
    const char *fault; /* what is broken; NULL: nothing */
    struct feed_item feed;
    struct {
        struct feed_item *item;
        size_t count, capacity;
    } entries;
};

struct feed_source {
    const char *text;
    size_t len;
    const char *content_type, *content_location, *content_language; /* of HTTP; may be NULL */
    const char *url;                                                /* may be NULL */
};

/* Read it into *out; all of it lives in `arena`.  false: there is no feed in it (`fault` says why).
 */
bool feed_document_read(struct arena *arena, const struct feed_source *from,
                        struct feed_document *out);

void feed_document_to_json(const struct feed_document *doc, struct str *out);
