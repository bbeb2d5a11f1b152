/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A reply of a mail server (RFC 5321 4.2), line by line: "250-first", "250 last". */
#pragma once

#include <stddef.h>

#include "core/base/str.h"

enum {
    REPLY_LINES_MAX = 100,
    REPLY_BYTES_MAX = 64 * 1024, /* of a line, and of all of them */
    REPLY_KEPT_MAX = 1000,       /* of a line in `text` */
};

enum reply_state { REPLY_MORE, REPLY_DONE, REPLY_BAD };

struct reply {
    int code; /* 200-599 */
    unsigned lines;
    size_t bytes;
    struct str text; /* without codes; lines end with LF, but for the last */
};

void reply_begin(struct reply *r); /* empties; the memory is kept */
void reply_done(struct reply *r);

/* Take a line, without its end (a CR may be there).  REPLY_BAD: no SMTP, or too long. */
enum reply_state reply_line(struct reply *r, const char *line, size_t len);

/* Does a line of an EHLO reply name this extension ("STARTTLS")?  Case does not matter. */
bool reply_offers(const struct reply *r, const char *extension);

static inline bool reply_is(const struct reply *r, int hundreds)
{
    return r->code / 100 == hundreds;
}
