/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a file, a Maildir or a folder to records: unpacks, sees what format it is, and gives it to
 * the reader of that format. */
#pragma once

#include <stdint.h>

#include "tool/advisory/feed.h"

enum { IMPORT_DEPTH_MAX = 16 }; /* folders in folders */

static const uint64_t import_file_max = 1ULL << 30;
static const uint64_t import_unpacked_max = 128ULL << 20; /* of one packed file */

struct import_options {
    const char *format; /* a feed's name; NULL or "auto": see by the bytes */
    const struct text_list *http_headers;
    const char *base_url;
};

struct import_counts {
    uint64_t files, refused; /* files that were read; files and parts that were not taken */
};

/* A file that cannot be read is told to `refused` and counted; the others are read all the same.
 * 0, -EINVAL (no such format), -ENOENT and the like for `path` itself, or what a callback
 * returned. */
int import_path(const char *path, const struct import_options *options,
                const struct advisory_sink *to, struct import_counts *counts,
                struct err *e) MUST_CHECK;

/* The same for bytes in memory. */
int import_bytes(struct advisory_input *in, const char *format, const struct advisory_sink *to,
                 struct import_counts *counts, struct err *e) MUST_CHECK;

/* Which reader?  NULL: none fits. */
const struct advisory_feed *import_recognize(struct arena *arena, struct advisory_input *in);
