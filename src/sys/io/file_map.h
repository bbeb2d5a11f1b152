/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file as memory, read only: what is too big to copy (captures). */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"

struct file_map {
    const uint8_t *data;
    size_t len;
    void *copy; /* a pipe cannot be mapped: it was read */
};

/* 0 or a negative errno value; the text names the path.  A file that shrinks while it is mapped
 * ends the process (SIGBUS). */
int file_map_open(struct file_map *m, const char *path, struct err *e) MUST_CHECK;
void file_map_close(struct file_map *m);
