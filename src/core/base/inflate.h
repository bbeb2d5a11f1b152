/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decompression piece by piece, with a limit to what may come out: what a stranger packed may be a
 * thousand times larger than it looks.  The doors to zlib, liblzma, brotli and bzip2. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/str.h"

enum inflate_kind {
    INFLATE_GZIP,    /* RFC 1952, several members too */
    INFLATE_ZLIB,    /* RFC 1950 */
    INFLATE_RAW,     /* RFC 1951 */
    INFLATE_DEFLATE, /* HTTP's "deflate": RFC 1950, but many send RFC 1951: the first bytes decide
                      */
    INFLATE_XZ,
    INFLATE_LZMA,   /* the form before .xz: HTTP's "lzma" */
    INFLATE_BROTLI, /* RFC 7932 */
    INFLATE_BZIP2,
    INFLATE_KIND_COUNT,
};

enum inflate_state {
    INFLATE_MORE, /* all input was taken, more must follow */
    INFLATE_DONE, /* the stream has ended; input behind it was not looked at */
    INFLATE_BAD,  /* this is no such stream */
    INFLATE_FULL, /* the limit was passed; *out holds what came before */
};

struct inflate;

/* `max` bytes may come out in all (0: as much as *out takes).  Owner frees with inflate_free. */
struct inflate *inflate_new(enum inflate_kind kind, uint64_t max);
void inflate_free(struct inflate *z); /* takes NULL */

/* What comes out is added to *out; a text that is full there is INFLATE_FULL here.  Once it has
 * ended in any way it stays so. */
enum inflate_state inflate_feed(struct inflate *z, const void *in, size_t len, struct str *out);

/* By the first bytes: what packed this?  -1: nothing known (brotli has no mark). */
int inflate_kind_of(const void *data, size_t len);

/* A whole buffer in one go. */
enum inflate_state inflate_all(enum inflate_kind kind, const void *in, size_t len, uint64_t max,
                               struct str *out);
