/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HTML out: elements, attributes and text, escaped for the place they stand in.  Outside text is
 * wrapped in <bdi> where html_outside is used, so that bidirectional controls cannot reorder what
 * stands beside it; control characters become U+FFFD. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/str.h"

enum { HTML_DEPTH_MAX = 32 };

struct html_out {
    struct str *out;
    const char *tag[HTML_DEPTH_MAX];
    uint8_t depth;
    bool in_tag;
};

struct html_out html_out_of(struct str *out);

void html_raw(struct html_out *h,
              const char *markup); /* our own literal markup (doctype, style sheet) */
void html_open(struct html_out *h, const char *tag);
void html_void(struct html_out *h, const char *tag); /* meta, br, ...: nothing to close */
void html_close(struct html_out *h);                 /* the innermost */
void html_attr(struct html_out *h, const char *name,
               const char *value); /* of the tag just opened */
void html_text(struct html_out *h, const char *text);
void html_textf(struct html_out *h, const char *format, ...) PRINTF_LIKE(2, 3);
void html_outside(struct html_out *h, const char *text); /* text of a stranger, in <bdi> */

/* <tag>text</tag>, the commonest shape. */
void html_element(struct html_out *h, const char *tag, const char *text);
