/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report that is whole at every moment.  The writer adds records one by one and says, each time,
 * what would have to follow if this were the last one (the tail: closing tags and totals).  On a
 * regular file, record and tail go out in one write and the next record begins where the tail
 * began; so a full disk or a kill leaves a shorter document, not a broken one.  (A kill amid a
 * write(2) may cut it between two pages: the kernel promises no more.)  On a pipe or terminal (and
 * where standard output is a file opened for appending, or shared with standard error) the tail is
 * written once, at the end. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/str.h"

struct record_file {
    char *name;
    int fd;
    bool seekable, owns_fd, failed;
    int failure;      /* the code with which it failed */
    uint64_t tail_at; /* where the tail begins */
    struct str tail;
};

/* `path` "-" is standard output.  With `append` an existing file is kept and written behind. */
int record_file_open(struct record_file *f, const char *path, bool append,
                     struct err *e) MUST_CHECK;

/* What the file holds from `at` on is given up: the next record takes its place.  Only before the
 * first record, of a file opened with `append`. */
int record_file_cut(struct record_file *f, uint64_t at, struct err *e) MUST_CHECK;

/* Add a record.  0, or a negative errno value naming the file (-ENOSPC on a full disk): then the
 * document is as it was before, whole, and every further call fails the same way. */
int record_file_add(struct record_file *f, const struct str *record, const struct str *tail,
                    struct err *e) MUST_CHECK;

/* The last record and tail are in: write what a pipe still lacks, close.  Call once, also after a
 * failure, which is told here again. */
int record_file_close(struct record_file *f, struct err *e);
