/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <lzma.h>

#include "core/base/inflate_codec.h"
#include "core/base/mem.h"

/* A header can ask for gigabytes; xz -9 needs 65 MB. */
static const uint64_t memory_max = 80 << 20;

static void *open_lzma(enum inflate_kind kind)
{
    static const lzma_stream empty = LZMA_STREAM_INIT;
    lzma_stream *s = mem_zero(sizeof *s);
    *s = empty;
    lzma_ret rc = kind == INFLATE_LZMA ? lzma_alone_decoder(s, memory_max)
                                       : lzma_stream_decoder(s, memory_max, 0);
    if (rc == LZMA_OK)
        return s;
    mem_free(s);
    return NULL;
}

static enum inflate_state step(void *state, struct inflate_io *io)
{
    lzma_stream *s = state;
    s->next_in = io->in;
    s->avail_in = io->in_len;
    s->next_out = io->out;
    s->avail_out = io->out_len;
    lzma_ret rc = lzma_code(s, LZMA_RUN);
    io->in = s->next_in;
    io->in_len = s->avail_in;
    io->out = s->next_out;
    io->out_len = s->avail_out;
    if (rc == LZMA_STREAM_END)
        return INFLATE_DONE;
    return rc == LZMA_OK || rc == LZMA_BUF_ERROR ? INFLATE_MORE : INFLATE_BAD;
}

static void close_lzma(void *state)
{
    lzma_end(state);
    mem_free(state);
}

const struct inflate_codec inflate_codec_lzma = {open_lzma, step, close_lzma};
