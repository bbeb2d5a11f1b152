/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The INI form of picket.conf: "[section]", "key = value"; a line whose first mark is '#' or ';' is
 * a comment.  A value goes on in lines that begin with a blank, up to an empty one; they are joined
 * by one blank.  There are no quotes and no comments behind a value.  Other tools' dialects are
 * read by the tool that owns their meaning. */
#pragma once

#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/err.h"

enum { INI_FILE_MAX = 1 << 20, INI_LINE_MAX = 8192, INI_VALUE_MAX = 65536 };

struct ini_item {
    const char *section; /* "" before the first heading */
    const char *key;
    const char *value;
    unsigned line;
};

struct ini {
    struct ini_item *item; /* in the order of the file; all text lives in the arena given */
    size_t count, capacity;
};

/* Parse `len` bytes; `name` is for messages ("name:line:column: ...").  0, -EINVAL or -EFBIG. */
int ini_parse(struct ini *out, const char *text, size_t len, const char *name, struct arena *arena,
              struct err *e) MUST_CHECK;

const struct ini_item *ini_find(const struct ini *ini, const char *section,
                                const char *key); /* the last one wins */
void ini_done(struct ini *ini);
