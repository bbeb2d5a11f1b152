/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mail (RFC 5322) and its parts (RFC 2045, 2046), fed in pieces as they come: from a file, or out
 * of an SMTP stream whose dot-stuffing was taken off.  What it finds it tells by callbacks, in the
 * order of the message; it keeps one line and the boundaries that are open, nothing else.  It takes
 * broken mail as mail readers do: what is no header line ends the headers. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/str.h"
#include "core/text/base64.h"

enum {
    MIME_DEPTH_MAX = 32,     /* parts in parts; deeper ones are leaves as they stand */
    MIME_BOUNDARY_MAX = 256, /* RFC 2046 allows 70 */
    MIME_HEADER_MAX = 65536, /* bytes of one header, unfolded; the rest of it is dropped */
    MIME_HEADERS_MAX = 2000, /* of one part; more are passed over */
    MIME_PARTS_MAX = 2000,   /* of one message; what follows is part of the last */
    MIME_LINE_MAX = 65536,   /* longer body lines are told in pieces */
    MIME_TYPE_MAX = 128,
};

enum mime_kind {
    MIME_LEAF,
    MIME_MULTIPART, /* its parts follow */
    MIME_MESSAGE,   /* message/rfc822: one message follows, as a part with its own headers */
};

enum mime_coding { MIME_PLAIN, MIME_BASE64, MIME_QUOTED_PRINTABLE, MIME_UUENCODE };

struct mime_part {
    enum mime_kind kind;
    uint16_t number; /* from 0, in the order of the message */
    uint8_t depth;   /* 0: the message itself */
    enum mime_coding coding;
    char type[MIME_TYPE_MAX]; /* "text/plain", lower case */
};

/* Any of them may be NULL.  Texts live for the call; header values are unfolded, not decoded. */
struct mime_events {
    void *ctx;
    void (*header)(void *ctx, const struct mime_part *part, const char *name, const char *value);
    void (*begin)(void *ctx, const struct mime_part *part); /* behind the headers */
    void (*body)(void *ctx, const struct mime_part *part, const char *data,
                 size_t len); /* of leaves, decoded; in pieces */
    void (*raw)(void *ctx, const struct mime_part *part, const char *line,
                size_t len); /* of leaves, as it came, with its end */
    void (*end)(void *ctx, const struct mime_part *part);
};

struct mime_level {
    struct mime_part part;
    char boundary[MIME_BOUNDARY_MAX + 1]; /* of a multipart */
    bool digest;                          /* multipart/digest: its parts are messages */
    bool typed, coded;                    /* Content-Type, -Transfer-Encoding: the first counts */
};

struct mime {
    const struct mime_events *events;
    struct mime_level level[MIME_DEPTH_MAX + 1];
    uint8_t depth; /* of the part being read */
    uint16_t parts;
    uint16_t headers;
    bool in_headers, between; /* `between`: before the first or behind the last part of one */
    bool line_goes_on;        /* the line's beginning was told already */
    struct str line, header, out;
    char pending[3]; /* the line end that may belong to a boundary */
    struct base64_in base64;
    bool uu_begun, uu_ended;
};

void mime_open(struct mime *m, const struct mime_events *events); /* which outlives it */
void mime_feed(struct mime *m, const void *data, size_t len);
void mime_close(struct mime *m); /* tells what is still open, and frees */
