/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON in (RFC 8259): a pull parser over bytes that lie in memory, without a tree and without
 * copies.  The caller asks for what he expects and skips the rest:
 *
 *     if (json_enter_object(&j))
 *         while (json_next_key(&j, &key))
 *             if (json_span_is(key, "id")) json_take_text(&j, &id); else json_skip(&j);
 *     if (!json_at_end(&j)) ... j.why at j.pos
 *
 * Strict: no comments, no trailing commas, UTF-8 that is UTF-8, nothing behind the document.  A
 * lone surrogate becomes U+FFFD, a byte order mark in front is skipped. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/str.h"

enum { JSON_READ_DEPTH_MAX = 256, JSON_READ_TEXT_MAX = 64 << 20 };

enum json_type {
    JSON_BAD, /* the text is broken, or it ends */
    JSON_OBJECT,
    JSON_ARRAY,
    JSON_TEXT,
    JSON_NUMBER,
    JSON_BOOL,
    JSON_NULL,
};

/* Text in the input or, where it holds escapes, in the reader: valid until the next call. */
struct json_span {
    const char *text;
    size_t len;
};

bool json_span_is(struct json_span s, const char *text);

struct json_reader {
    const char *start, *pos, *end;
    const char *why;     /* what is wrong with the text; NULL: nothing so far */
    struct str room;     /* for texts with escapes */
    struct str key_room; /* and for such keys */
    uint64_t filled[JSON_READ_DEPTH_MAX / 64]; /* one bit a level: has it a member already? */
    uint16_t depth;
};

/* The bytes stay the caller's and must outlive the reader. */
struct json_reader json_reader_of(const char *text, size_t len);
void json_reader_done(struct json_reader *j);

enum json_type json_peek(struct json_reader *j); /* of the value that comes next */

/* Enter the value that comes next; false: it is none, and was skipped. */
bool json_enter_object(struct json_reader *j);
bool json_enter_array(struct json_reader *j);

/* Stand before the next member's value; false: the object (array) has ended, or the text is bad.
 * Each value must be taken, entered or skipped before the next call. */
bool json_next_key(struct json_reader *j, struct json_span *out);
bool json_next_item(struct json_reader *j);

/* The value if it is of that type; else it is skipped, *out stays as it was, false. */
bool json_take_text(struct json_reader *j, struct json_span *out);
bool json_take_number(struct json_reader *j, double *out);
bool json_take_bool(struct json_reader *j, bool *out);

/* A number as it is written. */
bool json_take_number_text(struct json_reader *j, struct json_span *out);

void json_skip(struct json_reader *j);

/* The document is whole and nothing but blanks follows. */
bool json_at_end(struct json_reader *j);

/* "line 3, column 7: WHY" of a reader that is bad. */
void json_reader_fault(const struct json_reader *j, struct str *out);
