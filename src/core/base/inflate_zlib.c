/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <limits.h>
#include <zlib.h>

#include "core/base/inflate_codec.h"
#include "core/base/mem.h"

struct zlib {
    z_stream z;
    bool gzip, between; /* `between`: a member has ended, another may follow */
};

static void *open_zlib(enum inflate_kind kind)
{
    static const int gzip_only = 16;
    struct zlib *s = mem_zero(sizeof *s);
    s->gzip = kind == INFLATE_GZIP;
    int bits = kind == INFLATE_GZIP  ? MAX_WBITS + gzip_only
               : kind == INFLATE_RAW ? -MAX_WBITS
                                     : MAX_WBITS;
    if (inflateInit2(&s->z, bits) == Z_OK)
        return s;
    mem_free(s);
    return NULL;
}

static enum inflate_state step(void *state, struct inflate_io *io)
{
    static const uint8_t gzip_mark = 0x1f;
    struct zlib *s = state;
    if (s->between && io->in_len) {
        if (*io->in != gzip_mark) /* padding behind the last member, as tar leaves it */
            return INFLATE_DONE;
        s->between = false;
        inflateReset(&s->z);
    }
    s->z.next_in = (Bytef *)(uintptr_t)io->in;
    s->z.avail_in = (uInt)(io->in_len < UINT_MAX ? io->in_len : UINT_MAX);
    s->z.next_out = io->out;
    s->z.avail_out = (uInt)io->out_len;
    int rc = s->between ? Z_BUF_ERROR : inflate(&s->z, Z_NO_FLUSH);
    io->in_len -= (size_t)(s->z.next_in - io->in);
    io->in = s->z.next_in;
    io->out_len = s->z.avail_out;
    io->out = s->z.next_out;
    if (rc == Z_STREAM_END) {
        s->between = s->gzip && io->in_len > 0;
        return s->between ? INFLATE_MORE : INFLATE_DONE;
    }
    return rc == Z_OK || rc == Z_BUF_ERROR ? INFLATE_MORE : INFLATE_BAD;
}

static void close_zlib(void *state)
{
    struct zlib *s = state;
    inflateEnd(&s->z);
    mem_free(s);
}

const struct inflate_codec inflate_codec_zlib = {open_zlib, step, close_zlib};
