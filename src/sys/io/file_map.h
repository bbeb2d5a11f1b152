/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file's bytes in memory, read as they are needed: for readers that go through a large file once.
 * Who may change the file while it is read can end the process (mmap(2), SIGBUS): not for files of
 * strangers that are still being written. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/str.h"

struct file_map {
    const char *data;
    size_t len;
    void *mapping;   /* NULL: what is no regular file was read into `own` */
    size_t released; /* bytes given back */
    struct str own;
};

/* `path` "-" is standard input.  At most `max` bytes (-EFBIG). */
int file_map_open(struct file_map *m, const char *path, uint64_t max, struct err *e) MUST_CHECK;

/* The bytes before `upto` will not be looked at again soon: their memory may go. */
void file_map_release(struct file_map *m, const char *upto);
void file_map_close(struct file_map *m);
