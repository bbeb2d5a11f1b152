/* SPDX-License-Identifier: GPL-3.0-or-later */
/* XML 1.0 out: a writer that escapes text and attributes and closes what it opened.  Characters
 * that XML 1.0 cannot hold (controls, lone surrogates, bytes that are no UTF-8) are written as the
 * four letters \xNN, which is what nmap does and readers of its files expect. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/str.h"

enum { XML_DEPTH_MAX = 32 };

struct xml_out {
    struct str *out;
    const char *tag[XML_DEPTH_MAX]; /* names are literals of the caller */
    uint8_t depth;
    bool in_tag; /* "<tag" is written, ">" is not */
    bool has_text[XML_DEPTH_MAX];
};

struct xml_out xml_out_of(struct str *out);

void xml_declaration(struct xml_out *x); /* <?xml version="1.0" encoding="UTF-8"?> */
void xml_raw(struct xml_out *x,
             const char *markup); /* our own literal markup, never outside text */
void xml_open(struct xml_out *x, const char *tag);
void xml_close(struct xml_out *x); /* the innermost; "<a/>" when it is empty */

/* Attributes of the tag just opened. */
void xml_attr(struct xml_out *x, const char *name, const char *value); /* NULL: left out */
void xml_attr_u64(struct xml_out *x, const char *name, uint64_t value);
void xml_attr_i64(struct xml_out *x, const char *name, int64_t value);
void xml_attrf(struct xml_out *x, const char *name, const char *format, ...) PRINTF_LIKE(3, 4);

void xml_text(struct xml_out *x, const char *text);
void xml_comment(struct xml_out *x, const char *text); /* "--" inside is broken up */
void xml_newline(struct xml_out *x);                   /* one \n between elements, for the eye */
