/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files as a whole: read with a limit, written so that a reader sees the old one or the new one. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/str.h"

/* Read all of `path` ("-": standard input) into *out, replacing what it held; out->max is the limit
 * (-EFBIG above it).  0 or a negative errno value; the text names the path. */
int file_read(const char *path, struct str *out, struct err *e) MUST_CHECK;

/* The same below an open folder (openat). */
int file_read_at(int dir_fd, const char *path, struct str *out, struct err *e) MUST_CHECK;

/* Put `len` bytes in place of `path` through a temporary file and rename; synced to disk. */
int file_replace(const char *path, const void *data, size_t len, mode_t mode,
                 struct err *e) MUST_CHECK;

/* mkdir -p with `mode` for what is missing. */
int file_make_folders(const char *path, mode_t mode, struct err *e) MUST_CHECK;

/* Write all of it, over signals and short writes.  0 or a negative errno value. */
int file_write_all(int fd, const void *data, size_t len) MUST_CHECK;
