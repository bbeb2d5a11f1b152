/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/deflate.h"

#include <limits.h>
#include <zlib.h>

#include "core/base/mem.h"

enum { WINDOW_BITS = 15, GZIP_MARK = 16, MEMORY_LEVEL = 8, PIECE = 16384 };

bool deflate_all(bool gzip, const void *in, size_t len, struct str *out)
{
    unsigned char piece[PIECE];
    z_stream z = {.next_in = (Bytef *)in, .avail_in = (uInt)len}; /* zlib does not write to it */
    int bits = gzip ? WINDOW_BITS + GZIP_MARK : WINDOW_BITS, rc;
    if (len > UINT_MAX)
        return false;
    if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, bits, MEMORY_LEVEL,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        mem_exhausted(0);
    do {
        z.next_out = piece;
        z.avail_out = sizeof piece;
        rc = deflate(&z, Z_FINISH);
        str_add_len(out, (const char *)piece, sizeof piece - z.avail_out);
    } while (rc == Z_OK);
    deflateEnd(&z);
    return rc == Z_STREAM_END && !out->full;
}
