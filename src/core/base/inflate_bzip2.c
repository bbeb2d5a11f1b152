/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <bzlib.h>
#include <limits.h>

#include "core/base/inflate_codec.h"
#include "core/base/mem.h"

static void *open_bzip2(enum inflate_kind kind)
{
    bz_stream *s = mem_zero(sizeof *s);
    (void)kind;
    if (BZ2_bzDecompressInit(s, 0, 0) == BZ_OK)
        return s;
    mem_free(s);
    return NULL;
}

static enum inflate_state step(void *state, struct inflate_io *io)
{
    bz_stream *s = state;
    s->next_in = (char *)(uintptr_t)io->in;
    s->avail_in = (unsigned)(io->in_len < UINT_MAX ? io->in_len : UINT_MAX);
    s->next_out = (char *)io->out;
    s->avail_out = (unsigned)io->out_len;
    int rc = BZ2_bzDecompress(s);
    size_t taken = (size_t)((const uint8_t *)s->next_in - io->in);
    io->in += taken;
    io->in_len -= taken;
    io->out = (uint8_t *)s->next_out;
    io->out_len = s->avail_out;
    return rc == BZ_STREAM_END ? INFLATE_DONE : rc == BZ_OK ? INFLATE_MORE : INFLATE_BAD;
}

static void close_bzip2(void *state)
{
    BZ2_bzDecompressEnd(state);
    mem_free(state);
}

const struct inflate_codec inflate_codec_bzip2 = {open_bzip2, step, close_bzip2};
