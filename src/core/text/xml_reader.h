/* SPDX-License-Identifier: GPL-3.0-or-later */
/* XML in, as events, also where it is broken: the door to libxml2's push parser in recovery mode.
 * Nothing is loaded from anywhere, no entity is expanded but the five of XML itself: a document
 * type declaration is cut out before the parser sees it.  Input is UTF-8. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/str.h"

struct xml_name {
    const char *local, *prefix, *uri; /* prefix and uri may be NULL */
};

struct xml_attr {
    struct xml_name name;
    const char *value; /* not NUL-terminated */
    size_t len;
};

struct xml_events {
    void *ctx;
    void (*open)(void *ctx, const struct xml_name *name, const struct xml_attr *attr, size_t count);
    void (*close)(void *ctx, const struct xml_name *name);
    void (*text)(void *ctx, const char *text, size_t len);
};

/* Elements deeper than libxml2's limit (256) end the reading.  Returns whether the document is well
 * formed; `fault` (may be NULL) tells the first thing that is not. */
bool xml_read(const char *text, size_t len, const struct xml_events *events, struct str *fault);

/* Make a document of the wild ready for that: the DOCTYPE cut out, and references to entities put
 * in place: those of HTML, and those that the DOCTYPE's own subset defines as plain text.  Others
 * stay as they are written.  Returns whether all references were known. */
bool xml_prepare(const char *text, size_t len, struct str *out);
