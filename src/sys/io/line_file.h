/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines to a file, gathered into large writes.  For logs that are written fast by one thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/attr.h"
#include "core/base/err.h"

enum { LINE_FILE_BUFFER = 256 * 1024 };

struct line_file {
    char *name, *buffer;
    int fd;
    size_t used;
    int failure; /* the first error; what came after it is lost */
};

/* "-" is standard output.  With `append` an existing file is written behind. */
int line_file_open(struct line_file *f, const char *path, bool append, struct err *e) MUST_CHECK;
void line_file_add(struct line_file *f, const char *text, size_t len); /* a newline is put behind */
void line_file_add_bytes(struct line_file *f, const void *data, size_t len);
int line_file_flush(struct line_file *f);
/* 0 or the first error, with the file's name. */
int line_file_close(struct line_file *f, struct err *e);
