/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <brotli/decode.h>

#include "core/base/inflate_codec.h"

static void *open_brotli(enum inflate_kind kind)
{
    (void)kind;
    return BrotliDecoderCreateInstance(NULL, NULL, NULL);
}

static enum inflate_state step(void *state, struct inflate_io *io)
{
    BrotliDecoderResult rc =
        BrotliDecoderDecompressStream(state, &io->in_len, &io->in, &io->out_len, &io->out, NULL);
    return rc == BROTLI_DECODER_RESULT_SUCCESS ? INFLATE_DONE
           : rc == BROTLI_DECODER_RESULT_ERROR ? INFLATE_BAD
                                               : INFLATE_MORE;
}

static void close_brotli(void *state)
{
    BrotliDecoderDestroyInstance(state);
}

const struct inflate_codec inflate_codec_brotli = {open_brotli, step, close_brotli};
